package io.rezpkgcached.cache.python;

/** A source text is not Python, or nests deeper than this reader follows. */
public final class PythonSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final String found;

    public PythonSyntaxException(int line, String found) {
        super("line " + line + ": " + found);
        this.line = line;
        this.found = found;
    }

    /** The line of the source, counted from 1, where reading stopped. */
    public int line() {
        return line;
    }

    /** What was found there instead of Python. */
    public String found() {
        return found;
    }
}
