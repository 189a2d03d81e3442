package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.posix.Flock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.daemon.DaemonContext;
import org.apache.commons.daemon.DaemonController;
import org.apache.commons.daemon.DaemonInitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon under a launcher of Apache Commons Daemon. */
class ServiceTest {
    @TempDir
    Path folder;

    /** What a launcher gives to a service; it keeps what the service says went wrong. */
    private static final class Launcher implements DaemonContext, DaemonController {
        private final String[] words;
        private final AtomicReference<String> failure = new AtomicReference<>();

        Launcher(List<String> words) {
            this.words = words.toArray(String[]::new);
        }

        @Override
        public DaemonController getController() {
            return this;
        }

        @Override
        public String[] getArguments() {
            return words.clone();
        }

        @Override
        public void shutdown() {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public void reload() {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public void fail() {
            fail("");
        }

        @Override
        public void fail(String message) {
            failure.set(message);
        }

        @Override
        public void fail(Exception e) {
            fail(e.toString());
        }

        @Override
        public void fail(String message, Exception e) {
            fail(message + ": " + e);
        }
    }

    @Test
    void service_fromInitToDestroy_serves() throws Exception {
        Lab lab = Lab.in(folder);
        Handle handle = lab.install("maya", 3, 100);
        lab.request(handle);
        Launcher launcher = new Launcher(lab.words());
        Service service = new Service();
        service.init(launcher);
        assertEquals(Optional.empty(), Flock.tryLock(lab.layout().daemonLock(), 0644).map(Flock::file));
        assertFalse(lab.isCached(handle));
        service.start();
        lab.assertCachedAndTidy(List.of(handle));
        service.stop();
        service.destroy();
        Flock.tryLock(lab.layout().daemonLock(), 0644).orElseThrow().close();
        assertFalse(Files.exists(lab.layout().daemonFile()));
        assertEquals(null, launcher.failure.get());
    }

    @Test
    void service_withoutCache_saysSoInInit() throws Exception {
        Service service = new Service();
        DaemonInitException e = assertThrows(DaemonInitException.class,
                () -> service.init(new Launcher(List.of(folder.resolve("missing").toString()))));
        assertTrue(e.getMessage().startsWith("Not a directory: "), e::getMessage);
    }
}
