package io.rezpkgcached.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What lies in a cache besides entries that are complete.
 *
 * @param pending   requests
 * @param markers   {@code .copying-<inc>}, of copies that go on or stalled
 * @param locks     files of rez's lock, and of those who wait for it
 * @param unfinished our copies that are not complete, and notes of requests that did not succeed
 */
record CacheState(List<Path> pending, List<Path> markers, List<Path> locks, List<Path> unfinished) {
    static final CacheState AT_REST = new CacheState(List.of(), List.of(), List.of(), List.of());

    private static final int DEPTH_OF_MARKERS = 4;

    static CacheState of(Path cache) throws IOException {
        Path sys = cache.resolve(".sys");
        Path ours = sys.resolve("rez-pkg-cached");
        List<Path> unfinished = Stream.of("staging", "refused", "failed", "deferred", "incoming")
                .flatMap(name -> children(ours.resolve(name)).stream()).toList();
        return new CacheState(children(sys.resolve("pending")), markers(cache),
                children(sys).stream().filter(Files::isRegularFile).toList(), unfinished);
    }

    private static List<Path> markers(Path cache) throws IOException {
        try (Stream<Path> paths = Files.find(cache, DEPTH_OF_MARKERS,
                (path, _) -> path.getFileName().toString().startsWith(".copying-"))) {
            return paths.toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
