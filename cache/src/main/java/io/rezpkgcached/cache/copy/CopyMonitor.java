package io.rezpkgcached.cache.copy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How far one copy is, and the way to stop it; any thread may call any method at any time.
 *
 * <p>The numbers are read one by one, so two of them may belong to slightly different moments. When a copy has succeeded, done and total are equal.
 */
public final class CopyMonitor {
    /** How late a copy that is held notices that it may go on, or should stop. */
    private static final long LOOK_AROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongAdder bytesDone = new LongAdder();
    private final LongAdder filesDone = new LongAdder();
    private final LongAdder totalBytes = new LongAdder();
    private final LongAdder totalFiles = new LongAdder();
    private volatile long lastProgress = System.nanoTime();
    private volatile boolean cancelled;
    private volatile boolean held;

    /** Asks the copy to stop; it does within one chunk, and {@link PayloadCopier#copy} throws {@link CancelledException}. For ever. */
    public void cancel() {
        cancelled = true;
    }

    /** Whether {@link #cancel()} was called. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Holds the copy up within one chunk, or lets it go on. One that is held has not stopped: it does nothing, and keeps what it has. */
    public void hold(boolean now) {
        held = now;
    }

    /** Whether it is held up. */
    public boolean isHeld() {
        return held;
    }

    /** Waits while the copy is held up. Returns early when told to stop. */
    void awaitTurn(BooleanSupplier stop) {
        while (held && !stop.getAsBoolean()) {
            LockSupport.parkNanos(LOOK_AROUND_NANOS);
            progressed(); // it does not hang: it is made to wait
        }
    }

    /** Bytes of content written so far. */
    public long bytesDone() {
        return bytesDone.sum();
    }

    /** Names of files finished so far. */
    public long filesDone() {
        return filesDone.sum();
    }

    /** Bytes to write; 0 until the source has been looked through, more when something is copied again. */
    public long totalBytes() {
        return totalBytes.sum();
    }

    /** Names of files to make; 0 until the source has been looked through, more when something is copied again. */
    public long totalFiles() {
        return totalFiles.sum();
    }

    /** {@link System#nanoTime()} of the latest step of any kind (a file looked at, a chunk written): it stands still on dead storage. */
    public long lastProgress() {
        return lastProgress;
    }

    void progressed() {
        lastProgress = System.nanoTime();
    }

    void bytesWritten(long bytes) {
        bytesDone.add(bytes);
        progressed();
    }

    void fileFinished() {
        filesDone.increment();
        progressed();
    }

    void expect(long files, long bytes) {
        totalFiles.add(files);
        totalBytes.add(bytes);
    }
}
