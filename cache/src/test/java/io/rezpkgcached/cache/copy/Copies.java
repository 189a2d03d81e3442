package io.rezpkgcached.cache.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** A folder with a payload to copy, and the place for the copy. */
record Copies(Path source, Path target, List<Path> repositories, StepHook hook) {
    /** A time with nanoseconds, long ago. */
    static final Instant TIME = Instant.parse("2021-03-04T12:34:56.123456789Z");

    static Copies in(Path dir) throws IOException {
        return new Copies(Files.createDirectory(dir.toRealPath().resolve("payload")), dir.toRealPath().resolve("copy"),
                List.of(),
                StepHook.NONE);
    }

    Copies with(StepHook newHook) {
        return new Copies(source, target, repositories, newHook);
    }

    Copies from(Path newSource) {
        return new Copies(newSource, target, repositories, hook);
    }

    Copies within(Path... newRepositories) {
        return new Copies(source, target, List.of(newRepositories), hook);
    }

    /** Copies, sets the root's attributes, and checks that the progress ends at its totals. */
    CopiedPayload copy() throws Exception {
        CopyMonitor monitor = new CopyMonitor();
        CopiedPayload copied = copy(monitor);
        assertEquals(List.of(monitor.totalBytes(), monitor.totalFiles()),
                List.of(monitor.bytesDone(), monitor.filesDone()));
        copied.root().applyTo(target);
        return copied;
    }

    CopiedPayload copy(CopyMonitor monitor) throws Exception {
        return new PayloadCopier(4, new LinkPolicy(repositories), Pace.unlimited(), hook).copy(source, target, monitor);
    }

    /** Makes a file, and the folders that it needs. */
    Path file(String name, String content) throws IOException {
        Path file = source.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Posix.setModified(file, TIME);
        return file;
    }

    Path link(String name, String text) throws IOException {
        Path link = source.resolve(name);
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, Path.of(text));
    }

    /** What a link of the copy says. */
    String text(String name) throws IOException {
        return Files.readSymbolicLink(target.resolve(name)).toString();
    }

    /** A path whose last part is given percent-encoded, to have bytes that are not UTF-8. */
    static Path encoded(Path folder, String name) {
        return Path.of(URI.create("file://" + folder.toUri().getRawPath() + name));
    }

    /** Threads of copies that are alive. */
    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("copy-"))
                .sorted().toList();
    }
}
