package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A folder seen through a file system that is slow, and that hangs while it is told to; compiled from C. Needs root. */
final class SlowStorage implements AutoCloseable {
    private final Path control;
    private final Path mount;
    private final Process process;

    private SlowStorage(Path control, Path mount, Process process) {
        this.control = control;
        this.mount = mount;
        this.process = process;
    }

    /**
     * Mounts it.
     *
     * @param work  for the program and its control file
     * @param micros that each call takes
     */
    static SlowStorage mount(Path source, Path mount, Path work, int micros) throws Exception {
        Path program = work.resolve("slowfs");
        Path code = work.resolve("slowfs.c");
        try (InputStream in = SlowStorage.class.getResourceAsStream("slowfs.c")) {
            Files.copy(in, code);
        }
        assertEquals(0, new ProcessBuilder("gcc", "-D_FILE_OFFSET_BITS=64", "-I/usr/include/fuse3", "-Wall", "-O2",
                "-o", program.toString(), code.toString(), "-lfuse3").inheritIO().start().waitFor());
        Files.createDirectories(mount);
        Path control = work.resolve("hang");
        Process process = new ProcessBuilder(program.toString(), source.toString(), control.toString(),
                Integer.toString(micros), mount.toString(), "-f").redirectErrorStream(true)
                .redirectOutput(work.resolve("slowfs.txt").toFile()).start();
        SlowStorage storage = new SlowStorage(control, mount, process);
        Await.until("it is mounted", () -> Files.readString(Path.of("/proc/self/mounts")).contains(" " + mount + " "));
        assertTrue(process.isAlive());
        return storage;
    }

    void hang() throws IOException {
        Files.createFile(control);
    }

    void answer() throws IOException {
        Files.deleteIfExists(control);
    }

    /** Unmounts it; what still waits for it has its answer. */
    @Override
    public void close() {
        try {
            answer();
            new ProcessBuilder("umount", "-l", mount.toString()).inheritIO().start().onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
    }
}
