package io.rezpkgcached.cache.testing;

import io.rezpkgcached.cache.Vectors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/** A cache that rez made, with a variant in every state. */
public final class CacheFixture {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_AT = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TYPE_AT = 156;

    private CacheFixture() {}

    /**
     * Unpacks it.
     *
     * @param now python is being copied then; the copy of MarkupSafe has stalled
     * @return the cache, below {@code folder}
     */
    public static Path unpack(Path folder, Instant now) throws IOException {
        InputStream tar = new ByteArrayInputStream(Vectors.bytes("cache-with-every-status.tar"));
        for (byte[] header = tar.readNBytes(BLOCK); header[0] != 0; header = tar.readNBytes(BLOCK)) {
            Path path = folder.resolve(text(header, 0, NAME_LENGTH));
            int size = Integer.parseInt(text(header, SIZE_AT, SIZE_LENGTH).strip(), 8);
            if (header[TYPE_AT] == '5') {
                Files.createDirectories(path);
            } else {
                Files.write(path, tar.readNBytes(size));
                tar.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
            }
        }
        Path cache = folder.resolve("cache");
        touch(cache.resolve("python/3.7.4/c957/.copying-a"), now);
        touch(cache.resolve("MarkupSafe/1.1.1/610b/.copying-a"), now.minusSeconds(3600));
        return cache;
    }

    private static void touch(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }

    private static String text(byte[] header, int from, int length) {
        String field = new String(header, from, length, StandardCharsets.UTF_8);
        int end = field.indexOf('\0');
        return end < 0 ? field : field.substring(0, end);
    }
}
