package io.rezpkgcached.cache.python;

/** A source text is not Python, or nests deeper than this reader follows. */
public final class PythonSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int line;

    public PythonSyntaxException(int line, String found) {
        super("line " + line + ": " + found);
        this.line = line;
    }

    /** The line of the source, counted from 1, where reading stopped. */
    public int line() {
        return line;
    }
}
