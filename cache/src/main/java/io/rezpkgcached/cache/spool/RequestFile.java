package io.rezpkgcached.cache.spool;

import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.nio.file.Path;

/** What a name in the spool was found to be when it was read. */
public sealed interface RequestFile {
    /** The file that was read. */
    Path path();

    /**
     * A complete request.
     *
     * @param owner the user id of who wrote it
     */
    record Complete(Path path, Handle handle, int owner) implements RequestFile {}

    /** It is empty or ends too early, and was written a moment ago: rez writes in place. */
    record BeingWritten(Path path) implements RequestFile {}

    /**
     * Never a request, whoever wrote it.
     *
     * @param content what it holds, for people: what is not UTF-8 is replaced
     */
    record Malformed(Path path, String reason, String content, int owner) implements RequestFile {}

    /** It has gone since its name was read. */
    record Gone(Path path) implements RequestFile {}

    /** It could not be read now. */
    record Unreadable(Path path, IOException cause) implements RequestFile {}
}
