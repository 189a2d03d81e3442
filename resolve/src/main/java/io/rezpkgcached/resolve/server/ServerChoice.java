package io.rezpkgcached.resolve.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Which of several servers holds a key. Source: {@code Client._get_server} of the python-memcached 1.59 that rez carries. */
final class ServerChoice {
    private static final int TRIES = 10;
    private static final int MASK = 0x7fff;

    private ServerChoice() {}

    /** Indexes to try in this order: of the key's own server, and of those that stand in where one is dead; each once. */
    static List<Integer> of(String key, int servers) {
        List<Integer> indexes = new ArrayList<>(servers);
        long hash = hash(key);
        for (int i = 0; i < TRIES && indexes.size() < servers; i++) {
            int index = (int) (hash % servers);
            if (!indexes.contains(index)) {
                indexes.add(index);
            }
            hash = hash(Long.toString(hash) + i);
        }
        return indexes;
    }

    private static long hash(String key) {
        CRC32 crc = new CRC32();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        long hash = (crc.getValue() >> Short.SIZE) & MASK;
        return hash == 0 ? 1 : hash;
    }
}
