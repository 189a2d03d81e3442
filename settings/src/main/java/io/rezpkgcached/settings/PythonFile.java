package io.rezpkgcached.settings;

import io.rezpkgcached.cache.python.PythonModule;
import io.rezpkgcached.cache.python.PythonSyntaxException;
import io.rezpkgcached.cache.python.PythonValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A Python configuration file of rez, read and not run.
 *
 * <p>What is written out is known, {@code ModifyList} of lists that are written out too; all else is unknown, and never guessed.
 */
record PythonFile(Set<String> names) implements FileFormat {

    PythonFile {
        names = Set.copyOf(names);
    }

    @Override
    public Layer read(Path file, String text) throws BadValue {
        try {
            PythonModule module = PythonModule.parse(text);
            Map<String, Raw> values = new LinkedHashMap<>();
            for (String name : names) {
                Optional<PythonValue> value = module.get(name);
                if (value.isPresent()) {
                    values.put(name, raw(file, text, name, value.get()));
                }
            }
            return new Layer(values);
        } catch (PythonSyntaxException e) {
            throw new BadValue(e.line() + ": is not Python that this program can read: " + e.getMessage());
        }
    }

    private static Raw raw(Path file, String text, String name, PythonValue value) {
        Origin origin = new Origin.FileLine(file, value.line());
        return switch (value) {
            case PythonValue.Literal literal -> new Raw.Known(literal.value(), origin);
            case PythonValue.Computed computed -> ModifyListSource.find(text, name, computed.line())
                    .<Raw>map(lists -> new Raw.Modify(list(lists, "prepend"), list(lists, "append"), origin))
                    .orElseGet(() -> new Raw.Unknown(computed.why(), origin));
        };
    }

    private static List<?> list(Map<?, ?> lists, String name) {
        return lists.get(name) instanceof List<?> list ? list : List.of();
    }
}
