package io.rezpkgcached.client;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.Effective;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Spelling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Prints settings. */
final class ConfigCommand implements Action {
    private static final int MOST_TYPOS = 3;

    static final Command DECLARATION = new Command(Commands.PROGRAM, "config",
            "print settings and where they come from",
            "Print each setting that is in effect for the caller: its value, and where that comes from.",
            List.of(Sources.JSON), Operands.any("NAME", "settings to print; default: all"),
            List.of(new Command.Example("rez-pkg-cache config cache_packages_path",
                    "see which cache is used, and why")),
            List.of(new Command.Exit(ExitCode.OK, "printed"),
                    new Command.Exit(ExitCode.FAILURE, "the settings are wrong; all problems are on stderr"),
                    new Command.Exit(ExitCode.USAGE, "bad command line, or no such setting")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session) throws UsageException, SettingsException, IOException {
        List<Effective> all = SettingsReader.effective(session.surroundings(), InstalledFile.or(Optional.empty()));
        List<Effective> wanted = new ArrayList<>();
        for (String name : words.operands()) {
            wanted.add(all.stream().filter(setting -> setting.name().equals(name)).findFirst()
                    .orElseThrow(() -> new UsageException("no such setting: " + name
                            + Spelling.nearest(name, all.stream().map(Effective::name).toList(), MOST_TYPOS)
                                    .map(near -> "; did you mean " + near + "?").orElse(""))));
        }
        List<Effective> shown = words.operands().isEmpty() ? all : wanted;
        if (words.has(Sources.JSON)) {
            List<Map<String, Object>> list = new ArrayList<>();
            for (Effective setting : shown) {
                Map<String, Object> object = new LinkedHashMap<>();
                object.put("name", setting.name());
                object.put("value", value(setting));
                object.put("origin", setting.origin().toString());
                list.add(object);
            }
            session.out().println(Json.write(list));
        } else {
            shown.forEach(setting -> session.out()
                    .println(setting.name() + " = " + setting.value() + "    # " + setting.origin()));
        }
        return ExitCode.OK;
    }

    /** Its text is what could stand in a file of settings: JSON, but for what no file would have. */
    private static Object value(Effective setting) throws IOException {
        try {
            return Json.read(setting.value().getBytes(StandardCharsets.UTF_8));
        } catch (JsonException _) {
            return setting.value();
        }
    }
}
