package io.rezpkgcached.cache.handle;

import java.nio.ByteBuffer;

/**
 * SHA-1 (FIPS 180-4), by which rez names folders; it protects nothing.
 *
 * <p>Written out, since the first digest of the JDK looks for all its security providers, for as long as a command takes to
 * read its settings.
 */
final class Sha1 {
    private static final int BLOCK = 64;
    private static final int LENGTH_BYTES = 8;
    private static final int ROUNDS = 80;

    private Sha1() {}

    /** The 20 bytes of the digest. */
    static byte[] of(byte[] message) {
        int[] hash = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
        int blocks = (message.length + 1 + LENGTH_BYTES + BLOCK - 1) / BLOCK;
        ByteBuffer padded = ByteBuffer.allocate(blocks * BLOCK);
        padded.put(message).put((byte) 0x80);
        padded.putLong(padded.capacity() - LENGTH_BYTES, message.length * 8L);
        for (int block = 0; block < blocks; block++) {
            add(hash, padded, block * BLOCK);
        }
        ByteBuffer digest = ByteBuffer.allocate(hash.length * Integer.BYTES);
        for (int word : hash) {
            digest.putInt(word);
        }
        return digest.array();
    }

    private static void add(int[] hash, ByteBuffer message, int start) {
        int[] w = new int[ROUNDS];
        for (int t = 0; t < ROUNDS; t++) {
            w[t] = t < 16
                    ? message.getInt(start + t * Integer.BYTES)
                    : Integer.rotateLeft(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
        }
        int a = hash[0];
        int b = hash[1];
        int c = hash[2];
        int d = hash[3];
        int e = hash[4];
        for (int t = 0; t < ROUNDS; t++) {
            int next = Integer.rotateLeft(a, 5) + mixed(t, b, c, d) + e + w[t];
            e = d;
            d = c;
            c = Integer.rotateLeft(b, 30);
            b = a;
            a = next;
        }
        hash[0] += a;
        hash[1] += b;
        hash[2] += c;
        hash[3] += d;
        hash[4] += e;
    }

    /** The function of a round, and its constant. */
    private static int mixed(int t, int b, int c, int d) {
        return switch (t / 20) {
            case 0 -> ((b & c) | (~b & d)) + 0x5a827999;
            case 1 -> (b ^ c ^ d) + 0x6ed9eba1;
            case 2 -> ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
            default -> (b ^ c ^ d) + 0xca62c1d6;
        };
    }
}
