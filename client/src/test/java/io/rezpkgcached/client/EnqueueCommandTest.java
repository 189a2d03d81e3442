package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.testing.CacheFixture;
import io.rezpkgcached.client.syntax.Parser;
import io.rezpkgcached.settings.Machine;
import io.rezpkgcached.settings.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnqueueCommandTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    private static final String VARIANTS = "[['a-1'], ['a-2'], ['a-3']]";

    private Path packages;
    private CacheLayout layout;
    private Path context;

    @BeforeEach
    void makeCache() throws IOException {
        folder = folder.toRealPath();
        packages = Files.createDirectories(folder.resolve("packages"));
        Files.createDirectories(packages.resolve("foo/1.0"));
        Files.createDirectories(folder.resolve("more/bar"));
        define(packages.resolve("foo/1.0"), "foo", "version = '1.0'\nvariants = " + VARIANTS);
        define(packages.resolve("plain/1.0"), "plain", "version = '1.0'");
        define(packages.resolve("single"), "single", "");
        define(folder.resolve("more/bar"), "bar", "");
        define(folder.resolve("more/baz"), "baz", "variants = " + VARIANTS);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("more"));
        layout = CacheLayout.of(Files.createDirectory(folder.resolve("cache-of-ours")));
        context = Files.write(folder.resolve("context.rxt"), Vectors.bytes("context.rxt"));
    }

    private static void define(Path place, String name, String rest) throws IOException {
        Files.writeString(Files.createDirectories(place).resolve("package.py"),
                "name = '" + name + "'\n" + rest + "\n");
    }

    private Surroundings surroundings() {
        return new Surroundings(Map.of("HOME", folder.toString(), "REZ_CONFIG_FILE", "",
                "REZ_PACKAGES_PATH", packages + ":memory@x:" + folder + "/absent:" + folder + "/link",
                "REZ_CACHE_PACKAGES_PATH", layout.root().toString()), folder, folder, Machine.local());
    }

    private String enqueue(String... sources) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        EnqueueCommand command = new EnqueueCommand();
        int status = command.run(Parser.parse(command.declaration(), List.of(sources)),
                new Session(InputStream.nullInputStream(), new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8), Set.of(), surroundings(),
                        InstantSource.fixed(NOW)));
        return status + " " + out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    }

    private String failure(String... sources) throws Exception {
        String message = assertThrows(IOException.class, () -> enqueue(sources)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertEquals(List.of(), pending());
        return message;
    }

    private List<Handle> pending() throws IOException, MalformedHandleException {
        List<Handle> handles = new ArrayList<>();
        for (Path path : CacheWalk.children(layout.pending())) {
            handles.add(Handle.parse(Json.read(Files.readAllBytes(path))));
        }
        handles.sort(Comparator.comparing(Handle::toString));
        return handles;
    }

    private static List<Handle> sorted(Handle... handles) {
        return java.util.stream.Stream.of(handles).sorted(Comparator.comparing(Handle::toString)).toList();
    }

    private static String summary(int requested, int pending, int present) {
        return "0 requested " + requested + ", already requested " + pending + ", already in the cache " + present
                + "\n";
    }

    private static Handle variant(Path repository, String name, String version, Integer index) {
        return Handle.of(repository.toString(), name, Optional.ofNullable(version),
                index == null ? OptionalInt.empty() : OptionalInt.of(index));
    }

    @Test
    void run_severalSources_eachVariantOnce() throws Exception {
        assertEquals(summary(10, 0, 0), enqueue(context.toString(), packages + "/foo/1.0/package.py[0]",
                context.toString()));
        assertEquals(10, pending().size());
        assertEquals(summary(1, 10, 0), enqueue(packages + "/foo/1.0/package.py[0]", context.toString(),
                packages + "/foo/1.0/package.py[1]"));
    }

    @Test
    void run_cacheWithEveryStatus_onlyWhatIsNotThere() throws Exception {
        layout = CacheLayout.of(CacheFixture.unpack(folder, NOW));
        assertEquals(summary(0, 1, 8), enqueue(context.toString()));
        assertEquals(1, pending().size());
    }

    @Test
    void run_uris_handlesWithTheRealRepository() throws Exception {
        assertEquals(summary(6, 0, 0), enqueue(packages + "/plain/1.0/package.py[]", packages + "/foo/1.0/anything[0]",
                packages + "/foo/1.0/package.yaml[2]", packages + "/single/package.py[]",
                folder + "/link/bar/package.py[]", folder + "/more/../more/baz/package.py[1]"));
        assertEquals(sorted(variant(packages, "plain", "1.0", null), variant(packages, "foo", "1.0", 0),
                variant(packages, "foo", "1.0", 2), variant(packages, "single", null, null),
                variant(folder.resolve("more"), "bar", null, null), variant(folder.resolve("more"), "baz", null, 1)),
                pending());
    }

    @Test
    void run_wrongUris_oneLineAndNothingRequested() throws Exception {
        Files.createDirectories(packages.resolve(".building/1.0"));
        String good = packages + "/foo/1.0/package.py[0]";
        for (String uri : List.of("/nowhere/foo/1.0/package.py[0]", packages + "/foo/2.0/package.py[0]",
                packages + "/foo/1.0/python-3/package.py[0]", packages + "/package.py[]", "/[]", "[]", "]", "/x]",
                packages + "/foo/1.0/package.py[x]", packages + "/foo/1.0/package.py[-1]",
                packages + "/foo/1.0/package.py[4294967295]", packages + "/foo/1.0/package.py[99999999]",
                packages + "/foo/1.0/package.py[0 ]", packages + "/foo/1.0/package.py[3]",
                packages + "/foo/1.0/package.py[]", packages + "/plain/1.0/package.py[0]",
                packages + "/.building/1.0/package.py[0]",
                folder + "/absent/foo/1.0/package.py[0]")) {
            String message = failure(good, uri);
            assertEquals("No such variant: " + uri, message.substring(0, Math.min(message.length(),
                    ("No such variant: " + uri).length())));
        }
    }

    @Test
    void run_wrongContexts_oneLineAndNothingRequested() throws Exception {
        String name = folder.resolve("bad.rxt").toString();
        Map<String, String> expected = Map.of("", name + " is not a context: empty, no JSON value",
                "[]", name + " is not a context of a solved environment: it has no resolved_packages",
                "{\"resolved_packages\": null}",
                name + " is not a context of a solved environment: it has no resolved_packages",
                "{\"status\": \"failed\"}",
                name + " is not a context of a solved environment: it has no resolved_packages",
                "{\"resolved_packages\": [{\"key\": \"filesystem.variant\", \"variables\": {\"repository_type\":"
                        + " \"filesystem\", \"location\": \"/svr/packages\", \"name\": \"../etc\", \"index\": 0}}]}",
                name + ", package 1: name is '../etc', expected: one component of a path");
        for (Map.Entry<String, String> example : expected.entrySet()) {
            Files.writeString(Path.of(name), example.getKey());
            assertEquals(example.getValue(), failure(context.toString(), name), example.getKey());
        }
        for (String text : List.of("#!/bin/sh\n", "{\"resolved_packages\": [", "{\"a\": ".repeat(1000))) {
            Files.writeString(Path.of(name), text);
            assertEquals(name + " is not a context: ",
                    failure(context.toString(), name).substring(0, name.length() + " is not a context: ".length()));
        }
        String missing = folder.resolve("missing.rxt").toString();
        assertEquals("no such context file: " + missing + " (a variant URI ends in [], [0], ...)", failure(missing));
        assertEquals(folder + " is not a context: it is a folder", failure(folder.toString()));
    }

    @Test
    void run_combinedVariants_passedOver() throws Exception {
        Files.writeString(context, "{\"resolved_packages\": [{\"key\": \"filesystem.variant.combined\", \"variables\":"
                + " {\"repository_type\": \"filesystem\", \"location\": \"/svr/packages\", \"name\": \"foo\", \"version\":"
                + " \"1\", \"ext\": \"py\", \"index\": null}}]}");
        assertEquals(summary(0, 0, 0), enqueue(context.toString()));
        assertEquals(List.of(), pending());
    }
}
