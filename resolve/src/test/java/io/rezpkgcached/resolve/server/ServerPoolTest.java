package io.rezpkgcached.resolve.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.testing.Until;
import io.rezpkgcached.resolve.testing.TestMemcached;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerPoolTest {
    private static final Duration LIMIT = Duration.ofMillis(200);
    private static final Duration LONG = Duration.ofSeconds(10);

    /** A loaded machine may take as much longer to come back to us. */
    private static final Duration SLACK = Duration.ofMillis(300);

    private final List<String> notices = new CopyOnWriteArrayList<>();

    private ServerPool pool(Duration limit, String... uris) {
        return new ServerPool(Arrays.stream(uris).map(ServerAddress::parse).toList(), limit, Duration.ofMillis(500),
                notices::add);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Answer answer) {
        return new String(assertInstanceOf(Answer.Value.class, answer).bytes(), StandardCharsets.UTF_8);
    }

    private static void assertSilentInTime(ServerPool pool) throws InterruptedException {
        long start = System.nanoTime();
        Answer answer = pool.get("k");
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        assertInstanceOf(Answer.Silence.class, answer);
        assertTrue(time.compareTo(LIMIT.plus(SLACK)) < 0, time.toString());
    }

    @Test
    void values_setGetDelete_asTheyAre() throws Exception {
        try (TestMemcached server = TestMemcached.start(); ServerPool pool = pool(LONG, server.uri())) {
            assertInstanceOf(Answer.Absent.class, pool.get("k"));
            byte[] value = new byte[256];
            for (int i = 0; i < value.length; i++) {
                value[i] = (byte) i;
            }
            assertEquals(Optional.empty(), pool.set("k", value, 9));
            Answer.Value found = assertInstanceOf(Answer.Value.class, pool.get("k"));
            assertArrayEquals(value, found.bytes());
            assertEquals(9, found.flags());
            assertEquals(Optional.empty(), pool.delete("k"));
            assertEquals(Optional.empty(), pool.delete("k"));
            assertInstanceOf(Answer.Absent.class, pool.get("k"));
            assertEquals(Optional.of("the value has 1048577 bytes, and rez stores no more than 1048576"),
                    pool.set("k", new byte[(1 << 20) + 1], 1));
            assertTrue(pool.set("k", new byte[1 << 20], 1).orElse("").contains("refuses it"));
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
                assertEquals(Optional.empty(), both.set(key, bytes(key), 1));
                int chosen = ServerChoice.of(key, 2).getFirst();
                counts[chosen]++;
                assertEquals(key, text((chosen == 0 ? first : second).get(key)));
                assertInstanceOf(Answer.Absent.class, (chosen == 0 ? second : first).get(key));
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
                Until.holds("set", () -> pool.set(key, bytes(key), 1).isEmpty());
                Until.holds("got", () -> pool.get(key) instanceof Answer.Value);
            }
        }
        assertEquals(1, notices.size(), notices.toString());
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
            Until.holds("set", () -> pool.set("k", bytes("v"), 1).isEmpty());
            notices.clear();
            server.signal("STOP");
            for (int i = 0; i < 20; i++) {
                assertSilentInTime(pool);
            }
            assertEquals(List.of("memcached " + server.uri() + " does not answer; going on without it"), notices);
            server.signal("CONT");
            Until.holds("used again", () -> pool.get("k") instanceof Answer.Value);
            assertEquals("memcached " + server.uri() + " answers again", notices.getLast());
        }
    }

    @Test
    void killedServer_startedAgain_isUsedAgain() throws Exception {
        try (TestMemcached server = TestMemcached.start(); ServerPool pool = pool(LIMIT, server.uri())) {
            Until.holds("set", () -> pool.set("k", bytes("v"), 1).isEmpty());
            server.kill();
            Until.holds("noticed", () -> pool.get("k") instanceof Answer.Silence);
            server.restart();
            Until.holds("used again", () -> pool.get("k") instanceof Answer.Absent);
            Until.holds("set again", () -> pool.set("k", bytes("w"), 1).isEmpty());
            assertEquals("w", text(pool.get("k")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 400 Bad request\r\n\r\n", "VALUE\r\n", "VALUE k x y\r\n", "ERROR\r\n",
            "SERVER_ERROR out of memory\r\n", "VALUE k 1 99\r\nabc\r\nEND\r\n", "\r\n\r\n\r\n", ""})
    void rubbish_forAnAnswer_isSilenceWithinTheLimit(String answer) throws Exception {
        try (Rubbish server = new Rubbish(answer); ServerPool pool = pool(LIMIT, server.uri())) {
            for (int i = 0; i < 3; i++) {
                assertSilentInTime(pool);
            }
            assertEquals(1, notices.size(), notices.toString());
        }
    }
}
