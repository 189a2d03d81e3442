package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** For each case, every setting of rez's has the value that a real rez gives it, or is an error for both. */
@Tag("rez")
final class RealRezTest {

    private static final String ERROR = "an error";
    private static final String SCRIPT = """
            import json, sys
            from rez.config import config
            result = {}
            for name in sys.argv[1:]:
                try:
                    result[name] = {"value": getattr(config, name)}
                    json.dumps(result[name])
                except Exception as e:
                    result[name] = {"error": str(e)}
            print(json.dumps(result))
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.rezpkgcached.settings.RealRezCases#all")
    void read_sameFilesAndVariables_asRez(RealRezCases.Case example) throws Exception {
        Place place = new Place(folder).machine(Machine.local());
        for (Map.Entry<String, String> file : example.files().entrySet()) {
            place.file(file.getKey(), file.getValue());
        }
        example.variables().forEach((name, value) -> place.variable(name,
                value.replace("ROOT", place.root().toString())));

        Map<String, Object> rez = rez(place);
        Map<String, Object> ours = ours(place);
        assertEquals(rez, ours);
        assertEquals(example.isError(), rez.containsValue(ERROR), "whether rez finds something wrong");
    }

    private static List<String> names() {
        return Declared.ALL.stream().filter(Declared::isRez).map(Setting::name).toList();
    }

    private static Map<String, Object> ours(Place place) {
        List<String> problems = new ArrayList<>();
        Resolution resolution = SettingsReader.resolve(place.surroundings(), Optional.empty(), _ -> true, problems);
        Map<String, Object> values = new TreeMap<>();
        names().forEach(name -> values.put(name, ERROR));
        resolution.found().forEach((setting, found) -> values.computeIfPresent(setting.name(),
                (_, _) -> Rendering.text(found.plain())));
        // A file that cannot be read at all stops rez before it knows any setting.
        boolean whole = problems.stream().anyMatch(problem -> problem.matches(".*: (is|cannot be|must) .*")
                && names().stream().noneMatch(name -> problem.contains(": " + name + " ")));
        if (whole) {
            values.replaceAll((_, _) -> ERROR);
        }
        return values;
    }

    private static Map<String, Object> rez(Place place) throws IOException, InterruptedException, BadValue {
        String bin = System.getenv("REZ_BIN");
        assertNotNull(bin, "REZ_BIN must name the folder of rez's programs");
        List<String> command = new ArrayList<>(List.of(Path.of(bin, "rez-python").toString(), "-c", SCRIPT));
        command.addAll(names());
        ProcessBuilder builder = new ProcessBuilder(command).directory(place.work().toFile())
                .redirectError(place.root().resolve("stderr").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().putAll(place.variables());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, Object> values = new TreeMap<>();
        names().forEach(name -> values.put(name, ERROR));
        if (process.waitFor() == 0) {
            // Python's word for what no JSON has; 1e999 is read as the same number.
            ((Map<?, ?>) JsonValue.parse(text.replace("Infinity", "1e999"))).forEach((name, outcome) -> {
                if (((Map<?, ?>) outcome).containsKey("value")) {
                    values.put((String) name, Rendering.text(((Map<?, ?>) outcome).get("value")));
                }
            });
        }
        return values;
    }
}
