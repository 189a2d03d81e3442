package io.rezpkgcached.cache.lock;

import io.rezpkgcached.cache.layout.CacheLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What other processes do with a lock. Each takes the cache for its first argument. */
final class Programs {
    private Programs() {}

    private static CacheLock lock(String cache) throws IOException {
        return new CacheLock(CacheLayout.of(Path.of(cache)), System.out::println);
    }

    /** One more in a counter, such that two who do it at once count once. */
    static void count(Path counter) throws IOException {
        int value = Integer.parseInt(Files.readString(counter).strip());
        Files.writeString(counter, value + 1 + "\n");
    }

    /** Counts under the lock, as often as the third argument says, in two threads. */
    static final class Hammer {
        private Hammer() {}

        public static void main(String[] words) throws Exception {
            CacheLock lock = lock(words[0]);
            Runnable work = () -> {
                try {
                    for (int i = 0; i < Integer.parseInt(words[2]) / 2; i++) {
                        try (CacheLock.Held _ = lock.acquire()) {
                            count(Path.of(words[1]));
                        }
                    }
                } catch (IOException | InterruptedException e) {
                    System.out.println(e);
                }
            };
            Thread second = new Thread(work, "second");
            second.start();
            work.run();
            second.join();
        }
    }

    /** Holds the lock until its input ends. */
    static final class Hold {
        private Hold() {}

        public static void main(String[] words) throws Exception {
            try (CacheLock.Held _ = lock(words[0]).acquire()) {
                System.out.println("held");
                System.in.transferTo(System.out);
            }
        }
    }

    /** Once a line is read takes the lock, counts and releases; says whom it took it from. */
    static final class Take {
        private Take() {}

        public static void main(String[] words) throws Exception {
            System.out.println("ready");
            System.in.read();
            try (CacheLock.Held _ = lock(words[0]).acquire()) {
                count(Path.of(words[1]));
            }
        }
    }

    /** Tries to take the lock for a second; prints what came of it. */
    static final class Try {
        private Try() {}

        public static void main(String[] words) throws Exception {
            CacheLock lock = new CacheLock(CacheLayout.of(Path.of(words[0])), Duration.ofSeconds(1),
                    _ -> System.out.println("broken"));
            try (CacheLock.Held _ = lock.acquire()) {
                System.out.println("held");
            } catch (LockTimeoutException _) {
                System.out.println("timeout");
            }
        }
    }
}
