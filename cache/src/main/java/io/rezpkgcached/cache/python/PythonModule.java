package io.rezpkgcached.cache.python;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The names that a Python source file binds at its top level, with their values where these are written out.
 *
 * <p>A {@link PythonValue.Literal} is no guess: whatever could have changed a name without this class seeing the value makes it
 * {@link PythonValue.Computed}. What it cannot see is code that hides what it does: an imported module, or a method found by a computed
 * name, that reaches back into its caller's names.
 */
public final class PythonModule {
    private final Bindings bindings;

    private PythonModule(Bindings bindings) {
        this.bindings = bindings;
    }

    /**
     * Reads a whole source file, in time and space in proportion to its length.
     *
     * @throws PythonSyntaxException if the text is not Python, or nests deeper than Python itself allows
     */
    public static PythonModule parse(String source) throws PythonSyntaxException {
        List<Token> tokens = Tokenizer.tokens(source);
        Adjacency.check(tokens);
        Bindings bindings = new Bindings();
        new Statements(tokens, bindings).all();
        return new PythonModule(bindings);
    }

    /** The value of a name when the file has run; empty where the file does not bind it. */
    public Optional<PythonValue> get(String name) {
        return bindings.get(name);
    }

    /** The names that the file visibly binds. */
    public Set<String> names() {
        return bindings.names();
    }
}
