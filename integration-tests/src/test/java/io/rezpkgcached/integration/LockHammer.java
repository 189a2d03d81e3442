package io.rezpkgcached.integration;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.lock.LockTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that takes the lock of a cache as fast as it can, until there is a file of a name; then prints how often. */
final class LockHammer {
    private static final int HELD_MILLIS = 1;
    private static final int PAUSE_MILLIS = 5;

    private LockHammer() {}

    public static void main(String[] words) throws Exception {
        CacheLock lock = new CacheLock(CacheLayout.of(Path.of(words[0])), System.err::println);
        Path stop = Path.of(words[1]);
        int taken = 0;
        while (!Files.exists(stop)) {
            try (CacheLock.Held _ = lock.acquire()) {
                taken++;
                Thread.sleep(HELD_MILLIS);
            } catch (LockTimeoutException e) {
                System.err.println(e.getMessage());
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        System.out.println(taken);
    }
}
