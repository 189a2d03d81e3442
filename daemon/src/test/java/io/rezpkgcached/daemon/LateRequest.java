package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.RequestWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/** A daemon of which somebody asks something just when it has decided to end: {@code HANDLE WORDS...}. */
final class LateRequest {
    private LateRequest() {}

    public static void main(String[] words) throws Exception {
        Handle handle = Handle.parse(Json.read(words[0].getBytes(StandardCharsets.UTF_8)));
        Arguments.Serve arguments = (Arguments.Serve) Arguments.parse(Arrays.copyOfRange(words, 1, words.length));
        AtomicBoolean first = new AtomicBoolean(true);
        System.exit(Foreground.of(arguments, CacheDaemon.Manner.of(arguments.untilIdle()), () -> {
            if (first.getAndSet(false)) {
                try {
                    CacheLayout layout = CacheLayout.of(arguments.cache().orElseThrow());
                    var _ = new RequestWriter(layout, RequestReader.plain(InstantSource.system())).write(handle)
                            .orElseThrow();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }).run());
    }
}
