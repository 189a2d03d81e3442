package io.rezpkgcached.cache.definition;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides whether a package may be cached, as rez's {@code Package.is_cachable} does.
 *
 * <p>The package's own word comes first, then its repository's, its name's, and the general default; where all of them are silent, a
 * package may be cached if it may be moved.
 */
public record Cachability(Rule cachable, Rule relocatable) {

    /**
     * The settings for one of the two questions.
     *
     * @param byDefault {@code default_cachable} or {@code default_relocatable}
     * @param byRepository by the exact text of the repository's real path
     * @param byPackage by the package's name
     */
    public record Rule(Optional<Boolean> byDefault, Map<String, Boolean> byRepository, Map<String, Boolean> byPackage) {

        public Rule {
            Objects.requireNonNull(byDefault, "byDefault");
            byRepository = Map.copyOf(byRepository);
            byPackage = Map.copyOf(byPackage);
        }

        private Optional<Boolean> decide(Optional<Boolean> own, String location, String name) {
            return own.or(() -> Optional.ofNullable(byRepository.get(location)))
                    .or(() -> Optional.ofNullable(byPackage.get(name)))
                    .or(() -> byDefault);
        }
    }

    public Cachability {
        Objects.requireNonNull(cachable, "cachable");
        Objects.requireNonNull(relocatable, "relocatable");
    }

    /** Whether the package of this name, defined so in the repository at {@code location}, may be cached. */
    public boolean cachable(Definition definition, String location, String name) {
        return cachable.decide(definition.cachable(), location, name)
                .or(() -> relocatable.decide(definition.relocatable(), location, name)).orElse(false);
    }
}
