package io.rezpkgcached.cache.handle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha1Test {
    @Test
    void of_everyLengthAroundTheBlocks_asTheJdk() throws Exception {
        Random random = new Random(1);
        for (int length = 0; length < 300; length++) {
            byte[] message = new byte[length];
            random.nextBytes(message);
            assertArrayEquals(MessageDigest.getInstance("SHA-1").digest(message), Sha1.of(message), "length " + length);
        }
        byte[] large = new byte[1_000_003];
        random.nextBytes(large);
        assertArrayEquals(MessageDigest.getInstance("SHA-1").digest(large), Sha1.of(large));
    }
}
