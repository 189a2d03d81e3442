package io.rezpkgcached.cache.definition;

import io.rezpkgcached.cache.python.PythonModule;
import io.rezpkgcached.cache.python.PythonSyntaxException;
import io.rezpkgcached.cache.python.PythonValue;
import io.rezpkgcached.cache.python.SourceText;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a package.py so far as its attributes are written out. */
final class PythonFile {
    private PythonFile() {}

    static Reading read(Path file, byte[] bytes) {
        try {
            PythonModule module = PythonModule.parse(SourceText.decode(bytes));
            Map<String, Object> values = new HashMap<>();
            Map<String, PythonValue.Computed> unknown = new LinkedHashMap<>();
            for (String name : Attributes.NEEDED) {
                Optional<PythonValue> value = module.get(name);
                if (value.isPresent()) {
                    switch (value.get()) {
                        case PythonValue.Literal literal -> values.put(name, literal.value());
                        case PythonValue.Computed computed -> unknown.put(name, computed);
                    }
                }
            }
            if (module.names().contains(Attributes.REDIRECTION)) {
                return new Reading.Malformed(file, 0,
                        "it sets " + Attributes.REDIRECTION + ", which leads out of the package");
            }
            if (module.get(Attributes.TIMESTAMP).orElse(null) instanceof PythonValue.Literal(Object timestamp, int _)) {
                values.put(Attributes.TIMESTAMP, timestamp);
            }
            Reading found = found(file, module, values);
            return unknown.isEmpty() ? found : needsCode(file, unknown, found);
        } catch (PythonSyntaxException e) {
            return new Reading.Malformed(file, e.line(), "found " + e.found());
        }
    }

    private static Reading needsCode(Path file, Map<String, PythonValue.Computed> unknown, Reading found) {
        boolean isPlaced = Collections.disjoint(unknown.keySet(), Attributes.PLACING);
        Map.Entry<String, PythonValue.Computed> first = unknown.entrySet().iterator().next();
        return new Reading.NeedsCode(file, first.getValue().line(), first.getKey(), first.getValue().why(),
                isPlaced && found instanceof Reading.Found(Definition definition)
                        ? Optional.of(definition)
                        : Optional.empty());
    }

    private static Reading found(Path file, PythonModule module, Map<String, Object> values) {
        try {
            return new Reading.Found(Attributes.definition(file, values));
        } catch (SchemaException e) {
            return new Reading.Malformed(file, module.get(e.attribute()).map(PythonValue::line).orElse(0),
                    e.getMessage());
        }
    }
}
