package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.testing.Unprivileged;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.control.SilentDaemonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients can ask of a daemon that runs as a process of its own. */
final class ControlDaemonTest {
    private static final int SLOW = 2_000_000;

    @TempDir
    private Path folder;

    private static List<Reply> ask(Lab lab, ControlRequest request) throws Exception {
        List<Reply> replies = new ArrayList<>();
        try (ControlClient client = ControlClient.ask(lab.layout(), request).orElseThrow()) {
            do {
                replies.add(client.next(Await.LONG));
            } while (!replies.getLast().isLast() && !(replies.getLast() instanceof Reply.Status));
        }
        replies.removeIf(Reply.Alive.class::isInstance);
        return replies;
    }

    private static Map<String, Object> status(Lab lab) throws Exception {
        return assertInstanceOf(Reply.Status.class, ask(lab, new ControlRequest.Status()).getFirst()).fields();
    }

    private static Reply next(ControlClient client, Class<? extends Reply> kind) throws Exception {
        while (true) {
            Reply reply = client.next(Await.LONG);
            if (kind.isInstance(reply)) {
                return reply;
            }
        }
    }

    @Test
    void watch_slowCopy_tellsHowFarItIsUntilItIsDone() throws Exception {
        // longer than a socket's path may be
        Path deep = Files.createDirectories(folder.toRealPath().resolve("x".repeat(60)).resolve("y".repeat(60)));
        Lab lab = Lab.in(deep, "copy_bytes_per_second = " + SLOW);
        Handle handle = lab.install("foo", 40, 100_000);
        try (Child daemon = lab.start().awaitStart();
                ControlClient client = ControlClient.ask(lab.layout(), new ControlRequest.Watch()).orElseThrow()) {
            assertEquals(new Reply.Watching(), client.next(Await.LONG));
            lab.request(handle);
            assertEquals(new Reply.Started(handle, lab.payload("foo") + "/package.py[]"),
                    next(client, Reply.Started.class));
            Await.until("half is copied", Await.LONG, lab::log, () -> {
                Reply.Progress progress = (Reply.Progress) next(client, Reply.Progress.class);
                assertEquals(handle, progress.handle());
                assertTrue(progress.bytes() <= progress.totalBytes() && progress.files() <= progress.totalFiles(),
                        progress::toString);
                return progress.bytes() > 40 * 100_000 / 2;
            });
            Map<String, Object> status = status(lab);
            assertEquals(List.of(1L, 0L, 0L, daemon.pid(), lab.cache().toString(), List.of()),
                    List.of(status.get("running"), status.get("waiting"), status.get("deferred"), status.get("pid"),
                            status.get("cache"), status.get("problems")));
            Map<?, ?> copy = (Map<?, ?>) ((List<?>) status.get("copies")).getFirst();
            assertEquals(handle.toTree(), copy.get("handle"));
            assertTrue((Long) copy.get("total_bytes") > 40 * 100_000, copy::toString);
            Reply.Finished finished = (Reply.Finished) next(client, Reply.Finished.class);
            assertTrue(finished.more().seconds() > 1, finished::toString);
            assertEquals(
                    new Reply.Finished(handle, "cached", lab.find(handle).orElseThrow().entry().payload().toString(),
                            "", new Reply.More(List.of(), finished.more().seconds(), false, "")),
                    finished);
            assertTrue(lab.isCached(handle));
            assertEquals(Set.of(), Lab.names(lab.layout().pending()), "the files tell the same");
            daemon.stop();
            assertEquals(new Reply.Stopping(), next(client, Reply.Stopping.class));
        }
        assertEquals(Optional.empty(), ControlClient.ask(lab.layout(), new ControlRequest.Status()));
    }

    @Test
    void cleanAndRemove_doWhatRezsCommandsDo() throws Exception {
        Lab lab = Lab.in(folder);
        Handle foo = lab.install("foo", 2, 10);
        Handle bar = lab.install("bar", 2, 10);
        try (Child daemon = lab.start().awaitStart()) {
            assertEquals(List.of(new Reply.Done("not found")), ask(lab, new ControlRequest.Remove(foo)));
            lab.request(foo);
            lab.request(bar);
            lab.assertCachedAndTidy(List.of(foo, bar));
            assertEquals(List.of(new Reply.Done("removed")), ask(lab, new ControlRequest.Remove(foo)));
            assertEquals(Optional.empty(), lab.find(foo));
            Files.setLastModifiedTime(lab.find(bar).orElseThrow().entry().index(),
                    FileTime.from(Instant.now().minus(Duration.ofDays(31))));
            ControlClient watcher = ControlClient.ask(lab.layout(), new ControlRequest.Watch()).orElseThrow();
            assertEquals(new Reply.Watching(), watcher.next(Await.LONG));
            List<Reply> replies = ask(lab, new ControlRequest.Clean());
            assertTrue(replies.contains(new Reply.Cleaned(false,
                    "Removed unused variant " + lab.payload("bar") + "/package.py[] from cache")), replies::toString);
            assertEquals(new Reply.Done(""), replies.getLast());
            assertEquals(replies.getFirst(), next(watcher, Reply.Cleaned.class));
            watcher.close();
            assertEquals(Optional.empty(), lab.find(bar));
            assertEquals(Set.of(), Lab.names(lab.layout().toDelete()));
            daemon.stop();
        }
    }

    @Test
    void retryAndDiscard_ofWhatFailedOrWasRefused() throws Exception {
        Lab lab = Lab.in(folder, "retry_pause = 100 s", "retry_pause_max = 100 s", "max_tries = 1");
        Handle fails = lab.install("fails", 2, 10);
        Path fifo = lab.payload("fails").resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        try (Child daemon = lab.start().awaitStart()) {
            lab.request(fails);
            lab.request("hello-1.json", "hello");
            lab.awaitLog("Failed to cache variant fails-1.0");
            lab.awaitLog("Refused request hello-1.json");
            assertEquals(Optional.of(Status.STALLED), lab.find(fails).map(CachedVariant::status));
            Files.delete(fifo);
            assertEquals(List.of(new Reply.Done("1")), ask(lab, new ControlRequest.Retry(Optional.of(fails))));
            Await.until("it is cached", () -> lab.isCached(fails));
            assertEquals(1, Lab.names(lab.layout().refused()).size());
            assertEquals(List.of(new Reply.Done("0")), ask(lab, new ControlRequest.Retry(Optional.empty())));
            assertEquals(List.of(new Reply.Done("1")), ask(lab, new ControlRequest.Discard(Optional.empty())));
            assertEquals(Set.of(), Lab.names(lab.layout().refused()));
            daemon.stop();
        }
    }

    @Test
    void retry_requestThatWaits_isTriedAtOnce_discardTakesItAway() throws Exception {
        Lab lab = Lab.in(folder, "retry_pause = 100 s", "retry_pause_max = 100 s");
        Handle handle = lab.install("foo", 2, 10);
        Path away = lab.root().resolve("away");
        Files.move(lab.repository(), away);
        lab.request(handle);
        try (Child daemon = lab.start().awaitStart()) {
            lab.awaitLog("Deferred caching of variant foo-1.0");
            assertEquals(List.of(new Reply.Done("1")), ask(lab, new ControlRequest.Discard(Optional.of(handle))));
            assertEquals(Set.of(), Lab.names(lab.layout().pending()));
            assertEquals(Set.of(), Lab.names(lab.layout().deferred()));
            lab.request(handle);
            Await.until("it waits again", () -> status(lab).get("deferred").equals(1L));
            Files.move(away, lab.repository());
            assertEquals(List.of(new Reply.Done("1")), ask(lab, new ControlRequest.Retry(Optional.of(handle))));
            Await.until("it is cached", () -> lab.isCached(handle));
            daemon.stop();
        }
    }

    @Test
    void daemonThatIsStopped_isSilent_andTellsItsWatchersTheEndWhenItGoesOn() throws Exception {
        Lab lab = Lab.in(folder);
        try (Child daemon = lab.start().awaitStart();
                ControlClient watcher = ControlClient.ask(lab.layout(), new ControlRequest.Watch()).orElseThrow()) {
            assertEquals(new Reply.Watching(), watcher.next(Await.LONG));
            signal("STOP", daemon);
            try (ControlClient client = ControlClient.ask(lab.layout(), new ControlRequest.Status()).orElseThrow()) {
                assertThrows(SilentDaemonException.class, () -> client.next(Duration.ofMillis(300)));
            } finally {
                signal("CONT", daemon);
            }
            daemon.stop();
            assertEquals(new Reply.Stopping(), next(watcher, Reply.Stopping.class));
        }
    }

    private static void signal(String name, Child daemon) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(daemon.pid())).start().waitFor());
    }

    /** Asks for a clean, and prints the answer. */
    static final class Asker {
        private Asker() {}

        public static void main(String[] words) throws Exception {
            CacheLayout layout = CacheLayout.of(Path.of(words[0]));
            for (ControlRequest request : List.of(new ControlRequest.Status(), new ControlRequest.Clean())) {
                try (ControlClient client = ControlClient.ask(layout, request).orElseThrow()) {
                    System.out.println(client.next(Await.LONG) instanceof Reply.Refusal refusal
                            ? refusal.kind()
                            : "answered");
                }
            }
        }
    }

    @Test
    @Tag("root")
    void otherUser_mayLookOnly() throws Exception {
        Lab lab = Lab.in(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path runtime = Files.createDirectory(lab.root().resolve("run"));
        try (Child daemon = Child.start(lab.root(), List.of("env", "RUNTIME_DIRECTORY=" + runtime), Main.class,
                lab.words()).awaitStart()) {
            assertEquals(new Unprivileged.Outcome(0, "answered\nforbidden\n"),
                    Unprivileged.run(Asker.class, lab.cache().toString()));
            daemon.stop();
        }
    }

    @Test
    @Tag("root")
    void retry_ofWhatWasRefusedBecauseOfItsOwner_doesNotServeIt() throws Exception {
        Lab lab = Lab.in(folder);
        Handle handle = lab.install("foo", 2, 10);
        try (Child daemon = lab.start().awaitStart()) {
            Path made = lab.root().resolve(Lab.requestName(handle));
            Files.writeString(made, handle.toJson());
            Files.setAttribute(made, "unix:uid", SharedLab.BOB);
            Files.move(made, lab.layout().pending().resolve(made.getFileName()));
            lab.awaitLog("Refused request " + made.getFileName() + " of user " + SharedLab.BOB);
            assertEquals(List.of(new Reply.Done("0")), ask(lab, new ControlRequest.Retry(Optional.empty())));
            assertEquals(1, Lab.names(lab.layout().refused()).size());
            assertEquals(Optional.empty(), lab.find(handle));
            assertEquals(List.of(new Reply.Done("1")), ask(lab, new ControlRequest.Discard(Optional.empty())));
            daemon.stop();
        }
    }
}
