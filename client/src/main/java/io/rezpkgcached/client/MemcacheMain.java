package io.rezpkgcached.client;

import java.util.List;

/** {@code rez-memcache}: asks memcached, and looks resolves up in it. */
public final class MemcacheMain {
    private MemcacheMain() {}

    public static void main(String[] words) {
        Main.end(Main.perform(Program.MEMCACHE, List.of(words)));
    }
}
