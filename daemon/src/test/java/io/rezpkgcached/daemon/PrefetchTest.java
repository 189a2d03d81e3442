package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.spool.PrefetchWriter;
import io.rezpkgcached.cache.spool.RefusedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.control.ControlClient;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that nobody waits for. */
final class PrefetchTest {
    private static final int SLOW = 500_000;

    @TempDir
    private Path folder;

    private static void prefetch(Lab lab, Handle... handles) throws Exception {
        PrefetchWriter writer = new PrefetchWriter(lab.layout(), RequestReader.plain(InstantSource.system()),
                Posix.geteuid());
        for (Handle handle : handles) {
            assertTrue(writer.write(handle).isPresent(), handle::toString);
        }
    }

    private static Set<String> prefetched(Lab lab) throws Exception {
        return Lab.names(lab.layout().prefetch());
    }

    private static void awaitPrefetched(Lab lab) throws Exception {
        Await.until("all is prefetched", Await.LONG, lab::log, () -> prefetched(lab).isEmpty());
    }

    private static boolean isCopying(Lab lab, Handle handle) throws Exception {
        return lab.find(handle).filter(found -> found.status() == Status.COPYING).isPresent();
    }

    private static Map<String, Object> status(Lab lab) throws Exception {
        try (ControlClient client = ControlClient.ask(lab.layout(), new ControlRequest.Status()).orElseThrow()) {
            return assertInstanceOf(Reply.Status.class, client.next(Await.LONG)).fields();
        }
    }

    private static List<String> started(Lab lab) {
        List<String> names = new ArrayList<>();
        lab.log().lines().filter(line -> line.contains("Started caching of variant "))
                .forEach(line -> names.add(line.replaceAll(".*/repository/([^/]*)/.*", "$1")));
        return names;
    }

    @Test
    void prefetch_beforeStartAndWhileItSleeps_isServed() throws Exception {
        Lab lab = Lab.in(folder, "scan_interval = 10 minutes");
        Handle first = lab.install("maya", 3, 10);
        Handle second = lab.install("nuke", 3, 10);
        prefetch(lab, first);
        assertEquals(Set.of(), Lab.names(lab.layout().pending()), "rez does not see it");
        try (Child daemon = lab.start()) {
            awaitPrefetched(lab);
            prefetch(lab, second);
            awaitPrefetched(lab);
            lab.assertCachedAndTidy(List.of(first, second));
            daemon.stop();
        }
    }

    @Test
    void prefetch_withOtherRequests_comesAfterThem() throws Exception {
        Lab lab = Lab.in(folder, "workers = 1");
        List<Handle> handles = new ArrayList<>();
        for (String name : List.of("p1", "p2", "p3", "r1", "r2", "r3")) {
            Handle handle = lab.install(name, 3, 10);
            handles.add(handle);
            if (name.startsWith("p")) {
                prefetch(lab, handle);
            } else {
                lab.request(handle);
            }
        }
        try (Child daemon = lab.start()) {
            lab.awaitServed();
            awaitPrefetched(lab);
            lab.assertCachedAndTidy(handles);
            daemon.stop();
        }
        assertEquals(Set.of("r1", "r2", "r3"), Set.copyOf(started(lab).subList(0, 3)));
        assertEquals(6, started(lab).size());
    }

    @Test
    void request_whilePrefetchIsCopied_isServedAtOnceAndHoldsItUp() throws Exception {
        Lab lab = Lab.in(folder, "workers = 1", "copy_bytes_per_second = " + SLOW);
        Handle large = lab.install("large", 40, 100_000);
        Handle waiting = lab.install("waiting", 3, 10);
        Handle asked = lab.install("asked", 20, 50_000);
        prefetch(lab, large); // the order in which names are found is none
        try (Child daemon = lab.start().awaitStart()) {
            Await.until("it is copied", Await.LONG, lab::log, () -> isCopying(lab, large));
            prefetch(lab, waiting);
            Await.until("the next waits", () -> status(lab).get("prefetch").equals(1L));
            lab.request(asked);
            Await.until("the other is held up", Await.LONG, () -> status(lab).toString(), () -> status(lab)
                    .get("copies") instanceof List<?> copies
                    && copies.stream().anyMatch(copy -> ((Map<?, ?>) copy).get("held").equals(true)));
            assertEquals(List.of(0L, 1L, 2L),
                    List.of(status(lab).get("waiting"), status(lab).get("prefetch"), status(lab).get("running")));
            lab.awaitServed();
            assertTrue(lab.isCached(asked));
            assertTrue(isCopying(lab, large), "what is held up is not lost");
            assertFalse(lab.find(waiting).isPresent());
            daemon.stop();
        }
        assertEquals(2, prefetched(lab).size(), "a stop puts it back");
        Lab fast = Lab.in(folder);
        try (Child daemon = fast.start()) {
            awaitPrefetched(fast);
            fast.assertCachedAndTidy(List.of(large, waiting, asked));
            daemon.stop();
        }
    }

    @Test
    void prefetch_whoseDaemonIsKilled_isStillOneThatNobodyWaitsFor() throws Exception {
        Lab lab = Lab.in(folder, "workers = 1", "copy_bytes_per_second = " + SLOW);
        Handle large = lab.install("large", 40, 100_000);
        prefetch(lab, large);
        try (Child daemon = lab.start()) {
            Await.until("it is copied", Await.LONG, lab::log, () -> isCopying(lab, large));
            daemon.kill();
        }
        try (Child daemon = lab.start().awaitStart()) {
            Await.until("it is copied again", Await.LONG, lab::log, () -> isCopying(lab, large)
                    && status(lab).get("copies") instanceof List<?> copies && !copies.isEmpty()
                    && copies.stream().allMatch(copy -> ((Map<?, ?>) copy).get("prefetch").equals(true)));
            assertEquals(Set.of(), Lab.names(lab.layout().pending()));
            daemon.stop();
        }
    }

    @Test
    void request_forVariantThatIsPrefetched_promotesItAndEndsBoth() throws Exception {
        Lab lab = Lab.in(folder, "workers = 1", "copy_bytes_per_second = " + SLOW);
        Handle large = lab.install("large", 40, 100_000);
        Handle wanted = lab.install("wanted", 10, 50_000);
        prefetch(lab, large);
        try (Child daemon = lab.start().awaitStart()) {
            Await.until("it is copied", Await.LONG, lab::log, () -> isCopying(lab, large));
            prefetch(lab, wanted);
            Await.until("it waits", () -> status(lab).get("prefetch").equals(1L));
            lab.request(wanted);
            lab.awaitServed();
            assertTrue(lab.isCached(wanted));
            assertTrue(isCopying(lab, large));
            assertEquals(1, prefetched(lab).size(), "the large one's alone is left");
            lab.request(large);
            Await.until("nobody waits for nothing any more", () -> status(lab).get("copies") instanceof List<?> copies
                    && copies.stream().noneMatch(copy -> ((Map<?, ?>) copy).get("prefetch").equals(true)));
            lab.awaitServed();
            lab.assertCachedAndTidy(List.of(large, wanted));
            assertEquals(Set.of(), prefetched(lab));
            daemon.stop();
        }
        assertEquals(List.of("large", "wanted"), started(lab), "the copy that ran went on");
    }

    @Test
    void prefetchOfMissingRepository_isKeptOverRestarts_andARequestIsTriedAtOnce() throws Exception {
        Lab lab = Lab.in(folder, "retry_pause = 1 hour", "retry_pause_max = 1 hour");
        Handle handle = lab.install("maya", 3, 10);
        Path away = lab.root().resolve("away");
        Files.move(lab.repository(), away);
        prefetch(lab, handle);
        for (int i = 0; i < 2; i++) {
            try (Child daemon = lab.start().awaitStart()) {
                lab.awaitLog(", next try in 3600 s: the repository is not there: ");
                daemon.stop();
            }
        }
        assertEquals(List.of(1, 1), List.of(prefetched(lab).size(), Lab.names(lab.layout().deferred()).size()));
        try (Child daemon = lab.start().awaitStart()) {
            assertEquals(List.of(0L, 0L, 1L), List.of(status(lab).get("waiting"), status(lab).get("deferred"),
                    status(lab).get("prefetch")));
            Files.move(away, lab.repository());
            lab.request(handle);
            lab.assertCachedAndTidy(List.of(handle));
            assertEquals(Set.of(), prefetched(lab));
            daemon.stop();
        }
    }

    @Test
    void prefetchOfWhatCannotBe_endsAsOtherRequestsDo() throws Exception {
        Lab lab = Lab.in(folder, "repositories = [\"/elsewhere\"]");
        Handle forbidden = lab.install("maya", 3, 10);
        prefetch(lab, forbidden);
        Files.writeString(lab.layout().prefetch().resolve("garbage"), "garbage");
        try (Child daemon = lab.start()) {
            awaitPrefetched(lab);
            Map<String, String> reasons = new java.util.TreeMap<>();
            for (RefusedRequest request : new RefusedRequests(lab.layout(), InstantSource.system()).all()) {
                assertEquals(Posix.geteuid(), request.owner());
                reasons.put(request.handle().map(Handle::name).orElse(request.file()), request.reason());
            }
            assertEquals(Set.of("maya", "garbage"), reasons.keySet());
            assertTrue(reasons.get("maya").contains("repositories"), reasons::toString);
            daemon.stop();
        }
        lab.assertTidy(0);
    }

    /** What is above the threshold is for what somebody waits for. */
    @Test
    void prefetch_onDiskAboveThreshold_waitsWhileRequestsAreServed() throws Exception {
        Lab lab = Lab.in(folder, "package_cache_used_threshold = 0", "retry_pause = 1 hour",
                "retry_pause_max = 1 hour");
        Handle prefetched = lab.install("maya", 3, 10);
        Handle requested = lab.install("nuke", 3, 10);
        prefetch(lab, prefetched);
        lab.request(requested);
        try (Child daemon = lab.start()) {
            lab.awaitLog(
                    "and what is prefetched leaves it below package_cache_used_threshold (0): there is no room for "
                            + lab.payload("maya"));
            lab.awaitServed();
            assertTrue(lab.isCached(requested));
            assertFalse(lab.find(prefetched).isPresent());
            lab.request(prefetched);
            lab.awaitServed();
            lab.assertCached(prefetched);
            daemon.stop();
        }
        assertEquals(Set.of(), prefetched(lab));
    }

    @Test
    void untilIdle_prefetchThatWaits_isWaitedFor() throws Exception {
        Lab lab = Lab.in(folder, "idle_timeout = 1 s");
        Handle handle = lab.install("maya", 3, 10);
        Path away = lab.root().resolve("away");
        Files.move(lab.repository(), away);
        prefetch(lab, handle);
        List<String> words = new ArrayList<>(List.of("--until-idle"));
        words.addAll(lab.words());
        try (Child daemon = Child.start(lab.root(), List.of(), Main.class, words)) {
            lab.awaitLog("Deferred caching of variant maya-1.0");
            Await.always("it waits", Duration.ofSeconds(2), daemon::isAlive);
            Files.move(away, lab.repository());
            assertEquals(ExitCode.OK, daemon.awaitExit(Await.LONG), daemon::output);
        }
        lab.assertCachedAndTidy(List.of(handle));
    }

    @Test
    void prefetch_throughTheSocket_isTakenOnce() throws Exception {
        Lab lab = Lab.in(folder);
        Handle cached = lab.install("cached", 3, 10);
        Handle away = Handle.of(lab.root().resolve("gone").toString(), "away", java.util.Optional.of("1.0"),
                java.util.OptionalInt.empty());
        Handle fresh = lab.install("fresh", 3, 10);
        try (Child daemon = lab.start().awaitStart()) {
            lab.request(cached);
            lab.request(away);
            lab.awaitLog("Deferred caching of variant away-1.0");
            Await.until("it is cached", () -> lab.isCached(cached));
            try (ControlClient client = ControlClient
                    .ask(lab.layout(), new ControlRequest.Prefetch(List.of(cached, away, fresh))).orElseThrow()) {
                List<Object> states = new ArrayList<>();
                for (Reply reply = client.next(Await.LONG); !reply.isLast(); reply = client.next(Await.LONG)) {
                    Reply.Request request = assertInstanceOf(Reply.Request.class, reply);
                    states.add(Handle.parse(request.fields().get("handle")).name() + " " + request.fields()
                            .get("state"));
                }
                assertEquals(Set.of("cached in the cache", "away already requested", "fresh prefetch"),
                        Set.copyOf(states));
            }
            Await.until("it is cached", Await.LONG, lab::log, () -> lab.isCached(fresh));
            daemon.stop();
        }
    }
}
