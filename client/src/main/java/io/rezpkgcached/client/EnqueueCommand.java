package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.handle.MalformedHandleException;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonLimits;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.RequestWriter;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Requests the variants of contexts, and single variants. Reads no repository for a context: the daemon decides what is
 * cachable. Either all sources can be read, or nothing is requested.
 */
final class EnqueueCommand implements Action {
    private static final Option CACHE = Option.one("DIR",
            "package cache directory; default: the setting cache_packages_path", "--cache");

    static final Command DECLARATION = new Command(Commands.PROGRAM, "enqueue", "request variants to be cached",
            "Request the variants of contexts, and single variants. Never waits for the daemon, which decides what is"
                    + " cached.",
            List.of(CACHE),
            Operands.some("URI|FILE|-", "a variant, such as /svr/packages/foo/1.0/package.py[0]; a context file (.rxt);"
                    + " - is a context on standard input"),
            List.of(),
            List.of(new Command.Exit(ExitCode.OK, "done"), new Command.Exit(ExitCode.FAILURE, "not done"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    /** A context of a thousand variants has about 1 MB. */
    private static final long MAX_CONTEXT_BYTES = 256L << 20;

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session) throws UsageException, SettingsException, IOException {
        CacheLayout layout = session.cache(words.value(CACHE));
        List<String> sources = words.operands();
        Set<Handle> handles = new LinkedHashSet<>();
        for (String source : sources) {
            handles.addAll(handles(source, session));
        }
        VariantLookup lookup = new VariantLookup(layout, session.time());
        RequestWriter writer = new RequestWriter(layout, RequestReader.plain(session.time()));
        int requested = 0;
        int pending = 0;
        int present = 0;
        for (Handle handle : handles) {
            if (handle.isCombined()) {
                continue; // it has no payload
            }
            if (lookup.find(handle).filter(found -> found.status() != Status.PENDING).isPresent()) {
                present++;
            } else if (writer.write(handle).isPresent()) {
                requested++;
            } else {
                pending++;
            }
        }
        session.err().println(
                "requested " + requested + ", already requested " + pending + ", already in the cache " + present);
        return ExitCode.OK;
    }

    private static List<Handle> handles(String source, Session session) throws SettingsException, IOException {
        if (source.equals("-")) {
            return context(session.in(), "standard input");
        }
        if (source.endsWith("]")) {
            return List.of(VariantUri.parse(source, session.settings().packages().packagesPath()));
        }
        try (InputStream in = Files.newInputStream(Path.of(source))) {
            return context(in, source);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new IOException("no such context file: " + source + " (a variant URI ends in [], [0], ...)", e);
        }
    }

    private static List<Handle> context(InputStream in, String name) throws IOException {
        Object tree;
        try {
            tree = Json.read(in, JsonLimits.ofBytes(MAX_CONTEXT_BYTES));
        } catch (IOException e) {
            throw new IOException(name + " is not a context: " + e.getMessage(), e);
        }
        if (!(tree instanceof Map<?, ?> context) || !(context.get("resolved_packages") instanceof List<?> packages)) {
            throw new IOException(name + " is not a context of a solved environment: it has no resolved_packages");
        }
        List<Handle> handles = new ArrayList<>();
        for (Object found : packages) {
            try {
                handles.add(Handle.parse(found));
            } catch (MalformedHandleException e) {
                throw new IOException(name + ", package " + (handles.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return handles;
    }
}
