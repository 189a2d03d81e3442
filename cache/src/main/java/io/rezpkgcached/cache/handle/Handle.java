package io.rezpkgcached.cache.handle;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.python.PythonText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * A rez resource handle: which variant of which package in which repository.
 *
 * <p>Guarantees that name and version are each one component of a path that does not begin with a dot, and that the
 * location is an absolute path without {@code .} and {@code ..}. Keeps its variables as they were read, since rez
 * compares and hashes those: two handles are equal if the Python dicts are, whatever their order, and a null index is
 * not a missing one. It does not guarantee that any of it exists. Source: {@code ResourceHandle} of rez 3.4.0.
 */
public final class Handle {
    private static final int HASH_DIRECTORY_LENGTH = 4;

    private final String key;
    private final Map<String, Object> variables;
    private final String location;
    private final String name;
    private final String versionDirectory;
    private final OptionalInt index;

    private Handle(String key, Map<String, Object> variables) throws MalformedHandleException {
        this.key = key;
        this.variables = Collections.unmodifiableMap(variables);
        this.location = HandleCheck.location(variables.get("location"));
        this.name = HandleCheck.name(variables.get("name"));
        this.versionDirectory = HandleCheck.version(variables.get("version"));
        this.index = HandleCheck.index(variables.get("index"));
    }

    /**
     * Takes a handle from a tree that {@link Json} read, such as the whole of a request.
     *
     * @throws MalformedHandleException if the tree is anything but a well formed handle of a variant
     */
    public static Handle parse(Object jsonTree) throws MalformedHandleException {
        Map<String, Object> parts = HandleCheck.parts(jsonTree);
        return new Handle(HandleCheck.key(parts.get("key")), HandleCheck.variables(parts.get("variables")));
    }

    /**
     * Makes the handle that rez makes of a variant on disk.
     *
     * @param location the real path of the repository
     * @param index which variant, or empty where the package has none: it is then null in JSON
     * @throws IllegalArgumentException if {@link #parse} would refuse the result
     */
    public static Handle of(String location, String name, Optional<String> version, OptionalInt index) {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("repository_type", "filesystem");
        variables.put("location", location);
        variables.put("name", name);
        version.filter(text -> !text.isEmpty() && !text.equals(HandleCheck.NO_VERSION))
                .ifPresent(text -> variables.put("version", text));
        variables.put("index", index.isPresent() ? (Long) (long) index.getAsInt() : null);
        try {
            return new Handle(HandleCheck.VARIANT, variables);
        } catch (MalformedHandleException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The kind of resource, {@code filesystem.variant} or {@code filesystem.variant.combined}. */
    public String key() {
        return key;
    }

    /** The absolute path of the repository. */
    public String location() {
        return location;
    }

    /** The name of the package. */
    public String name() {
        return name;
    }

    /** The version, or empty where it is missing or in one of the forms that rez takes for missing. */
    public Optional<String> version() {
        return Optional.of(versionDirectory).filter(version -> !version.equals(HandleCheck.NO_VERSION));
    }

    /** Which variant of the package, counted from 0, or empty where that is null or missing. */
    public OptionalInt index() {
        return index;
    }

    /** Whether the package is one of several in a single file; such have no payload and are never cached. */
    public boolean isCombined() {
        return key.equals(HandleCheck.COMBINED);
    }

    /** {@code name-version}, or {@code name} where there is no version. */
    public String qualifiedName() {
        return version().map(version -> name + "-" + version).orElse(name);
    }

    /** The name of the version's folder in the cache. */
    public String versionDirectory() {
        return versionDirectory;
    }

    /** The text that is hashed: Python's {@code str((key, tuple(sorted(variables.items()))))}. */
    public String hashedText() {
        StringBuilder items = new StringBuilder();
        for (Map.Entry<String, Object> item : new TreeMap<>(variables).entrySet()) {
            items.append(items.isEmpty() ? "" : ", ").append('(').append(PythonText.repr(item.getKey())).append(", ")
                    .append(python(item.getValue())).append(')');
        }
        return "(" + PythonText.repr(key) + ", (" + items + "))";
    }

    private static String python(Object value) {
        // Not a switch over patterns: its code is made at run time, in milliseconds that a command does not have.
        if (value instanceof String string) {
            return PythonText.repr(string);
        }
        if (value instanceof Boolean truth) {
            return truth ? "True" : "False";
        }
        return value == null ? "None" : value.toString();
    }

    /** The SHA-1 of the UTF-8 of {@link #hashedText}, 40 lower case hex digits. */
    public String sha1() {
        return Sha1.hex(hashedText());
    }

    /** The name of the folder, shared with other variants by chance, that holds the payload's. */
    public String hashDirectory() {
        return sha1().substring(0, HASH_DIRECTORY_LENGTH);
    }

    /** A new tree for {@link Json#write}, with the variables in their order. */
    public Map<String, Object> toTree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("key", key);
        tree.put("variables", new LinkedHashMap<>(variables));
        return tree;
    }

    /** The contents of a request file, byte for byte as rez writes a handle with the variables in this order. */
    public String toJson() {
        return "{\"key\": " + Json.write(key) + ", \"variables\": " + Json.write(variables) + "}";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Handle handle && key.equals(handle.key) && variables.equals(handle.variables);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + variables.hashCode();
    }

    /** The JSON, for people. */
    @Override
    public String toString() {
        return toJson();
    }
}
