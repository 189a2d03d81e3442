package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import io.rezpkgcached.cache.posix.Flock;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.control.SilentDaemonException;
import io.rezpkgcached.control.UnreachableDaemonException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a daemon serves a cache and is well: {@link #ask} waits for its answer, {@link #look} asks from time to time beside
 * something else and never waits. The daemon's lock is believed, which the kernel takes from it however it ends: one that was
 * killed leaves its file.
 */
final class DaemonCheck implements AutoCloseable {
    private static final Duration ASK_AGAIN = Duration.ofSeconds(5);

    private final CacheLayout layout;
    private Optional<ControlClient> asked = Optional.empty();
    private Duration askedAt = ASK_AGAIN.negated();

    /** What is known of it. */
    sealed interface Found {
        /** It answered. */
        record Well(Reply.Status status) implements Found {}

        /**
         * It holds the cache, and has no answer.
         *
         * @param reason goes on "a daemon serves the cache, but"
         */
        record Mute(Optional<Long> pid, String reason) implements Found {}

        /** Nobody holds the cache. */
        record None() implements Found {}
    }

    DaemonCheck(CacheLayout layout) {
        this.layout = layout;
    }

    /**
     * Asks it, and waits for the answer.
     *
     * @throws IOException if it may not be looked for
     */
    static Found ask(CacheLayout layout) throws IOException, InterruptedException {
        String reason = "it does not listen (yet)";
        try {
            Optional<ControlClient> reached = ControlClient.reach(layout, new ControlRequest.Status());
            if (reached.isPresent()) {
                Reply reply = answer(reached.get());
                if (reply instanceof Reply.Status status) {
                    return new Found.Well(status);
                }
                reason = reply instanceof Reply.Refusal refusal ? "it refuses: " + refusal.message() : "it stops";
            }
        } catch (IOException e) {
            reason = e.getMessage();
        }
        return isServed(layout) ? new Found.Mute(pid(layout), reason) : new Found.None();
    }

    private static Reply answer(ControlClient reached) throws IOException, InterruptedException {
        try (reached) {
            Reply reply = reached.next(DaemonAdder.SILENCE);
            while (reply instanceof Reply.Alive) {
                reply = reached.next(DaemonAdder.SILENCE);
            }
            return reply;
        }
    }

    /** Whether a daemon holds the cache. In a shared one its lock cannot be asked: there its process is looked for. */
    static boolean isServed(CacheLayout layout) throws IOException {
        try {
            return Flock.isHeld(layout.daemonLock());
        } catch (AccessDeniedException _) {
            Optional<Long> pid = pid(layout);
            return pid.isPresent() && Files.exists(Path.of("/proc", pid.get().toString()));
        }
    }

    /** Which process says that it serves the cache. */
    static Optional<Long> pid(CacheLayout layout) throws IOException {
        Optional<Map<String, Object>> file = StateFile.read(layout.daemonFile());
        return file.isPresent() && file.get().get("pid") instanceof Long pid ? Optional.of(pid) : Optional.empty();
    }

    /** The same in words. */
    static String describe(CacheLayout layout) throws IOException {
        return "the daemon" + pid(layout).map(pid -> " (pid " + pid + ")").orElse("") + " of " + layout;
    }

    /**
     * What is wrong with it; empty while it is well, or that is not known yet.
     *
     * @param passed since some moment; never less than at the last look
     */
    Optional<String> look(Duration passed) throws IOException, InterruptedException {
        return asked.isPresent() ? hear(asked.get(), passed) : ask(passed);
    }

    private Optional<String> ask(Duration passed) throws IOException {
        if (passed.minus(askedAt).compareTo(ASK_AGAIN) < 0) {
            return Optional.empty();
        }
        askedAt = passed;
        if (!isServed(layout)) {
            return Optional.of("no daemon serves " + layout + ": rez-pkg-cache --daemon starts one");
        }
        try {
            asked = ControlClient.reach(layout, new ControlRequest.Status());
        } catch (UnreachableDaemonException _) {
            // another user's serves our requests all the same
        }
        return Optional.empty();
    }

    private Optional<String> hear(ControlClient client, Duration passed) throws IOException, InterruptedException {
        try {
            client.next(Duration.ZERO);
        } catch (SilentDaemonException _) {
            Duration silence = passed.minus(askedAt);
            if (silence.compareTo(DaemonAdder.SILENCE) < 0) {
                return Optional.empty();
            }
            close();
            return Optional.of(describe(layout) + " has not answered for " + silence.toSeconds()
                    + " s: it is stopped, or hangs");
        } catch (IOException _) {
            // it has just ended: the next look finds that
        }
        close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        if (asked.isPresent()) {
            asked.get().close();
            asked = Optional.empty();
        }
    }
}
