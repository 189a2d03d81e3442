package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.clean.Cleaner;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.testing.Unprivileged;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A daemon of a user who may not read a file of a payload. Root may read everything, so this runs as
 * {@link Unprivileged}.
 */
final class FailingCopies {
    private FailingCopies() {}

    static void run(Lab lab, Path secret, int tries) throws Exception {
        Files.writeString(secret, "secret");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
        Unprivileged.own(lab.root());
        // The folder of the test is open to its owner only, and stands in the way of another user.
        Unprivileged.Outcome outcome = Unprivileged.run(FailingCopies.class, lab.root().toString(), secret.toString(),
                Integer.toString(tries));
        assertEquals(0, outcome.exitCode(), outcome::output);
    }

    public static void main(String[] words) throws Exception {
        Path root = Path.of(words[0]);
        Path secret = Path.of(words[1]);
        int tries = Integer.parseInt(words[2]);
        Lab lab = Lab.in(root, "max_tries = " + tries);
        Handle handle = lab.handle("maya");
        try (InProcess _ = InProcess.start(lab)) {
            lab.awaitServed();
        }
        assertEquals(Optional.of(Status.STALLED), lab.find(handle).map(found -> found.status()));
        RequestNote note = new RequestNotes(lab.layout().failed()).get(handle).orElseThrow();
        assertEquals(tries, note.tries());
        assertEquals("AccessDeniedException: " + secret + ": this user (" + Files.getAttribute(root, "unix:uid")
                + ") may not read it", note.reason());
        lab.awaitLog(" ERROR Failed to cache variant maya-1.0[] of " + lab.repository() + " after " + tries
                + (tries == 1 ? " try: " : " tries: ") + note.reason());
        assertEquals(List.of(), List.copyOf(Lab.names(lab.layout().deferred())));
        // Mended, but not cleaned: it is left alone, as rez does.
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        lab.request(handle);
        try (InProcess _ = InProcess.start(lab)) {
            lab.awaitServed();
        }
        assertEquals(Optional.of(Status.STALLED), lab.find(handle).map(found -> found.status()));
        new Cleaner(lab.layout(), new CacheLock(lab.layout(), _ -> {}), InstantSource.system(), _ -> {})
                .clean(Optional.empty(), Optional.empty());
        lab.request(handle);
        try (InProcess _ = InProcess.start(lab)) {
            lab.awaitServed();
        }
        lab.assertTidy(1);
        assertEquals(Optional.empty(), new RequestNotes(lab.layout().failed()).get(handle));
    }
}
