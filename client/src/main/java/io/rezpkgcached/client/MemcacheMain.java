package io.rezpkgcached.client;

import java.util.List;

/** {@code rez-memcache}: asks memcached, and looks resolves up in it. */
public final class MemcacheMain {
    private MemcacheMain() {}

    public static void main(String[] words) {
        Main.end(perform(List.of(words)));
    }

    /** As {@link Main#perform}. */
    static int perform(List<String> words) {
        return Main.perform(Program.MEMCACHE, words);
    }
}
