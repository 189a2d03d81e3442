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
import io.rezpkgcached.settings.CachePolicies;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Caches variants one by one, in this process, and says of each what came of it, in rez's words. */
final class AddCommand {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final double MEBIBYTE = 1 << 20;

    private final Session session;
    private final CacheLayout layout;
    private final boolean sync;
    private final boolean force;

    /** @param sync whether to wait for a copy that somebody else is making */
    AddCommand(Session session, CacheLayout layout, boolean sync, boolean force) {
        this.session = session;
        this.layout = layout;
        this.sync = sync;
        this.force = force;
    }

    /** Stops at the first URI that names nothing, and at the first refusal, as rez does. */
    int run(List<String> uris) throws SettingsException, IOException, InterruptedException {
        OurFolder.prepare(layout);
        CacheLock lock = new CacheLock(layout, session::warning);
        CachePolicies policies = session.policies();
        KnownVariants variants = new KnownVariants(session);
        int status = ExitCode.OK;
        try (Heartbeat heartbeat = new Heartbeat()) {
            Publisher publisher = new Publisher(layout, lock, session.time(), Step.Observer.NONE,
                    policies.areForOthers());
            VariantAdder adder = policies.adder(layout, publisher, heartbeat, session.time());
            for (String uri : uris) {
                session.info("Adding variant " + PythonText.repr(uri) + " to package cache at " + layout + ":");
                Optional<Handle> handle = variants.find(uri);
                if (handle.isEmpty()) {
                    session.err().println("No such variant: " + uri);
                    return ExitCode.FAILURE;
                }
                AddOutcome outcome = add(handle.get(), force ? adder.forced() : adder, lock);
                int told = tell(outcome);
                if (outcome instanceof AddOutcome.Declined || outcome instanceof AddOutcome.Cancelled) {
                    return told;
                }
                status = Math.max(status, told);
            }
        }
        return status;
    }

    private AddOutcome add(Handle handle, VariantAdder adder, CacheLock lock)
            throws IOException, InterruptedException {
        CopyMonitor monitor = new CopyMonitor();
        try (BeforeTheEnd _ = BeforeTheEnd.run(monitor::cancel)) {
            AddOutcome outcome = adder.add(handle, false, monitor, _ -> {});
            if (outcome instanceof AddOutcome.Stalled) {
                // perhaps one of ours that was killed: that can be put right
                new Recovery(layout, lock, session.time()).run();
                outcome = adder.add(handle, false, monitor, _ -> {});
            }
            while (sync && outcome instanceof AddOutcome.Copying) {
                awaitOther(handle, monitor);
                outcome = monitor.isCancelled()
                        ? new AddOutcome.Cancelled()
                        : adder.add(handle, false, monitor, _ -> {});
            }
            return outcome;
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
                session.info("Successfully cached to: " + cached.entry().payload());
                yield ExitCode.OK;
            }
            case AddOutcome.AlreadyCached cached -> {
                session.info("Already exists: " + cached.entry().payload());
                yield ExitCode.OK;
            }
            case AddOutcome.Copying copying -> {
                session.warning("Another process is currently copying to: " + copying.entry().payload());
                yield ExitCode.OK;
            }
            case AddOutcome.Stalled stalled -> fail("Not cached - variant is stalled copying to "
                    + stalled.entry().payload() + ": remove it, or clean the cache, and add it again");
            case AddOutcome.Declined declined -> fail(declined.reason());
            case AddOutcome.Refused refused -> fail("Not cached - " + refused.reason());
            case AddOutcome.Failed failed -> fail("Not cached - " + failed.reason());
            case AddOutcome.GivenUp failed -> fail("Not cached - " + failed.reason());
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
