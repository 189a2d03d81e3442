package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfDocumentationTest {

    private static final Path FILE = Path.of("..", "conf", "rez-pkg-cached.conf");
    private static final Pattern SETTING = Pattern.compile("#([a-z_]+) = .*");

    @TempDir
    private Path folder;

    @Test
    void conf_asShipped_setsNothing() throws IOException {
        assertTrue(ConfigFactory.parseString(Files.readString(FILE)).isEmpty());
    }

    @Test
    void conf_settings_areThoseDeclaredInTheirOrder() throws IOException {
        List<String> documented = lines().stream().map(line -> line.replaceAll("^#| = .*", "")).toList();
        assertEquals(Declared.ALL.stream().map(Setting::name).toList(), documented);
    }

    @Test
    void conf_uncommented_isWhatIsDeclared() throws IOException {
        ConfigObject conf = ConfigFactory.parseString(uncommented()).root();
        for (Setting<?> setting : Declared.ALL) {
            Object documented = conf.get(setting.name()).unwrapped();
            assertEquals(Rendering.text(setting.unset()), Rendering.text(documented), setting.name());
        }
    }

    @Test
    void conf_uncommented_readsAsTheDefaults() throws Exception {
        Place defaults = new Place(folder);
        Place uncommented = new Place(folder).own(uncommented());
        assertEquals(defaults.read(), uncommented.read());
        assertEquals(withoutOrigins(defaults), withoutOrigins(uncommented));
    }

    @Test
    void conf_everySetting_hasWordsBeforeIt() throws IOException {
        List<String> bare = new ArrayList<>();
        boolean described = false;
        for (String line : Files.readAllLines(FILE)) {
            if (SETTING.matcher(line).matches()) {
                if (!described) {
                    bare.add(line);
                }
            } else {
                described = line.startsWith("# ");
            }
        }
        assertEquals(List.of(), bare);
    }

    private static List<Effective> withoutOrigins(Place place) throws SettingsException {
        return place.effective().stream().map(each -> new Effective(each.name(), each.value(), new Origin.Default()))
                .toList();
    }

    private static List<String> lines() throws IOException {
        return Files.readAllLines(FILE).stream().filter(line -> SETTING.matcher(line).matches()).toList();
    }

    private static String uncommented() throws IOException {
        return String.join("\n", lines().stream().map(line -> line.substring(1)).toList());
    }
}
