package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.testing.DatagramReceiver;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.commons.io.file.PathUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of a shared cache can and cannot do, tried as these users: the table of {@code docs/security.md}. */
@Tag("root")
final class SharedCacheTest {
    private static final int ANA = SharedLab.ANA;
    private static final int BOB = SharedLab.BOB;

    @TempDir
    private Path folder;

    private SharedLab shared;
    private Lab lab;
    private CacheLayout layout;

    @BeforeEach
    void make() throws Exception {
        use(SharedLab.in(folder));
    }

    private void use(SharedLab made) {
        shared = made;
        lab = made.lab();
        layout = lab.layout();
    }

    private void assertCannot(int user, String line) throws Exception {
        SharedLab.Ended ended = shared.run(user, line);
        assertFalse(ended.isGood(), () -> user + " can: " + line + "\n" + ended.output());
    }

    private void assertCan(int user, String line) throws Exception {
        assertEquals(new SharedLab.Ended(0, ""), shared.run(user, line), line);
    }

    @Test
    void request_ofUserWithUmask077_isServed_andEveryoneMayReadTheCopyAndNobodyWriteToIt() throws Exception {
        Handle handle = shared.install("foo");
        Files.setPosixFilePermissions(lab.payload("foo").resolve("tool"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(lab.payload("foo").resolve("lib0"), PosixFilePermissions.fromString("rwxrwxr-x"));
        run("setfacl", "-m", "u:" + BOB + ":rwx", lab.payload("foo").resolve("tool").toString());
        try (Child daemon = shared.start()) {
            shared.request(ANA, "077", handle);
            Entry entry = shared.cached(handle);
            assertEquals(Set.of("0755", "0644"), Set.copyOf(SharedLab.modes(entry.payload()).values()));
            assertEquals(List.of("0666", "0755", "0755", "0755"),
                    List.of(SharedLab.mode(entry.index()), SharedLab.mode(entry.hashDirectory()),
                            SharedLab.mode(entry.hashDirectory().getParent()),
                            SharedLab.mode(lab.cache().resolve("foo"))));
            assertCan(BOB, "cat " + entry.payload() + "/*/file* > /dev/null && touch " + entry.index());
            assertCannot(BOB, "echo x >> " + entry.payload().resolve("tool"));
            assertCannot(BOB, "rm " + entry.payload().resolve("tool"));
            assertCannot(BOB, "touch " + entry.payload().resolve("new"));
            assertCannot(BOB, "mv " + entry.payload() + " " + entry.payload() + "x");
            assertCannot(BOB, "rm -f " + entry.index());
            assertCannot(BOB, "mkdir " + entry.hashDirectory().resolve("b"));
            assertCannot(BOB, "mkdir " + lab.cache().resolve("bar"));
            assertEquals(Set.of(), Lab.names(layout.pending()));
            daemon.stop();
        }
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    @Test
    void reload_withoutTheLineThatSharesIt_staysShared() throws Exception {
        Handle closed = closed("closed", payload -> mode(payload.resolve("tool"), "rwxr-x---"));
        run("chown", "-R", SharedLab.DAEMON + ":" + SharedLab.DAEMON, lab.repository().resolve("closed").toString());
        try (Child daemon = shared.start()) {
            Files.writeString(lab.config(), Files.readString(lab.config()).replace("shared_cache = true", ""));
            daemon.signal("HUP");
            daemon.awaitOutput("takes effect only with the next start of the daemon: shared_cache = false");
            shared.request(ANA, "022", closed);
            lab.awaitLog(" WARNING Not cached - not every user may read");
            assertFalse(lab.isCached(closed));
            assertEquals("1777", SharedLab.mode(layout.pending()));
            daemon.stop();
        }
    }

    /** A payload with something that not all may read: what it is made by, and what the log says of it. */
    @Test
    void payload_thatNotEveryoneMayRead_isDeclinedWithItsReason() throws Exception {
        Handle file = closed("file", payload -> mode(payload.resolve("tool"), "rwxr-x---"));
        Handle group = closed("group", payload -> mode(payload.resolve("tool"), "rwx---r--"));
        Handle inside = closed("inside", payload -> mode(payload.resolve("lib1"), "rwx------"));
        Handle above = closed("above", payload -> mode(payload.getParent(), "rwx--x---"));
        Handle acl = closed("acl", payload -> run("setfacl", "-m", "u:" + BOB + ":---",
                payload.resolve("lib0/file0").toString()));
        Handle definition = closed("definition", payload -> mode(payload.resolve("package.py"), "rw-------"));
        Handle link = closed("link", payload -> Files.createSymbolicLink(payload.resolve("secret"),
                lab.payload("inside").resolve("lib1/file1")));
        Handle open = shared.install("open");
        // The daemon's own: he could read them, and others not.
        for (String name : List.of("file", "group", "inside", "above", "acl", "definition", "link")) {
            run("chown", "-R", SharedLab.DAEMON + ":" + SharedLab.DAEMON, lab.repository().resolve(name).toString());
        }
        try (Child daemon = shared.start()) {
            for (Handle handle : List.of(file, group, inside, above, acl, definition, link, open)) {
                shared.request(ANA, "022", handle);
            }
            shared.cached(open);
            lab.awaitServed();
            Await.until("none waits", Await.LONG, lab::log, () -> Lab.names(layout.waiting()).isEmpty());
            String log = lab.log();
            Path repository = lab.repository();
            for (String reason : List.of("read " + repository + "/file/1.0/tool (mode 0750)",
                    "read " + repository + "/group/1.0/tool (mode 0704)",
                    "list " + repository + "/inside/1.0/lib1 (mode 0700)",
                    "enter " + repository + "/above (mode 0710)",
                    "read " + repository + "/acl/1.0/lib0/file0, by its ACL",
                    "read " + repository + "/definition/1.0/package.py (mode 0600)",
                    "enter " + repository + "/inside/1.0/lib1 (mode 0700)")) {
                assertTrue(log.contains(" WARNING Not cached - not every user may " + reason),
                        () -> reason + "\n" + log);
            }
            assertEquals(List.of(lab.cache().resolve("open")), CacheWalk.packages(layout), log);
            assertEquals(Set.of(), Lab.names(layout.staging()));
            daemon.stop();
        }
    }

    @FunctionalInterface
    private interface Closing {
        void close(Path payload) throws Exception;
    }

    private Handle closed(String name, Closing closing) throws Exception {
        Handle handle = shared.install(name);
        closing.close(lab.payload(name));
        return handle;
    }

    private static void mode(Path path, String permissions) throws Exception {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    @Test
    void payload_outsideTheRepositories_isRefused() throws Exception {
        Path elsewhere = Files.createDirectories(lab.root().resolve("elsewhere/foo/1.0"));
        Files.writeString(elsewhere.resolve("package.py"), "version = '1.0'\n");
        Files.createSymbolicLink(lab.repository().resolve("bar"), elsewhere.getParent());
        Handle outside = Handle.of(lab.root().resolve("elsewhere").toString(), "foo", Optional.of("1.0"),
                OptionalInt.empty());
        try (Child daemon = shared.start()) {
            shared.request(ANA, "022", outside);
            lab.awaitLog("outside the setting repositories");
            shared.request(ANA, "022", lab.handle("bar"));
            lab.awaitLog(lab.repository() + "/bar/1.0 is really " + elsewhere.getParent());
            assertEquals(List.of(), CacheWalk.packages(layout));
            daemon.stop();
        }
    }

    @Test
    void links_inTheSpool_areNotFollowed_andWhatElseLiesThereIsTakenAway() throws Exception {
        Path secret = Files.writeString(lab.root().resolve("secret"), shared.install("foo").toJson());
        SharedLab.own(secret, SharedLab.DAEMON);
        mode(secret, "rw-------");
        try (Child daemon = shared.start()) {
            Path pending = layout.pending();
            assertCan(BOB, "ln -s " + secret + " " + pending + "/link-1.json");
            assertCan(BOB, "ln -s " + layout.records() + " " + pending + "/folder-1.json");
            assertCan(BOB, "mkfifo " + pending + "/fifo-1.json");
            assertCan(BOB, "mkdir -p " + pending + "/dir-1.json/in");
            assertCan(BOB, "umask 0; echo nonsense > " + pending + "/text-1.json");
            Await.until("all are taken away", Await.LONG, lab::log, () -> Lab.names(pending).isEmpty());
            assertEquals(List.of(), CacheWalk.packages(layout));
            assertTrue(Files.exists(secret) && Files.isDirectory(layout.records()));
            assertCannot(BOB, "ls " + layout.refused());
            daemon.stop();
        }
    }

    @Test
    void index_thatSomebodyCutOrChanged_isMendedWithinASecond_timeOfLastUseKept() throws Exception {
        Handle handle = shared.install("foo");
        try (Child daemon = shared.start()) {
            shared.request(ANA, "022", handle);
            Path index = shared.cached(handle).index();
            String whole = Files.readString(index);
            Instant used = Instant.now().minus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
            Files.setLastModifiedTime(index, FileTime.from(used));
            for (String change : List.of(": > ", "echo '{\"handle\": {}}' > ", "echo ' ' >> ",
                    "sed 's/foo/bar/' < " + index + " | dd status=none of=")) {
                Await.always("the time of last use is seen", Duration.ofMillis(300),
                        () -> Files.getLastModifiedTime(index).toInstant().equals(used));
                assertCan(BOB, change + index);
                Await.until("it is whole again", Duration.ofSeconds(1), lab::log,
                        () -> Files.readString(index).equals(whole));
                assertEquals(used, Files.getLastModifiedTime(index).toInstant(), change);
                assertEquals("0666", SharedLab.mode(index));
            }
            lab.awaitLog("The index " + index + " was changed by somebody");
            daemon.stop();
        }
        // What is changed while no daemon runs is mended by the next one.
        Path index = lab.find(handle).orElseThrow().entry().index();
        String whole = Files.readString(index);
        assertCan(BOB, ": > " + index);
        try (Child daemon = shared.start()) {
            Await.until("it is whole again", Await.LONG, lab::log, () -> Files.readString(index).equals(whole));
            daemon.stop();
        }
    }

    @Test
    void otherUsers_canNeitherStopTheDaemonNorHoldItUp() throws Exception {
        try (Child daemon = shared.start()) {
            assertCannot(BOB, "kill -TERM " + javaOf(daemon));
            assertCannot(BOB, "kill -STOP " + javaOf(daemon));
            for (Path path : List.of(layout.lock(), layout.daemonLock(), layout.daemonFile(), layout.sharedMark(),
                    layout.format(), layout.staging().resolve("x"), layout.toDelete().resolve("x"),
                    layout.sys().resolve("vm-1.2-3"), layout.waiting().resolve("x"), layout.log().resolve("x"))) {
                assertCannot(BOB, "rm -f " + path + " && : > " + path);
                assertCannot(BOB, ": > " + path);
            }
            assertCannot(BOB,
                    "rmdir " + layout.pending() + " || mv " + layout.pending() + " " + layout.pending() + "x");
            daemon.stop();
        }
        // flock(2) asks for no right but to open: whoever could would keep the next daemon from starting.
        assertCannot(BOB, "flock -n " + layout.daemonLock() + " true");
        try (Child daemon = shared.start()) {
            daemon.stop();
        }
    }

    private static long javaOf(Child daemon) {
        return daemon.pid(); // env and setpriv become java
    }

    /** Does what its first word says, and prints the answer. */
    static final class Asker {
        private Asker() {}

        public static void main(String[] words) throws Exception {
            ControlRequest request = switch (words[1]) {
                case "clean" -> new ControlRequest.Clean();
                case "retry" -> new ControlRequest.Retry(Optional.empty());
                case "discard" -> new ControlRequest.Discard(Optional.empty());
                case "requests" -> new ControlRequest.Requests();
                default -> new ControlRequest.Status();
            };
            try (ControlClient client = ControlClient.ask(CacheLayout.of(Path.of(words[0])), request).orElseThrow()) {
                Reply reply;
                do {
                    reply = client.next(Await.LONG);
                    System.out.println(switch (reply) {
                        case Reply.Refusal refusal -> refusal.kind();
                        case Reply.Done done -> "done " + done.outcome();
                        case Reply.Status status -> "may change " + status.fields().get("may_change");
                        case Reply.Request told -> told.fields().get("state") + " " + told.fields().get("owner");
                        default -> "more";
                    });
                } while (!reply.isLast() && !(reply instanceof Reply.Status));
            }
        }
    }

    private String ask(int user, int group, String what) throws Exception {
        return shared.run(user, group, Asker.class, lab.cache().toString(), what).output().strip();
    }

    @Test
    void requests_ofOthers_canBeSeenAndNotChanged_butByAdmins() throws Exception {
        Handle ana = lab.handle("later");
        Path away = lab.repository().resolveSibling("away");
        try (Child daemon = shared.start()) {
            Handle nowhere = Handle.of(lab.repository() + "/absent", "later", Optional.of("1.0"), OptionalInt.empty());
            shared.request(ANA, "022", nowhere);
            Await.until("it waits", Await.LONG, lab::log, () -> Lab.names(layout.waiting()).size() == 1);
            Path waiting = CacheWalk.children(layout.waiting()).getFirst();
            assertEquals(ANA, Files.getAttribute(waiting, "unix:uid"));
            assertEquals(Set.of(), Lab.names(layout.pending()));
            assertCannot(BOB, "rm -f " + waiting);
            assertCannot(ANA, "rm -f " + waiting);
            assertCannot(BOB, "echo x >> " + waiting);
            assertEquals("done 0", ask(BOB, BOB, "discard"));
            assertEquals("admins", ask(BOB, BOB, "clean"));
            assertEquals("may change false", ask(BOB, BOB, "status"));
            assertEquals("may change true", ask(BOB, SharedLab.ADMINS, "status"));
            assertEquals("done", ask(BOB, SharedLab.ADMINS, "clean").lines().toList().getLast());
            assertTrue(Files.exists(waiting));
            Await.until("it is deferred", Await.LONG, lab::log, () -> Lab.names(layout.deferred()).size() == 1);
            assertEquals(List.of("deferred null", "done"),
                    ask(BOB, BOB, "requests").lines().map(String::strip).toList());
            shared.request(BOB, "022", nowhere);
            Await.until("both ask for it", Await.LONG, lab::log, () -> Lab.names(layout.waiting()).size() == 2);
            assertEquals("done 1", ask(BOB, BOB, "discard"));
            Await.until("one asks for it", Await.LONG, lab::log,
                    () -> CacheWalk.children(layout.waiting()).equals(List.of(waiting)));
            assertEquals("done 1", ask(ANA, ANA, "discard"));
            Await.until("nobody asks for it", Await.LONG, lab::log, () -> Lab.names(layout.waiting()).isEmpty());
            assertEquals(Set.of(), Lab.names(layout.deferred()));
            assertFalse(Files.exists(away), ana::toString);
            daemon.stop();
        }
    }

    @Test
    void refusedRequest_isToldToItsOwnerAlone() throws Exception {
        try (Child daemon = shared.start()) {
            assertCan(ANA, "echo nonsense > " + layout.pending() + "/text-1.json");
            lab.awaitLog("Refused request text-1.json");
            assertEquals(List.of("refused " + ANA, "done"),
                    ask(ANA, ANA, "requests").lines().map(String::strip).toList());
            assertEquals("done", ask(BOB, BOB, "requests"));
            assertEquals("done 0", ask(BOB, BOB, "discard"));
            assertEquals("done 1", ask(ANA, ANA, "discard"));
            daemon.stop();
        }
    }

    @Test
    void spool_thatOneUserFills_isCutToHisShare_andOthersAreServed() throws Exception {
        Handle handle = shared.install("foo");
        try (Child daemon = shared.start()) {
            String json = Handle.of(lab.repository() + "/absent", "NAME", Optional.of("1.0"), OptionalInt.empty())
                    .toJson();
            String line = "n=0; while [ $n -lt 1500 ]; do n=$((n+1)); echo '" + json.replace("NAME", "p'$n'") + "' > "
                    + layout.pending() + "/p$n-1.0-x.json; done";
            assertCan(BOB, line);
            shared.request(ANA, "022", handle);
            shared.cached(handle);
            Await.until("no more is looked at", Await.LONG, lab::log, () -> Lab.names(layout.pending()).isEmpty());
            Await.until("no more than his share waits", Await.LONG, () -> Lab.count(layout.waiting()) + "",
                    () -> Lab.count(layout.waiting()) == SpoolSharing.MOST_PER_USER);
            lab.awaitLog("User " + BOB + " has 1000 requests, and more of him are dropped");
            // Those that are being tried at the moment are not dropped.
            Await.until("all are gone", Await.LONG, lab::log,
                    () -> ask(BOB, BOB, "discard").startsWith("done ") && Lab.names(layout.waiting()).isEmpty());
            daemon.stop();
        }
    }

    /** Asks, as the user that runs it, for so many variants of a repository to be prefetched, and says what came of how many. */
    static final class Prefetch {
        public static void main(String[] words) throws Exception {
            List<Handle> handles = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(words[2]); i++) {
                handles.add(Handle.of(words[1], "p" + i, Optional.of("1.0"), OptionalInt.empty()));
            }
            Map<String, Integer> states = new TreeMap<>();
            for (ControlRequest.Prefetch batch : ControlRequest.Prefetch.batches(handles)) {
                try (ControlClient client = ControlClient.ask(CacheLayout.of(Path.of(words[0])), batch).orElseThrow()) {
                    Reply reply = client.next(Await.LONG);
                    for (; !reply.isLast(); reply = client.next(Await.LONG)) {
                        if (reply instanceof Reply.Request told) {
                            states.merge(told.fields().get("state").toString(), 1, Integer::sum);
                        }
                    }
                    if (reply instanceof Reply.Refusal refusal) {
                        states.merge(refusal.kind(), 1, Integer::sum);
                    }
                }
            }
            System.out.println(states);
        }
    }

    private String prefetch(int user, String location, int count) throws Exception {
        return shared.run(user, user, Prefetch.class, lab.cache().toString(), location, Integer.toString(count))
                .output().strip();
    }

    @Test
    void prefetch_ofUsers_isCutToTheShareOfEach_andCostsThemNoRequest() throws Exception {
        Handle handle = shared.install("foo");
        String absent = lab.repository() + "/absent";
        try (Child daemon = shared.start()) {
            assertEquals("{prefetch=1000, refused=5}", prefetch(BOB, absent, 1005));
            assertEquals("{already requested=10}", prefetch(ANA, absent, 10));
            assertEquals("{prefetch=10}", prefetch(ANA, absent + "/2", 10));
            shared.request(BOB, "022", handle);
            shared.cached(handle);
            Set<String> names = Lab.names(layout.prefetch());
            assertEquals(1000, names.stream().filter(name -> name.startsWith(BOB + "-")).count());
            assertEquals(10, names.stream().filter(name -> name.startsWith(ANA + "-")).count());
            assertEquals("0755", SharedLab.mode(layout.prefetch()));
            assertCannot(BOB, "rm -f " + layout.prefetch() + "/" + BOB + "-*");
            // One that is being tried is left alone, so it may take a second time.
            Await.until("hers are gone", Await.LONG, lab::log, () -> ask(ANA, ANA, "discard").startsWith("done")
                    && Lab.names(layout.prefetch()).stream().noneMatch(name -> name.startsWith(ANA + "-")));
            daemon.stop();
        }
        try (Child daemon = shared.start()) {
            assertEquals("{already requested=1000, refused=5}", prefetch(BOB, absent, 1005), "his share is his still");
            daemon.stop();
        }
    }

    @Test
    void prefetch_ofWhatMayNotBeRead_isRefusedToWhoAsked() throws Exception {
        try (Child daemon = shared.start()) {
            assertEquals("{prefetch=1}", prefetch(BOB, "/etc", 1));
            lab.awaitLog("Refused request " + BOB + "-");
            assertEquals(List.of("refused " + BOB, "done"),
                    ask(BOB, BOB, "requests").lines().map(String::strip).toList());
            assertEquals("done", ask(ANA, ANA, "requests"));
            assertEquals(Set.of(), Lab.names(layout.prefetch()));
            daemon.stop();
        }
    }

    @Test
    void spool_thatOneUserFillsWithUnfinishedFiles_isCutToHisShare_andOthersAreServed() throws Exception {
        Handle handle = shared.install("foo");
        try (Child daemon = shared.start()) {
            assertCan(BOB,
                    "n=0; while [ $n -lt 1500 ]; do n=$((n+1)); : > " + layout.pending() + "/p$n-1.0-x.json; done");
            lab.awaitLog("User " + BOB + " has 1000 requests, and more of him are dropped");
            assertFalse(lab.log().contains("Refused request"), "they might still be written, and count all the same");
            shared.request(ANA, "022", handle);
            shared.cached(handle);
            Await.until("all are gone", Duration.ofMinutes(1), lab::log, () -> Lab.names(layout.pending()).isEmpty());
            daemon.stop();
        }
    }

    /** Takes connections to the daemon until it is refused one, says how many there were and why, and keeps them. */
    static final class Crowd {
        private Crowd() {}

        public static void main(String[] words) throws Exception {
            CacheLayout layout = CacheLayout.of(Path.of(words[0]));
            for (int taken = 0;; taken++) {
                ControlClient client = ControlClient.ask(layout, new ControlRequest.Watch()).orElseThrow();
                if (client.next(Await.LONG) instanceof Reply.Refusal refusal) {
                    System.out.println(taken + " taken; " + refusal.kind() + ": " + refusal.message());
                    new CountDownLatch(1).await();
                }
            }
        }
    }

    @Test
    void connections_whereUsersTakeAllThatTheyGet_areLeftForRootAndTheDaemonsUser() throws Exception {
        try (Child daemon = shared.start(); Child bob = shared.start(BOB, Crowd.class, lab.cache().toString())) {
            bob.awaitOutput("32 taken; busy: user " + BOB + " has 32 connections, and gets no more at a time");
            assertEquals("may change false", ask(ANA, ANA, "status"));
            try (Child ana = shared.start(ANA, Crowd.class, lab.cache().toString())) {
                ana.awaitOutput("24 taken; busy: the daemon has 56 clients, and takes no more at a time");
                assertEquals("busy", ask(ANA, SharedLab.ADMINS, "status"));
                for (int user : List.of(0, SharedLab.DAEMON)) {
                    assertEquals("may change true", ask(user, user, "status"));
                    assertEquals("done", ask(user, user, "clean").lines().toList().getLast());
                }
            }
            Await.until("there is room again", () -> ask(ANA, ANA, "status").equals("may change false"));
            daemon.stop();
        }
    }

    @Test
    void repositoryMissingAtStart_whereAManagerWatches_isWaitedForAndThenServed() throws Exception {
        Handle handle = shared.install("foo");
        Path away = Files.move(lab.repository(), lab.root().resolve("away"));
        assertDoesNotStart(SharedLab.DAEMON,
                "repositories has " + lab.repository() + ", and there is no such folder");
        try (DatagramReceiver manager = DatagramReceiver.at("@" + folder);
                Child daemon = shared.startAs(SharedLab.DAEMON,
                        List.of("NOTIFY_SOCKET=@" + folder, "WATCHDOG_USEC=1500000"))) {
            awaitMessage(manager, daemon, "READY=1\nSTATUS=Degraded: cannot serve cache " + lab.cache()
                    + ": repositories has " + lab.repository() + ", and there is no such folder");
            Await.until("it is pinged", Await.LONG, daemon::output, () -> manager.texts().stream()
                    .filter(text -> text.contains("WATCHDOG=1")).count() >= 3);
            Files.move(away, lab.repository());
            awaitMessage(manager, daemon, "STATUS=Waiting for requests");
            shared.request(ANA, "022", handle);
            shared.cached(handle);
            assertTrue(daemon.output().contains("No longer degraded, after "), daemon::output);
            daemon.stop();
            assertEquals(1, manager.texts().stream().filter(text -> text.contains("READY=1")).count());
        }
    }

    @Test
    void cacheOfAnotherUserAtStart_whereAManagerWatches_isWaitedForAndThenServed() throws Exception {
        Handle handle = shared.install("foo");
        SharedLab.own(lab.cache(), 0); // as it is between mkdir and chown
        try (DatagramReceiver manager = DatagramReceiver.at("@" + folder);
                Child daemon = shared.startAs(SharedLab.DAEMON, List.of("NOTIFY_SOCKET=@" + folder))) {
            awaitMessage(manager, daemon, "READY=1\nSTATUS=Degraded: cannot serve cache " + lab.cache() + ": "
                    + lab.cache() + " belongs to user 0");
            SharedLab.own(lab.cache(), SharedLab.DAEMON);
            awaitMessage(manager, daemon, "STATUS=Waiting for requests");
            shared.request(ANA, "022", handle);
            shared.cached(handle);
            daemon.stop();
        }
    }

    private static void awaitMessage(DatagramReceiver manager, Child daemon, String text) throws Exception {
        Await.until("the manager hears " + text, Await.LONG, () -> manager.texts() + daemon.output(),
                () -> manager.texts().stream().anyMatch(message -> message.contains(text)));
    }

    /** Maps a file, changes nothing at first, and its first byte as soon as another file is there; keeps the mapping. */
    static final class Mapper {
        private Mapper() {}

        public static void main(String[] words) throws Exception {
            try (FileChannel channel = FileChannel.open(Path.of(words[0]), StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
                mapped.put(0, mapped.get(0)); // the kernel moves the file's time now, and not with the next write
                System.out.println("mapped");
                Await.until("it is told to", Duration.ofMinutes(1), () -> "", () -> Files.exists(Path.of(words[1])));
                mapped.put(0, (byte) 'x');
                System.out.println("changed");
                new CountDownLatch(1).await();
            }
        }
    }

    @Test
    void index_changedThroughAMapping_isMendedWithinSeconds() throws Exception {
        Path disk = Files.createTempDirectory(Path.of("/var/tmp"), "index-"); // in memory, as /tmp may be, no time moves
        try {
            use(SharedLab.in(disk));
            Handle handle = shared.install("foo");
            Path go = lab.root().resolve("go");
            try (Child daemon = shared.start()) {
                shared.request(ANA, "022", handle);
                Path index = shared.cached(handle).index();
                String whole = Files.readString(index);
                try (Child bob = shared.start(BOB, Mapper.class, index.toString(), go.toString())) {
                    bob.awaitOutput("mapped");
                    Await.always("it is looked at, and whole", Duration.ofSeconds(2),
                            () -> Files.readString(index).equals(whole));
                    Files.createFile(go);
                    bob.awaitOutput("changed");
                    Await.until("it is whole again", Duration.ofSeconds(5), lab::log,
                            () -> Files.readString(index).equals(whole));
                }
                lab.awaitLog("The index " + index + " was changed by somebody");
                daemon.stop();
            }
        } finally {
            PathUtils.deleteDirectory(disk);
        }
    }

    @Test
    void log_thatSomebodyFills_isEmptiedAndWrittenOn() throws Exception {
        Files.writeString(lab.config(), "\nmax_log_bytes = 100 kB\n", StandardOpenOption.APPEND);
        Handle handle = shared.install("foo");
        try (Child daemon = shared.start()) {
            for (Path log : CacheWalk.sorted(layout.log())) {
                assertCan(BOB, "head -c 300000 /dev/zero >> " + log);
                daemon.awaitOutput("The log " + log + " had more than 100000 bytes (max_log_bytes) and was emptied");
                assertTrue(Files.size(log) < 100_000, log::toString);
                assertEquals("0666", SharedLab.mode(log));
            }
            shared.request(ANA, "022", handle);
            shared.cached(handle);
            lab.awaitLog("Cached variant to ");
            assertFalse(lab.log().contains("\0"), "it goes on at the new end");
            daemon.stop();
        }
    }

    @Test
    void sysDeleted_servesOn_andTheCacheStaysShared() throws Exception {
        Handle first = shared.install("foo");
        Handle second = shared.install("bar");
        try (Child daemon = shared.start()) {
            shared.request(ANA, "022", first);
            Path index = shared.cached(first).index();
            lab.awaitServed();
            Path tree = Files.move(layout.sys(), lab.root().resolve("deleted"));
            daemon.awaitOutput("was deleted or replaced");
            PathUtils.deleteDirectory(tree);
            Await.until("it begins anew", Await.LONG, daemon::output, () -> Files.exists(layout.daemonFile()));
            shared.request(BOB, "077", second);
            shared.cached(second);
            assertTrue(lab.isCached(first));
            String whole = Files.readString(index);
            assertCan(BOB, ": > " + index);
            Await.until("what was cached before is guarded", Await.LONG, daemon::output,
                    () -> Files.readString(index).equals(whole));
            daemon.stop();
        }
        try (Child daemon = shared.start()) {
            daemon.stop();
        }
    }

    @Test
    void restart_servesWhatWaited_andMendsModes() throws Exception {
        Handle late = lab.handle("late");
        Path payload = shared.lab().payload("late");
        try (Child daemon = shared.start()) {
            Files.createDirectories(lab.repository().resolve("other")); // so that it does not look unmounted
            Files.createDirectories(payload);
            Files.createSymbolicLink(payload.resolve("package.py"), Path.of("loop"));
            Files.createSymbolicLink(payload.resolve("loop"), Path.of("package.py"));
            shared.request(ANA, "022", late);
            Await.until("it waits", Await.LONG, lab::log, () -> Lab.names(layout.deferred()).size() == 1);
            daemon.stop();
        }
        assertEquals(1, Lab.names(layout.waiting()).size());
        Files.delete(payload.resolve("package.py"));
        Files.delete(payload.resolve("loop"));
        lab.install("late", 2, 10);
        mode(layout.pending(), "rwxr-xr-x");
        run("setfacl", "-k", layout.pending().toString());
        mode(layout.sys(), "rwxrwxrwx");
        mode(layout.log(), "rwxrwxrwx");
        try (Child daemon = shared.start()) {
            shared.cached(late);
            assertEquals(List.of("1777", "0755", "0755"),
                    List.of(SharedLab.mode(layout.pending()), SharedLab.mode(layout.sys()),
                            SharedLab.mode(layout.log())));
            lab.awaitLog(layout.sys() + " had mode 0777, and has 0755 again");
            lab.awaitLog("lacked its default ACL");
            shared.request(ANA, "077", shared.install("bar"));
            shared.cached(lab.handle("bar"));
            daemon.stop();
        }
    }

    @Test
    void logFiles_ofTodayAndTomorrow_areThere_forEveryoneToAppendTo() throws Exception {
        try (Child daemon = shared.start()) {
            List<Path> logs = CacheWalk.sorted(layout.log());
            assertEquals(2, logs.size(), logs::toString);
            for (Path log : logs) {
                assertEquals("0666", SharedLab.mode(log));
                assertCan(BOB, "echo x >> " + log);
                assertCannot(BOB, "rm -f " + log);
            }
            daemon.stop();
        }
    }

    private void assertDoesNotStart(int user, String reason) throws Exception {
        try (Child daemon = shared.startAs(user)) {
            int status = daemon.awaitExit(Await.LONG);
            assertTrue(status != 0, daemon::output);
            assertEquals(1, daemon.output().lines().count(), daemon::output);
            assertTrue(daemon.output().contains(reason), daemon::output);
        }
    }

    @Test
    void start_whereTheCacheCannotBeShared_isRefusedWithOneLine() throws Exception {
        assertDoesNotStart(0, "the daemon runs as root");
        assertDoesNotStart(BOB, lab.cache() + " belongs to user " + SharedLab.DAEMON);
        mode(lab.root(), "rwxr-x---");
        Files.setAttribute(lab.root(), "unix:gid", SharedLab.DAEMON);
        assertDoesNotStart(SharedLab.DAEMON,
                "not every user may enter " + lab.root() + " (mode 0750)");
        mode(lab.root(), "rwxrwxrwx");
        assertDoesNotStart(SharedLab.DAEMON, "anyone could put another folder in the place of the cache");
        mode(lab.root(), "rwxr-xr-x");
        mode(lab.repository(), "rwx------");
        assertDoesNotStart(SharedLab.DAEMON,
                "repositories has " + lab.repository() + ", and not every user may list " + lab.repository());
        mode(lab.repository(), "rwxr-xr-x");
        Files.createDirectories(lab.cache().resolve("foo/1.0/abcd/a"));
        assertDoesNotStart(SharedLab.DAEMON, "the cache holds variants that were not copied for everyone");
    }

    @Test
    void start_onAFileSystemWithoutAcls_isRefused() throws Exception {
        run("mount", "-t", "ramfs", "ramfs", lab.cache().toString());
        try {
            mode(lab.cache(), "rwxr-xr-x");
            SharedLab.own(lab.cache(), SharedLab.DAEMON);
            assertDoesNotStart(SharedLab.DAEMON, "has no POSIX ACLs");
        } finally {
            run("umount", lab.cache().toString());
        }
    }
}
