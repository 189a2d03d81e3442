package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.aside.AsideRequests;
import io.rezpkgcached.cache.clean.Cleaner;
import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.lock.LockTimeoutException;
import io.rezpkgcached.cache.removal.VariantRemover;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.ControlServer;
import io.rezpkgcached.control.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Answers what clients ask, on their threads; what touches requests is done by the loop. */
final class Control implements ControlServer.Handler {
    private static final Duration CLEAN_AGAIN = Duration.ofMillis(100);

    private final CacheLayout layout;
    private final CacheLock lock;
    private final Loop loop;
    private final Supplier<Optional<Duration>> unusedFor;
    private final Instant since;
    private final InstantSource time;
    private final Audience audience;
    private final RezLog log;

    /** @param unusedFor see {@link Cleaner#clean} */
    Control(CacheLayout layout, CacheLock lock, Loop loop, Supplier<Optional<Duration>> unusedFor, Instant since,
            InstantSource time, Audience audience, RezLog log) {
        this.layout = layout;
        this.lock = lock;
        this.loop = loop;
        this.unusedFor = unusedFor;
        this.since = since;
        this.time = time;
        this.audience = audience;
        this.log = log;
    }

    @Override
    public Reply answer(ControlRequest asked, ControlServer.Lines lines)
            throws IOException, InterruptedException {
        try {
            return switch (asked) {
                case ControlRequest.Status _ -> status();
                case ControlRequest.Watch _ ->
                    throw new IllegalStateException("the server answers it");
                case ControlRequest.Clean _ -> clean(lines);
                case ControlRequest.Remove remove -> remove(remove.handle());
                case ControlRequest.Retry retry -> retry(retry.handle());
                case ControlRequest.Discard discard -> discard(discard.handle());
            };
        } catch (LockTimeoutException e) {
            return new Reply.Refusal("busy", e.getMessage());
        } catch (Loop.BusyException e) {
            return new Reply.Refusal("busy", e.getMessage());
        }
    }

    private Reply status() throws IOException, InterruptedException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("pid", ProcessHandle.current().pid());
        fields.put("version", Version.text());
        fields.put("since", since.toString());
        fields.put("cache", layout.root().toString());
        fields.put("free_bytes", Files.getFileStore(layout.root()).getUsableSpace());
        fields.put("failed", (long) CacheWalk.children(layout.failed()).size());
        fields.putAll(loop.call(loop::status));
        return new Reply.Status(fields);
    }

    /** What is known of a copy under way. */
    static Map<String, Object> copy(Job job) {
        CopyMonitor monitor = job.monitor();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("handle", job.handle().toTree());
        fields.put("bytes", monitor.bytesDone());
        fields.put("total_bytes", monitor.totalBytes());
        fields.put("files", monitor.filesDone());
        fields.put("total_files", monitor.totalFiles());
        return fields;
    }

    private Reply clean(ControlServer.Lines lines) throws IOException, InterruptedException {
        while (!loop.call(loop::claimCleaning)) {
            Thread.sleep(CLEAN_AGAIN);
        }
        try {
            new Cleaner(layout, lock, time, event -> {
                log.clean(event);
                audience.cleaned(event);
                try {
                    lines.send(new Reply.Cleaned(event.isWarning(), event.message()));
                } catch (IOException _) {
                    // whoever asked has gone; what he asked for is done all the same
                }
            }).clean(unusedFor.get(), Optional.empty());
            return new Reply.Done("");
        } finally {
            loop.post(new Event.Cleaned(true));
        }
    }

    private Reply remove(Handle handle) throws IOException, InterruptedException {
        VariantRemover.Outcome outcome = new VariantRemover(layout, lock, time).remove(handle);
        return new Reply.Done(outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }

    private Reply retry(Optional<Handle> handle) throws IOException, InterruptedException {
        Set<Handle> again = aside().retry(handle);
        List<Handle> sooner = loop.call(() -> loop.makeDue(handle));
        again.addAll(sooner);
        return new Reply.Done(Integer.toString(again.size()));
    }

    private Reply discard(Optional<Handle> handle) throws IOException, InterruptedException {
        int discarded = aside().discard(handle) + loop.call(() -> loop.discard(handle));
        return new Reply.Done(Integer.toString(discarded));
    }

    private AsideRequests aside() {
        return new AsideRequests(layout, lock, time);
    }
}
