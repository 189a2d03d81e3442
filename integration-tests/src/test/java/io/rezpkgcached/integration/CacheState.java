package io.rezpkgcached.integration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

    static CacheState of(Path cache) {
        Path sys = cache.resolve(".sys");
        Path ours = sys.resolve("rez-pkg-cached");
        List<Path> unfinished = Stream.of("staging", "refused", "failed", "deferred", "incoming")
                .flatMap(name -> children(ours.resolve(name)).stream()).toList();
        return new CacheState(children(sys.resolve("pending")), markers(cache),
                children(sys).stream().filter(Files::isRegularFile).toList(), unfinished);
    }

    private static List<Path> markers(Path cache) {
        return children(cache).stream().filter(name -> !name.getFileName().toString().startsWith("."))
                .flatMap(name -> children(name).stream()).flatMap(version -> children(version).stream())
                .flatMap(hash -> children(hash).stream())
                .filter(path -> path.getFileName().toString().startsWith(".copying-")).toList();
    }

    /** None where there is no such folder, or none any more. */
    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
