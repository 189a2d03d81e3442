package io.rezpkgcached.daemon;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A daemon in this process, on a thread of its own; stopped when it is closed. */
final class InProcess implements AutoCloseable {
    private final CacheDaemon daemon;
    private final CompletableFuture<Void> ended;

    private InProcess(CacheDaemon daemon) {
        this.daemon = daemon;
        this.ended = CompletableFuture.runAsync(() -> {
            try {
                daemon.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }, task -> Thread.ofPlatform().name("loop").start(task));
    }

    static InProcess start(Lab lab) throws Exception {
        return new InProcess(CacheDaemon.open(lab.cache(), lab.settings(), CacheDaemon.Manner.of(false),
                Condition.unsupervised(), Optional.empty()));
    }

    @Override
    public void close() {
        try {
            daemon.stop(Duration.ofSeconds(10));
            ended.get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
        daemon.close();
    }
}
