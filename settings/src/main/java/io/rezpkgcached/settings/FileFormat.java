package io.rezpkgcached.settings;

import java.nio.file.Path;

/** A way to write settings in a file. */
interface FileFormat {

    /**
     * What the text says about the settings that are wanted; everything else in it may be anything.
     *
     * @throws BadValue if the text is not in this format; the message starts with the line and a colon
     */
    Layer read(Path file, String text) throws BadValue;
}
