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
        // Java's own default, for the answer to which it would read the whole of java.security before the first connection: 10 ms.
        System.setProperty("jdk.includeInExceptions", "hostInfoExclSocket");
        return Main.perform(Program.MEMCACHE, words);
    }
}
