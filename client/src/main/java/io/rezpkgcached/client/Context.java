package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a context file of rez ({@code ResolvedContext.to_dict}) says, as far as its packages' payloads are concerned. Taken
 * from every version of rez that writes these fields; what else there is takes no memory.
 *
 * @param name       where it came from, for messages
 * @param variants   of the resolved packages, in the order of the file
 * @param elsewhere  those in repositories of other kinds than folders, of which nothing is ever cached
 * @param ephemerals the resolved ephemerals, in the order of the file
 * @param caching    whether it may use and fill the package cache ({@code package_caching})
 * @param building   whether it is a build's
 */
record Context(String name, List<Handle> variants, List<Elsewhere> elsewhere, List<String> ephemerals, boolean caching,
        boolean building) {
    /** A context of a thousand variants has about 1 MB. */
    private static final long MOST_BYTES = 64L << 20;

    /** A location has at most 4096. */
    private static final int LONGEST_STRING = 16_384;

    private static final Set<String> FIELDS = Set.of("resolved_packages", "resolved_ephemerals", "status",
            "package_caching", "building");

    Context {
        variants = List.copyOf(variants);
        elsewhere = List.copyOf(elsewhere);
        ephemerals = List.copyOf(ephemerals);
    }

    /**
     * A variant that is in no folder.
     *
     * @param name of the package and its version
     * @param type of the repository
     */
    record Elsewhere(String name, String type) {
        /** Why it is not cached. */
        String reason() {
            return "it is in a repository of type " + type + ", of which nothing is cached";
        }
    }

    /** Reads a file, or standard input where that is {@code -}. */
    static Context read(String source, Session session) throws IOException {
        if (source.equals("-")) {
            return read(session.in(), "standard input", Optional.empty());
        }
        if (source.isEmpty()) {
            throw new IOException("no such context file: its name is empty");
        }
        Path file = session.surroundings().workingDirectory().resolve(source);
        try {
            if (Files.isDirectory(file)) {
                throw new IOException(source + " is not a context: it is a folder");
            }
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(source + " is not a context: it has " + Progress.bytes(Files.size(file)));
            }
            try (InputStream in = Files.newInputStream(file)) {
                return read(in, source, Optional.of(file.toAbsolutePath().normalize().getParent()));
            }
        } catch (NoSuchFileException e) {
            throw new IOException("no such context file: " + source + " (a variant URI ends in [], [0], ...)", e);
        }
    }

    /** @param folder of the file, which may be that of a bundle */
    private static Context read(InputStream in, String name, Optional<Path> folder) throws IOException {
        Map<String, Object> context;
        try {
            context = Json.readMembers(in, new JsonLimits(MOST_BYTES, LONGEST_STRING), FIELDS);
        } catch (IOException e) {
            throw new IOException(name + " is not a context: " + e.getMessage(), e);
        }
        if (!(context.get("resolved_packages") instanceof List<?> packages)) {
            throw new IOException(name + " is not a context of a solved environment: it has no resolved_packages");
        }
        if (context.get("status") instanceof String status && !status.equals("solved")) {
            throw new IOException(name + " is not a context of a solved environment: its status is " + status);
        }
        Optional<Path> bundle = folder.filter(parent -> Files.exists(parent.resolve("bundle.yaml")));
        List<Handle> variants = new ArrayList<>();
        List<Elsewhere> elsewhere = new ArrayList<>();
        for (Object found : packages) {
            Optional<Elsewhere> other = elsewhere(found);
            if (other.isPresent()) {
                elsewhere.add(other.get());
                continue;
            }
            try {
                variants.add(Handle.parse(bundle.isPresent() ? located(found, bundle.get()) : found));
            } catch (MalformedHandleException e) {
                int place = variants.size() + elsewhere.size() + 1;
                throw new IOException(name + ", package " + place + ": " + e.getMessage(), e);
            }
        }
        return new Context(name, variants, elsewhere, texts(context.get("resolved_ephemerals")),
                isTrue(context, "package_caching", true), isTrue(context, "building", false));
    }

    private static Optional<Elsewhere> elsewhere(Object handle) {
        return handle instanceof Map<?, ?> parts && parts.get("variables") instanceof Map<?, ?> variables
                && variables.get("repository_type") instanceof String type && !type.equals("filesystem")
                && variables.get("name") instanceof String name
                        ? Optional.of(new Elsewhere(variables.get("version") instanceof String version
                                && !version.isEmpty() ? name + "-" + version : name, type))
                        : Optional.empty();
    }

    /** In a bundle the locations of its own packages are relative to it ({@code _adjust_variant_for_bundling}). */
    private static Object located(Object handle, Path bundle) throws IOException {
        if (!(handle instanceof Map<?, ?> parts && parts.get("variables") instanceof Map<?, ?> variables
                && variables.get("location") instanceof String location && !location.startsWith("/"))) {
            return handle;
        }
        Path repository = bundle.resolve(location);
        Map<Object, Object> absolute = new LinkedHashMap<>(variables);
        absolute.put("location",
                (Files.exists(repository) ? repository.toRealPath() : repository.normalize()).toString());
        Map<Object, Object> result = new LinkedHashMap<>(parts);
        result.put("variables", absolute);
        return result;
    }

    private static List<String> texts(Object list) {
        List<String> texts = new ArrayList<>();
        if (list instanceof List<?> values) {
            for (Object value : values) {
                if (value instanceof String text) {
                    texts.add(text);
                }
            }
        }
        return texts;
    }

    /** rez asks whether a field is true as Python does: a null is not. */
    private static boolean isTrue(Map<String, Object> context, String field, boolean absent) {
        return context.containsKey(field) ? Boolean.TRUE.equals(context.get(field)) : absent;
    }
}
