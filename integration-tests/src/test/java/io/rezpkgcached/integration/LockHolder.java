package io.rezpkgcached.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;

/** A process that holds a flock(2) on a file, as a daemon does on the cache that it serves. */
record LockHolder(Process process) implements AutoCloseable {
    /** Returns once the lock is held. */
    static LockHolder of(Path file) throws IOException {
        Process process = new ProcessBuilder("flock", file.toString(), "sh", "-c", "echo held; cat").start();
        assertEquals("held", process.inputReader().readLine());
        return new LockHolder(process);
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            assertEquals(0, process.waitFor());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
