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
import java.util.List;
import java.util.Map;

/**
 * What a context file of rez ({@code ResolvedContext.to_dict}) says, as far as its packages' payloads are concerned.
 *
 * @param name     where it came from, for messages
 * @param variants of the resolved packages, in the order of the file
 * @param caching  whether it may use and fill the package cache ({@code package_caching})
 * @param building whether it is a build's
 */
record Context(String name, List<Handle> variants, boolean caching, boolean building) {
    /** A context of a thousand variants has about 1 MB. */
    private static final long MOST_BYTES = 64L << 20;

    Context {
        variants = List.copyOf(variants);
    }

    /** Reads a file, or standard input where that is {@code -}. */
    static Context read(String source, Session session) throws IOException {
        if (source.equals("-")) {
            return read(session.in(), "standard input");
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
                return read(in, source);
            }
        } catch (NoSuchFileException e) {
            throw new IOException("no such context file: " + source + " (a variant URI ends in [], [0], ...)", e);
        }
    }

    private static Context read(InputStream in, String name) throws IOException {
        Object tree;
        try {
            tree = Json.read(in, JsonLimits.ofBytes(MOST_BYTES));
        } catch (IOException e) {
            throw new IOException(name + " is not a context: " + e.getMessage(), e);
        }
        if (!(tree instanceof Map<?, ?> context) || !(context.get("resolved_packages") instanceof List<?> packages)) {
            throw new IOException(name + " is not a context of a solved environment: it has no resolved_packages");
        }
        if (context.get("status") instanceof String status && !status.equals("solved")) {
            throw new IOException(name + " is not a context of a solved environment: its status is " + status);
        }
        List<Handle> variants = new ArrayList<>();
        for (Object found : packages) {
            try {
                variants.add(Handle.parse(found));
            } catch (MalformedHandleException e) {
                throw new IOException(name + ", package " + (variants.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return new Context(name, variants, !Boolean.FALSE.equals(context.get("package_caching")),
                Boolean.TRUE.equals(context.get("building")));
    }
}
