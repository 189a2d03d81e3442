package io.rezpkgcached.client;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.add.VariantAdder;
import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.OurFolder;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.publish.Heartbeat;
import io.rezpkgcached.cache.publish.Publisher;
import io.rezpkgcached.cache.publish.Recovery;
import io.rezpkgcached.cache.publish.Step;
import io.rezpkgcached.cache.python.PythonText;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.CachePolicies;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Caches variants one by one, through the daemon or else here, and says of each what came of it, in rez's words. */
final class AddCommand {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final double MEBIBYTE = 1 << 20;

    private final Session session;
    private final CacheName cache;
    private final CacheLayout layout;
    private final boolean sync;
    private final boolean force;
    private final SharedUse shared;
    private boolean isOver;

    /** @param sync whether to wait for a copy that somebody else is making */
    AddCommand(Session session, CacheName cache, boolean sync, boolean force) {
        this.session = session;
        this.cache = cache;
        this.layout = cache.layout();
        this.shared = new SharedUse(session, layout);
        this.sync = sync;
        this.force = force;
    }

    /**
     * Stops at the first URI that names nothing, and at the first that is refused or whose copy fails, as rez does; what is
     * stalled or finds no room does not stop it.
     */
    int run(List<String> uris) throws SettingsException, IOException, InterruptedException {
        shared.requireAdmin();
        if (force && shared.isShared()) {
            throw new IOException("--force does not go with a shared cache, whose daemon follows rez's rules");
        }
        // What the rules of rez decline the daemon declines, too.
        Optional<DaemonAdder> daemon = force ? Optional.empty() : DaemonAdder.of(session, layout);
        KnownVariants variants = new KnownVariants(session);
        int status = ExitCode.OK;
        try (Heartbeat heartbeat = new Heartbeat()) {
            for (String uri : uris) {
                session.info("Adding variant " + PythonText.repr(uri) + " to package cache at " + cache + ":");
                Optional<Handle> handle = variants.find(uri);
                if (handle.isEmpty()) {
                    session.err().println("No such variant: " + uri);
                    return ExitCode.FAILURE;
                }
                int told = add(handle.get(), daemon, heartbeat);
                if (told == ExitCode.INTERRUPTED || isOver) {
                    return told;
                }
                status = Math.max(status, told);
            }
        } finally {
            if (daemon.isPresent()) {
                daemon.get().close();
            }
        }
        return status;
    }

    private int add(Handle handle, Optional<DaemonAdder> daemon, Heartbeat heartbeat)
            throws SettingsException, IOException, InterruptedException {
        Optional<CachedVariant> present = new VariantLookup(layout, session.time()).find(handle);
        if (present.isPresent() && present.get().status() == Status.CACHED) {
            return tell(new AddOutcome.AlreadyCached(present.get().entry())); // also where nothing may be written
        }
        if (daemon.isPresent() && present.isEmpty()) {
            Optional<Reply.Finished> finished = daemon.get().add(handle);
            if (finished.isPresent() && finished.get().outcome().equals("cancelled")
                    && !shared.isShared()) {
                session.warning(finished.get().reason() + "; copying without it");
                finished = Optional.empty();
            }
            if (finished.isPresent() && !(finished.get().outcome().equals("copying") && sync)) {
                return tell(finished.get());
            }
            if (finished.isEmpty()) {
                shared.requireOwn();
                recover(); // what a killed daemon was copying
            }
        }
        return tell(addHere(handle, heartbeat));
    }

    private void recover() throws IOException, InterruptedException {
        new Recovery(layout, new CacheLock(layout, session::warning), session.time()).run();
    }

    private AddOutcome addHere(Handle handle, Heartbeat heartbeat)
            throws SettingsException, IOException, InterruptedException {
        shared.requireOwn();
        prepare();
        CacheLock lock = new CacheLock(layout, session::warning);
        CachePolicies policies = session.policies();
        Publisher publisher = new Publisher(layout, lock, session.time(), Step.Observer.NONE, policies.areForOthers());
        VariantAdder adder = policies.adder(layout, publisher, heartbeat, session.time());
        return add(handle, force ? adder.forced() : adder);
    }

    private void prepare() throws IOException {
        try {
            OurFolder.prepare(layout);
        } catch (IOException e) {
            throw new IOException("cannot copy into cache " + cache + ": " + Main.reason(e), e);
        }
    }

    private int tell(Reply.Finished finished) throws SettingsException, IOException {
        return switch (finished.outcome()) {
            case "cached" -> {
                finished.more().warnings().forEach(session::warning);
                session.info("Successfully cached to: " + shown(finished));
                yield ExitCode.OK;
            }
            case "already cached" -> {
                session.info("Already exists: " + shown(finished));
                yield ExitCode.OK;
            }
            case "copying" -> {
                session.warning("Another process is currently copying to: " + shown(finished));
                yield ExitCode.OK;
            }
            case "stalled" -> stalled(shown(finished));
            case "deferred", "cancelled" -> later(finished);
            case "declined" -> last(finished.reason());
            default -> last("Not cached - " + finished.reason());
        };
    }

    private int later(Reply.Finished finished) throws SettingsException, IOException {
        Optional<String> full = finished.more().failed() ? Optional.empty() : lacksSpace();
        String kept = "it stays requested" + (finished.more().nextTry().isEmpty()
                ? ""
                : "; the next try is in " + Progress.time(max(Duration.ZERO,
                        Duration.between(session.time().instant(), Instant.parse(finished.more().nextTry())))));
        if (full.isPresent()) {
            session.warning(full.get());
            session.warning("Not cached yet - " + kept);
        } else {
            session.warning("Not cached yet - " + finished.reason() + "; " + kept);
        }
        isOver = finished.more().failed();
        return ExitCode.FAILURE;
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private String shown(Reply.Finished finished) {
        return cache.shown(Path.of(finished.path()));
    }

    private int stalled(String payload) {
        return fail("Not cached - variant is stalled copying to " + payload
                + ": remove it, or clean the cache, and add it again");
    }

    private AddOutcome add(Handle handle, VariantAdder adder)
            throws IOException, InterruptedException {
        CopyMonitor monitor = new CopyMonitor();
        try (BeforeTheEnd _ = BeforeTheEnd.run(monitor::cancel);
                CopyProgress.Following _ = new CopyProgress(session, handle.qualifiedName()).follow(monitor)) {
            boolean recovered = false;
            while (true) {
                AddOutcome outcome = adder.add(handle, false, monitor, _ -> {});
                if (sync && outcome instanceof AddOutcome.Copying) {
                    awaitOther(handle, monitor);
                    if (monitor.isCancelled()) {
                        return new AddOutcome.Cancelled();
                    }
                } else if (outcome instanceof AddOutcome.Stalled && !recovered) {
                    recover(); // perhaps one of ours that was killed: that can be put right
                    recovered = true;
                } else {
                    return outcome;
                }
            }
        }
    }

    private void awaitOther(Handle handle, CopyMonitor monitor) throws IOException, InterruptedException {
        VariantLookup lookup = new VariantLookup(layout, session.time());
        while (!monitor.isCancelled() && lookup.find(handle).map(CachedVariant::status).equals(
                Optional.of(Status.COPYING))) {
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private int tell(AddOutcome outcome) throws SettingsException, IOException {
        return switch (outcome) {
            case AddOutcome.Cached cached -> {
                cached.warnings().forEach(session::warning);
                session.info("Successfully cached to: " + cache.shown(cached.entry().payload()));
                yield ExitCode.OK;
            }
            case AddOutcome.AlreadyCached cached -> {
                session.info("Already exists: " + cache.shown(cached.entry().payload()));
                yield ExitCode.OK;
            }
            case AddOutcome.Copying copying -> {
                session.warning("Another process is currently copying to: " + cache.shown(copying.entry().payload()));
                yield ExitCode.OK;
            }
            case AddOutcome.Stalled stalled -> stalled(cache.shown(stalled.entry().payload()));
            case AddOutcome.Declined declined -> last(declined.reason());
            case AddOutcome.Refused refused -> last("Not cached - " + refused.reason());
            case AddOutcome.Failed failed -> last("Not cached - " + failed.reason());
            case AddOutcome.GivenUp failed -> last("Not cached - " + failed.reason());
            case AddOutcome.NotNow later -> {
                session.warning(lacksSpace().orElse("Not cached - " + later.reason()));
                yield ExitCode.FAILURE;
            }
            case AddOutcome.Cancelled _ -> {
                session.warning("Not cached - interrupted; nothing of the copy is left");
                yield ExitCode.INTERRUPTED;
            }
        };
    }

    /** The same, where rez ends. */
    private int last(String reason) {
        isOver = true;
        return fail(reason);
    }

    /** The name of the exception is what rez prints before such a message. */
    private int fail(String reason) {
        session.error("PackageCacheError: " + reason);
        return ExitCode.FAILURE;
    }

    private Optional<String> lacksSpace() throws SettingsException, IOException {
        double free = Files.getFileStore(layout.root()).getUsableSpace() / MEBIBYTE;
        double buffer = session.settings().cache().spaceBuffer() / MEBIBYTE;
        return free >= buffer
                ? Optional.empty()
                : Optional.of(String.format(Locale.ROOT,
                        "Cache no longer accepting new variant due to size limit.\n"
                                + "Remaining cache free space: %.2fMB is near "
                                + "configured buffer %.2fMB (config.package_cache_space_buffer).",
                        free, buffer));
    }
}
