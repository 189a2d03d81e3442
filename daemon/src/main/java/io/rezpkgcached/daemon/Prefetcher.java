package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.resolve.Payloads;
import io.rezpkgcached.resolve.ResolveCache;
import io.rezpkgcached.resolve.Verdict;
import io.rezpkgcached.resolve.key.RequestFactory;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.key.UnprintableException;
import io.rezpkgcached.settings.PrefetchRequest;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Looks from time to time for the resolves of what is to be in the cache before anyone asks, and requests what they need. On a thread
 * of its own: a repository that does not answer holds up nothing else. What it finds it says when it is another than the last time.
 */
final class Prefetcher implements AutoCloseable {
    /** How soon to look again where memcached did not answer, or the loop was busy. */
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Requests that the loop takes in one turn. */
    private static final int BATCH = 100;

    private final Loop loop;
    private final VariantLookup lookup;
    private final RezLog log;
    private final Semaphore changed = new Semaphore(0);
    private final Map<PrefetchRequest, Seen> seen = new HashMap<>();
    private final Set<Handle> tried = new HashSet<>();
    private volatile Settings settings;
    private volatile boolean closed;
    private Optional<Open> open = Optional.empty();
    private String problem = "";

    /** The resolve cache, and by which settings it was opened. */
    private record Open(ResolveCacheSettings settings, ResolveCache cache) {}

    /** What the last look found for one request. */
    private sealed interface Seen {
        record Variants(List<Handle> own) implements Seen {}

        record Nothing(String why) implements Seen {}
    }

    Prefetcher(CacheLayout layout, Loop loop, Settings settings, InstantSource time, RezLog log) {
        this.loop = loop;
        this.lookup = new VariantLookup(layout, time);
        this.settings = settings;
        this.log = log;
    }

    void start() {
        Thread.ofPlatform().name("prefetch").daemon().start(this::run);
    }

    /** Goes on by other settings, at once; from any thread. */
    void change(Settings from) {
        settings = from;
        changed.release();
    }

    private void run() {
        Settings by = settings;
        try {
            while (!closed) {
                Settings now = settings;
                if (!now.equals(by)) { // what was declined may not be any more
                    seen.clear();
                    tried.clear();
                }
                by = now;
                Optional<Duration> pause = look(now);
                boolean _ = pause.isPresent()
                        ? changed.tryAcquire(pause.get().toMillis(), TimeUnit.MILLISECONDS)
                        : acquire();
                int _ = changed.drainPermits();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            open.ifPresent(was -> was.cache().close());
        }
    }

    private boolean acquire() throws InterruptedException {
        changed.acquire();
        return true;
    }

    /** One look; returns when to look again, empty if that takes other settings. */
    private Optional<Duration> look(Settings by) throws InterruptedException {
        List<PrefetchRequest> requests = by.prefetch().requests();
        try {
            if (!isOpen(by)) {
                return Optional.empty();
            }
            boolean answered = true;
            for (PrefetchRequest request : requests) {
                answered &= look(request, by);
            }
            problem = "";
            return Optional.of(answered ? by.prefetch().interval() : soon(by));
        } catch (IOException e) {
            if (!problem.equals(e.toString())) {
                log.warn("What is to be prefetched cannot be requested now: " + e);
            }
            problem = e.toString();
        } catch (RuntimeException e) {
            log.bug("A bug while looking for what is to be prefetched; the daemon goes on", e);
        }
        return Optional.of(soon(by));
    }

    private static Duration soon(Settings by) {
        Duration interval = by.prefetch().interval();
        return interval.compareTo(SOON) < 0 ? interval : SOON;
    }

    /** One connection is kept, and with it the knowledge of which server is silent: it is said once. */
    private boolean isOpen(Settings by) {
        Optional<ResolveCacheSettings> wanted = by.prefetch().requests().isEmpty()
                ? Optional.empty()
                : by.prefetch().resolves().map(ResolveCacheSettings::patient);
        if (open.map(Open::settings).equals(wanted)) {
            return open.isPresent();
        }
        open.ifPresent(was -> was.cache().close());
        open = Optional.empty();
        if (wanted.isEmpty()) {
            return false;
        }
        try {
            open = ResolveCache.open(wanted.get(), log::warn).map(cache -> new Open(wanted.get(), cache));
            if (open.isEmpty()) {
                log.warn("Nothing is prefetched: the resolve cache is off (" + wanted.get().whyOff()
                        + "), where prefetch_requests are looked up");
            }
        } catch (IllegalArgumentException e) {
            log.warn("Nothing is prefetched: " + e.getMessage());
        }
        return open.isPresent();
    }

    /** Looks for one; false if memcached did not answer, which it has said itself. */
    private boolean look(PrefetchRequest wanted, Settings by) throws IOException, InterruptedException {
        ResolveRequest request;
        try {
            request = request(wanted, by);
        } catch (UnprintableException e) {
            nothing(wanted, e.getMessage());
            return true;
        }
        Verdict verdict = open.orElseThrow().cache().lookup(request, false);
        switch (verdict) {
            case Verdict.Hit hit -> found(wanted, Payloads.of(hit.resolve(), request));
            case Verdict.Stale _ -> nothing(wanted, verdict.word() + ": " + verdict.reason());
            case Verdict.Miss miss -> {
                if (!miss.answered()) {
                    return false;
                }
                nothing(wanted, verdict.word() + ": " + verdict.reason());
            }
        }
        return true;
    }

    private static ResolveRequest request(PrefetchRequest wanted, Settings by) throws UnprintableException {
        ResolveCacheSettings resolves = by.prefetch().resolves().orElseThrow();
        RequestFactory factory = wanted.paths().isPresent()
                ? new RequestFactory(resolves, RequestFactory.folders(wanted.paths().get(), Path.of("/")))
                : new RequestFactory(resolves, by.packages());
        return factory.of(wanted.words(), true, false, OptionalLong.empty());
    }

    private void nothing(PrefetchRequest wanted, String why) {
        Seen now = new Seen.Nothing(why);
        if (!now.equals(seen.put(wanted, now))) {
            log.prefetch(wanted.text(), true, why);
        }
    }

    /** What was requested once, and is not in the cache, was declined, refused or still waits: it is not requested each time. */
    private void found(PrefetchRequest wanted, Payloads payloads) throws IOException, InterruptedException {
        Seen now = new Seen.Variants(payloads.own());
        boolean isNew = !now.equals(seen.get(wanted));
        if (isNew) {
            payloads.own().forEach(tried::remove);
        }
        List<Handle> missing = new ArrayList<>();
        for (Handle handle : payloads.own()) {
            if (lookup.find(handle).isPresent()) {
                tried.remove(handle);
            } else if (!tried.contains(handle)) {
                missing.add(handle);
            }
        }
        int requested = 0;
        for (int i = 0; i < missing.size(); i += BATCH) {
            List<Handle> batch = missing.subList(i, Math.min(i + BATCH, missing.size()));
            if (loop.call(
                    () -> loop.prefetch(batch, Posix.geteuid())) instanceof SpoolState.Prefetched.Taken taken) {
                requested += taken.requested().size();
                tried.addAll(batch);
            }
        }
        seen.put(wanted, now);
        if (isNew || requested > 0) {
            log.prefetch(wanted.text(), false,
                    payloads.own().size() + " variants, of which " + requested + " are requested now");
        }
        if (isNew && !payloads.foreign().isEmpty()) {
            log.prefetch(wanted.text(), true, payloads.foreign().size() + " variants lie in none of the repositories"
                    + " that were searched, as " + payloads.foreign().getFirst().location() + ", so no solver chose"
                    + " them; see who can write to memcached");
        }
    }

    @Override
    public void close() {
        closed = true;
        changed.release();
    }
}
