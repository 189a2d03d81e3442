package io.rezpkgcached.cache.definition;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Makes a {@link Definition} of attribute values, and refuses those that rez's schema refuses.
 *
 * <p>A key that is missing is an attribute that is not set; null is Python's None.
 */
final class Attributes {
    static final String VARIANTS = "variants";
    static final String HASHED_VARIANTS = "hashed_variants";
    static final String CACHABLE = "cachable";
    static final String RELOCATABLE = "relocatable";
    static final String TIMESTAMP = "timestamp";

    /** With it rez takes the payload from another folder; its builds set it while they test, and no installed package has it. */
    static final String REDIRECTION = "_redirected_base";

    /** The attributes that decide where a payload lies and whether it may be cached. */
    static final List<String> NEEDED = List.of(VARIANTS, HASHED_VARIANTS, CACHABLE, RELOCATABLE);

    /** Of these, those that decide where a payload lies. */
    static final Set<String> PLACING = Set.of(VARIANTS, HASHED_VARIANTS);

    private final Map<?, ?> values;

    private Attributes(Map<?, ?> values) {
        this.values = values;
    }

    /**
     * The definition that has these attributes.
     *
     * @throws SchemaException if one is of a kind that rez refuses
     */
    static Definition definition(Path file, Map<?, ?> values) throws SchemaException {
        Attributes attributes = new Attributes(values);
        return new Definition(file, attributes.variants(), attributes.flag(HASHED_VARIANTS, false).orElse(false),
                attributes.flag(CACHABLE, true), attributes.flag(RELOCATABLE, true), attributes.timestamp());
    }

    private Optional<List<List<String>>> variants() throws SchemaException {
        if (!values.containsKey(VARIANTS)) {
            return Optional.empty();
        }
        if (!(values.get(VARIANTS) instanceof List<?> list)) {
            throw new SchemaException(VARIANTS, "not a list");
        }
        List<List<String>> variants = new ArrayList<>();
        for (Object variant : list) {
            if (!(variant instanceof List<?> requirements)) {
                throw new SchemaException(VARIANTS, "not a list of lists");
            }
            List<String> strings = new ArrayList<>();
            for (Object requirement : requirements) {
                if (!(requirement instanceof String string)) {
                    throw new SchemaException(VARIANTS, "a requirement that is not a string: " + requirement);
                }
                strings.add(string);
            }
            variants.add(strings);
        }
        return Optional.of(variants);
    }

    private Optional<Boolean> flag(String name, boolean mayBeNone) throws SchemaException {
        Object value = values.get(name);
        if (value instanceof Boolean flag) {
            return Optional.of(flag);
        }
        if (value != null || (values.containsKey(name) && !mayBeNone)) {
            throw new SchemaException(name, "neither true nor false");
        }
        return Optional.empty();
    }

    // A timestamp decides nothing here: one of another kind is as good as none.
    private OptionalLong timestamp() {
        return switch (values.get(TIMESTAMP)) {
            case Long seconds -> OptionalLong.of(seconds);
            case Integer seconds -> OptionalLong.of(seconds);
            case BigInteger seconds when seconds.bitLength() < Long.SIZE -> OptionalLong.of(seconds.longValue());
            case null, default -> OptionalLong.empty();
        };
    }

    /** Whether this attribute is read at all. */
    static boolean isRead(Object name) {
        return Set.of(VARIANTS, HASHED_VARIANTS, CACHABLE, RELOCATABLE, TIMESTAMP).contains(name);
    }
}
