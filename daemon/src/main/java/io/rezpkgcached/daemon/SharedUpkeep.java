package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.cache.shared.IndexGuard;
import io.rezpkgcached.cache.shared.SharedCache;
import io.rezpkgcached.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps a shared cache as it should be while its daemon serves it, on threads of their own: modes, index files, and the size of log files.
 * What goes wrong is said once.
 */
final class SharedUpkeep implements AutoCloseable {
    /** How often modes are looked at. */
    private static final Duration MEND_EVERY = Duration.ofSeconds(30);

    /** How often the sizes of log files that everyone may write to are looked at. */
    private static final Duration LOGS_EVERY = Duration.ofSeconds(1);

    private final CacheLayout layout;
    private final SharedCache cache;
    private final IndexGuard indexes;
    private final Supplier<Settings> settings;
    private final RezLog log;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @param settings those that are in effect */
    SharedUpkeep(CacheLayout layout, CacheLock lock, InstantSource time, Supplier<Settings> settings, RezLog log)
            throws IOException {
        this.layout = layout;
        this.cache = new SharedCache(layout, time);
        this.indexes = new IndexGuard(layout, lock, time, log::warn, this::warnOnce);
        this.settings = settings;
        this.log = log;
    }

    IndexGuard indexes() {
        return indexes;
    }

    /** Goes on with what another one knew of this cache, whose records were deleted; before it starts. */
    void takeOver(SharedUpkeep former) {
        int known = indexes.take(former.indexes);
        log.warn("What was recorded of " + known
                + " variants is gone with it: they stay cached, and their index files are"
                + " watched until this daemon ends");
    }

    void start() throws IOException {
        if (!settings.get().evaluator().command().isEmpty()) {
            log.warn("The setting evaluator is not used: nobody's code is run for a shared cache");
        }
        indexes.start();
        untilTheEnd("modes", MEND_EVERY, this::mend);
        untilTheEnd("logs", LOGS_EVERY, this::limitLogs);
    }

    private void untilTheEnd(String name, Duration pause, Runnable work) {
        Thread.ofPlatform().name(name).daemon().start(() -> {
            try {
                while (!ended.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    work.run();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void mend() {
        try {
            for (String mended : cache.mend()) {
                if (said.add(mended)) {
                    log.warn(mended);
                }
            }
        } catch (IOException e) {
            warnOnce(e);
        }
    }

    private void limitLogs() {
        OptionalLong most = settings.get().sharing().maxLogBytes();
        if (most.isEmpty()) {
            return;
        }
        try {
            for (Path file : new LogFolder(layout.log()).emptyLargerThan(most.getAsLong())) {
                String message = "The log " + file + " had more than " + most.getAsLong()
                        + " bytes (max_log_bytes) and was emptied: everyone may write to it";
                if (said.add(message)) {
                    log.warn(message);
                }
            }
        } catch (IOException e) {
            warnOnce(e);
        }
    }

    private void warnOnce(IOException e) {
        if (said.add(e.toString())) {
            log.warn("Not all of the shared cache is as it should be: " + e);
        }
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            indexes.close();
        } catch (IOException _) {
            // nothing more is looked at, as it should be
        }
    }
}
