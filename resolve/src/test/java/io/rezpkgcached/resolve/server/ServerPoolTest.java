package io.rezpkgcached.resolve.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.Until;
import io.rezpkgcached.resolve.testing.TestMemcached;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerPoolTest {
    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(10);

    /** A loaded machine may take as much longer to come back to us. */
    private static final Duration SLACK = Duration.ofMillis(300);

    private final List<String> notices = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private ServerPool pool(Duration limit, String... uris) {
        return new ServerPool(Arrays.stream(uris).map(ServerAddress::parse).toList(), limit, Duration.ofMillis(500),
                notices::add);
    }

    private static Answer get(ServerPool pool, String key) throws InterruptedException {
        return pool.get(key, pool.patience());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Answer answer) {
        return new String(assertInstanceOf(Answer.Value.class, answer).bytes(), StandardCharsets.UTF_8);
    }

    private static void assertSilentInTime(ServerPool pool) throws InterruptedException {
        long start = System.nanoTime();
        Answer answer = pool.get("k", pool.patience());
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        assertInstanceOf(Answer.Silence.class, answer);
        assertTrue(time.compareTo(LIMIT.plus(SLACK)) < 0, time.toString());
    }

    @Test
    void values_setGetDelete_asTheyAre() throws Exception {
        try (TestMemcached server = TestMemcached.start(); ServerPool pool = pool(LONG, server.uri())) {
            assertInstanceOf(Answer.Absent.class, pool.get("k", pool.patience()));
            byte[] value = new byte[256];
            for (int i = 0; i < value.length; i++) {
                value[i] = (byte) i;
            }
            assertEquals(Optional.empty(), pool.set("k", value, 9, pool.patience()));
            Answer.Value found = assertInstanceOf(Answer.Value.class, pool.get("k", pool.patience()));
            assertArrayEquals(value, found.bytes());
            assertEquals(9, found.flags());
            assertEquals(Optional.empty(), pool.delete("k", pool.patience()));
            assertEquals(Optional.empty(), pool.delete("k", pool.patience()));
            assertInstanceOf(Answer.Absent.class, pool.get("k", pool.patience()));
            assertEquals(Optional.of("the value has 1048577 bytes, and rez stores no more than 1048576"),
                    pool.set("k", new byte[(1 << 20) + 1], 1, pool.patience()));
            assertTrue(pool.set("k", new byte[1 << 20], 1, pool.patience()).orElse("").contains("refuses it"));
        }
        assertEquals(List.of(), notices);
    }

    @Test
    void severalServers_eachKey_isWhereRezWouldLook() throws Exception {
        try (TestMemcached one = TestMemcached.start();
                TestMemcached two = TestMemcached.start();
                ServerPool both = pool(LONG, one.uri(), two.uri());
                ServerPool first = pool(LONG, one.uri());
                ServerPool second = pool(LONG, two.uri())) {
            int[] counts = new int[2];
            for (int i = 0; i < 50; i++) {
                String key = "key" + i;
                assertEquals(Optional.empty(), both.set(key, bytes(key), 1, both.patience()));
                int chosen = ServerChoice.of(key, 2).getFirst();
                counts[chosen]++;
                assertEquals(key, text(get(chosen == 0 ? first : second, key)));
                assertInstanceOf(Answer.Absent.class, get(chosen == 0 ? second : first, key));
            }
            assertTrue(counts[0] > 5 && counts[1] > 5, Arrays.toString(counts));
        }
    }

    @Test
    void deadServer_oneOfTwo_itsKeysGoToTheOther() throws Exception {
        try (TestMemcached alive = TestMemcached.start();
                ServerPool pool = pool(Duration.ofSeconds(1), alive.uri(),
                        "127.0.0.1:" + TestMemcached.freePort())) {
            for (int i = 0; i < 30; i++) {
                String key = "key" + i;
                Until.holds("set", () -> pool.set(key, bytes(key), 1, pool.patience()).isEmpty());
                Until.holds("got", () -> pool.get(key, pool.patience()) instanceof Answer.Value);
            }
        }
        assertEquals(1, notices.size(), notices.toString());
    }

    @Test
    void deadServer_oneOfTwo_whatOnlyItMayHaveIsNotSaidToBeAbsent() throws Exception {
        try (TestMemcached alive = TestMemcached.start();
                ServerPool pool = pool(Duration.ofSeconds(1), alive.uri(),
                        "127.0.0.1:" + TestMemcached.freePort())) {
            for (int i = 0; i < 20; i++) {
                String key = "key" + i;
                boolean own = ServerChoice.of(key, 2).getFirst() == 0;
                Until.holds(key, () -> own
                        ? get(pool, key) instanceof Answer.Absent
                        : get(pool, key) instanceof Answer.Silence silence
                                && silence.reason().contains(", which may have it, does not answer"));
            }
        }
    }

    /** Where memcached, which runs as nobody, may make it. */
    private Path socket() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        return folder.resolve("s");
    }

    @Test
    void unixSocket_setGetDelete_asOverTcp() throws Exception {
        Path socket = socket();
        try (TestMemcached server = TestMemcached.start("-s", socket.toString());
                ServerPool pool = pool(LONG, "unix:" + socket)) {
            assertInstanceOf(Answer.Absent.class, get(pool, "k"));
            assertEquals(Optional.empty(), pool.set("k", new byte[100_000], 1, pool.patience()));
            assertEquals(100_000, assertInstanceOf(Answer.Value.class, get(pool, "k")).bytes().length);
            assertEquals(Optional.empty(), pool.delete("k", pool.patience()));
            assertInstanceOf(Answer.Absent.class, get(pool, "k"));
            server.kill();
            assertInstanceOf(Answer.Silence.class, get(pool, "k"));
            server.restart();
            assertInstanceOf(Answer.Absent.class, get(pool, "k"));
            assertEquals(List.of("memcached unix:" + socket + " does not answer; going on without it",
                    "memcached unix:" + socket + " answers again"), notices);
        }
    }

    @Test
    void unixSocket_stopped_costsTheLimitOnceAndIsUsedAgain() throws Exception {
        Path socket = socket();
        try (TestMemcached server = TestMemcached.start("-s", socket.toString());
                ServerPool pool = pool(LIMIT, "unix:" + socket)) {
            Until.holds("set", () -> pool.set("k", bytes("v"), 1, pool.patience()).isEmpty());
            server.signal("STOP");
            assertSilentInTime(pool);
            long start = System.nanoTime();
            assertInstanceOf(Answer.Silence.class, get(pool, "k"));
            assertTrue(System.nanoTime() - start < LIMIT.toNanos(), "it is left alone");
            server.signal("CONT");
            Until.holds("used again", () -> get(pool, "k") instanceof Answer.Value);
        }
    }

    @Test
    void largeValue_afterIt_theNextAnswerIsFound() throws Exception {
        try (TestMemcached server = TestMemcached.start("-I", "16m");
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                ServerPool pool = pool(LONG, server.uri())) {
            byte[] large = new byte[8 << 20];
            socket.getOutputStream().write(bytes("set large 1 0 " + large.length + "\r\n"));
            socket.getOutputStream().write(large);
            socket.getOutputStream().write(bytes("\r\n"));
            assertEquals("STORED", new String(socket.getInputStream().readNBytes(6), StandardCharsets.UTF_8));
            assertEquals(Optional.empty(), pool.set("k", bytes("v"), 1, pool.patience()));
            for (int i = 0; i < 3; i++) {
                assertEquals(new Answer.TooLarge(large.length), get(pool, "large"));
                assertEquals("v", text(get(pool, "k")));
            }
        }
    }

    @Test
    void refusedServer_firstCall_doesNotWaitForTheLimit() throws Exception {
        try (ServerPool pool = pool(LONG, "127.0.0.1:" + TestMemcached.freePort())) {
            long start = System.nanoTime();
            assertInstanceOf(Answer.Silence.class, get(pool, "k"));
            assertTrue(System.nanoTime() - start < LONG.toNanos() / 2, "it waits");
        }
    }

    @Test
    void hostThatIsNone_anyCall_isSilence() throws Exception {
        try (ServerPool pool = pool(LIMIT, "no-such-host.invalid:1")) {
            assertSilentInTime(pool);
        }
    }

    @Test
    void patience_severalCalls_isSpentByAllTogether() throws Exception {
        try (Rubbish server = new Rubbish("");
                ServerPool pool = new ServerPool(List.of(ServerAddress.parse(server.uri())), LIMIT, Duration.ZERO,
                        notices::add)) {
            Patience patience = pool.patience();
            long start = System.nanoTime();
            for (int i = 0; i < 10; i++) {
                assertInstanceOf(Answer.Silence.class, pool.get("k", patience));
            }
            Duration time = Duration.ofNanos(System.nanoTime() - start);
            assertTrue(time.compareTo(LIMIT.plus(SLACK)) < 0, time.toString());
        }
    }

    @Test
    void noServer_anyCall_endsWithinTheLimitAndIsToldOnce() throws Exception {
        String nowhere = "127.0.0.1:" + TestMemcached.freePort();
        try (ServerPool pool = pool(LIMIT, nowhere)) {
            for (int i = 0; i < 20; i++) {
                assertSilentInTime(pool);
            }
        }
        assertEquals(List.of("memcached " + nowhere + " does not answer; going on without it"), notices);
    }

    @Test
    void stoppedServer_goesOn_isUsedAgain() throws Exception {
        try (TestMemcached server = TestMemcached.start(); ServerPool pool = pool(LIMIT, server.uri())) {
            Until.holds("set", () -> pool.set("k", bytes("v"), 1, pool.patience()).isEmpty());
            notices.clear();
            server.signal("STOP");
            for (int i = 0; i < 20; i++) {
                assertSilentInTime(pool);
            }
            assertEquals(List.of("memcached " + server.uri() + " does not answer; going on without it"), notices);
            server.signal("CONT");
            Until.holds("used again", () -> pool.get("k", pool.patience()) instanceof Answer.Value);
            assertEquals("memcached " + server.uri() + " answers again", notices.getLast());
        }
    }

    @Test
    void killedServer_startedAgain_isUsedAgain() throws Exception {
        try (TestMemcached server = TestMemcached.start(); ServerPool pool = pool(LIMIT, server.uri())) {
            Until.holds("set", () -> pool.set("k", bytes("v"), 1, pool.patience()).isEmpty());
            server.kill();
            Until.holds("noticed", () -> pool.get("k", pool.patience()) instanceof Answer.Silence);
            server.restart();
            Until.holds("used again", () -> pool.get("k", pool.patience()) instanceof Answer.Absent);
            Until.holds("set again", () -> pool.set("k", bytes("w"), 1, pool.patience()).isEmpty());
            assertEquals("w", text(pool.get("k", pool.patience())));
        }
    }

    @Test
    void serverThatRefuses_get_saysWhy() throws Exception {
        try (Rubbish server = new Rubbish("SERVER_ERROR out of memory\r\n");
                ServerPool pool = pool(LONG, server.uri())) {
            assertEquals(new Answer.Silence("memcached " + server.uri() + ": SERVER_ERROR out of memory"),
                    get(pool, "k"));
            assertEquals(Optional.of("the server refuses it: SERVER_ERROR out of memory"),
                    pool.set("k", bytes("v"), 1, pool.patience()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 400 Bad request\r\n\r\n", "VALUE\r\n", "VALUE k x y\r\n", "ERROR\r\n",
            "VALUE k 1 99\r\nabc\r\nEND\r\n", "\r\n\r\n\r\n", "",
            "VALUE k 1 2147483647\r\nabc", "VALUE k 1 4294967295\r\nabc", "VALUE k 1 99999999999\r\n",
            "VALUE other 1 1\r\na\r\nEND\r\n", "VALUE k 1 1\r\nabc\r\nEND\r\n", "VALUE k -1 -1\r\n",
            "VALUE k 1 1\r\na\r\nVALUE k 1 1\r\na\r\nEND\r\n"})
    void rubbish_forAnAnswer_isSilenceWithinTheLimit(String answer) throws Exception {
        try (Rubbish server = new Rubbish(answer); ServerPool pool = pool(LIMIT, server.uri())) {
            for (int i = 0; i < 3; i++) {
                assertSilentInTime(pool);
            }
            assertEquals(1, notices.size(), notices.toString());
        }
    }
}
