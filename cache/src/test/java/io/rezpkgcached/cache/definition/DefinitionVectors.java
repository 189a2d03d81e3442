package io.rezpkgcached.cache.definition;

import io.rezpkgcached.cache.Vectors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** What rez made of a number of packages. */
final class DefinitionVectors {
    /** What rez prints for those requirements in the vectors that it does not print as they are. */
    static final UnaryOperator<String> CANONICAL = requirement -> Map
            .of("foo>=1,<2", "foo-1+<2", "foo-3|1|2", "foo-1|2|3", "foo-1+<2|2+<3", "foo-1+<3")
            .getOrDefault(requirement, requirement);

    private DefinitionVectors() {}

    /** One package; {@code expected} is all that the vectors say of it. */
    record Case(String name, Optional<String> version, Map<?, ?> expected) {

        Path write(Path repository) throws IOException {
            Path folder = version.map(repository.resolve(name)::resolve).orElse(repository.resolve(name));
            Files.createDirectories(folder);
            return Files.writeString(folder.resolve((String) expected.get("file")), (String) expected.get("text"));
        }

        Optional<Boolean> flag(String key) {
            return Optional.ofNullable((Boolean) expected.get(key));
        }

        OptionalLong timestamp() {
            return expected.get("timestamp") instanceof Long seconds ? OptionalLong.of(seconds) : OptionalLong.empty();
        }

        boolean isRefused() {
            return expected.containsKey("error");
        }

        /** Its variants' indices, and where they are. */
        List<Map.Entry<OptionalInt, VariantLocation>> variants(Path repository) {
            List<Map.Entry<OptionalInt, VariantLocation>> variants = new ArrayList<>();
            for (Object variant : (List<?>) expected.get("variants")) {
                Map<?, ?> values = (Map<?, ?>) variant;
                OptionalInt index = values.get("index") instanceof Long i
                        ? OptionalInt.of(Math.toIntExact(i))
                        : OptionalInt.empty();
                variants.add(Map.entry(index, new VariantLocation.At(Path.of(in(repository, values.get("root"))),
                        in(repository, values.get("uri")))));
            }
            return variants;
        }

        private static String in(Path repository, Object text) {
            return ((String) text).replace("${repo}", repository.toString());
        }
    }

    static List<Case> all() throws IOException {
        return Vectors.objects("definitions.json").stream()
                .map(values -> new Case((String) values.get("name"),
                        Optional.of((String) values.get("version")).filter(v -> !v.isEmpty()), values))
                .toList();
    }
}
