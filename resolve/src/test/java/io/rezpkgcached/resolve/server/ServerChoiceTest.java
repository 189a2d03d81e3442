package io.rezpkgcached.resolve.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerChoiceTest {

    @Test
    void of_manyKeys_asRezsClientChooses() throws Exception {
        for (Object vector : (List<?>) Json
                .read(ServerChoiceTest.class.getResourceAsStream("/server-choice.json").readAllBytes())) {
            List<?> parts = (List<?>) vector;
            List<Long> chosen = ServerChoice.of((String) parts.get(0), ((Long) parts.get(1)).intValue()).stream()
                    .map(Integer::longValue).toList();
            assertEquals(((List<?>) parts.get(2)).stream().distinct().toList(), chosen, String.valueOf(parts.get(0)));
        }
    }

    @Test
    void parse_whatRezTakes_isAnAddress() {
        assertEquals(new ServerAddress.Tcp("a", "a", 11211, false), ServerAddress.parse("a"));
        assertEquals(new ServerAddress.Tcp("inet:a:1", "a", 1, false), ServerAddress.parse("inet:a:1"));
        assertEquals("unix:/run/memcached", ServerAddress.parse("unix:/run/memcached").shown());
        assertEquals("[::1]:5", ServerAddress.parse("inet6:[::1]:5").shown());
        assertEquals("127.0.0.1:11212", ServerAddress.parse("127.0.0.1:11212").shown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1", "a:b", "a:1:2", "unix:", "a:99999", "inet6:::1"})
    void parse_whatIsNone_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ServerAddress.parse(text));
    }
}
