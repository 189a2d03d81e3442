package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints where variants are run from. */
final class RootCommand implements Action {
    static final Command DECLARATION = new Command(Commands.PROGRAM, "root", "print where a variant is run from",
            "Print the root of each variant: its cached payload, which counts as use of it, or the original.",
            List.of(Sources.CACHE, Sources.JSON),
            Operands.some("URI", "a variant, such as /svr/packages/foo/1.0/package.py[0]"),
            List.of(new Command.Example("cd \"$(rez-pkg-cache root /svr/packages/foo/1.0/package.py[0])\"",
                    "go to what an environment would use")),
            List.of(new Command.Exit(ExitCode.OK, "printed"),
                    new Command.Exit(ExitCode.FAILURE, "there is no such variant, or it is nowhere on disk"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        Located.Finder finder = new Located.Finder(session, session.cache(words.value(Sources.CACHE)), true);
        List<Map<String, Object>> found = new ArrayList<>();
        for (String uri : words.operands()) {
            Handle handle = VariantUri.parse(uri, session.settings().packages().packagesPath());
            Located located = finder.find(handle, true);
            Path root = located.root().filter(Files::isDirectory)
                    .orElseThrow(() -> new IOException("No such variant: " + uri));
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("uri", uri);
            object.put("root", root.toString());
            object.put("cached", located.cached().isPresent());
            found.add(object);
        }
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(found));
        } else {
            found.forEach(object -> session.out().println(object.get("root")));
        }
        return ExitCode.OK;
    }
}
