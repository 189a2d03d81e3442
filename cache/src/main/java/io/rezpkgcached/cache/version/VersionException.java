package io.rezpkgcached.cache.version;

import io.rezpkgcached.cache.python.PythonText;

/**
 * A text is not a version, a range of versions or a requirement, where rez raises an error too or would choke.
 *
 * <p>The message is one line, with the text abbreviated.
 */
public final class VersionException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The longest text that is looked at, in UTF-16 units. rez has no limit; nobody's requirement comes near it. */
    static final int LONGEST_TEXT = 65_536;

    private static final int SHOWN = 60;

    VersionException(String what, String text, String why) {
        super(what + " " + abbreviated(text) + ": " + why);
    }

    static void checkLength(String what, String text) throws VersionException {
        if (text.length() > LONGEST_TEXT) {
            throw new VersionException(what, text,
                    text.length() + " characters, at most " + LONGEST_TEXT + " are read");
        }
    }

    private static String abbreviated(String text) {
        return text.length() <= SHOWN ? PythonText.repr(text) : PythonText.repr(text.substring(0, SHOWN)) + "...";
    }
}
