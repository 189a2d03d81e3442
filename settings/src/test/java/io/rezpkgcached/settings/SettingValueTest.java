package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of single settings, as a real rez was seen to take them. */
final class SettingValueTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "cache_packages_path|~/c|\"ROOT/home/c\"",
            "packages_path|/a::~/b c,d:|[\"/a\", \"ROOT/home/b c,d\"]",
            "local_packages_path|$HOME/x|\"ROOT/home/x\"", "release_packages_path|/r|\"/r\"", "tmpdir|/t|\"/t\"",
            "read_package_cache|OFF|false", "write_package_cache|n|false", "package_cache_max_variant_days|' 1_0 '|10",
            "package_cache_during_build|Y|true", "package_cache_local|on|true", "package_cache_same_device|T|true",
            "package_cache_async|0|false", "package_cache_clean_limit|-1|-1.0", "package_cache_clean_limit|.5e1|5.0",
            "package_cache_log_days|+3|3", "package_cache_space_buffer|-5|-5", "package_cache_used_threshold|007|7",
            "default_cachable|yes|true", "default_cachable_per_package|a:0,b:false|{\"a\": 0, \"b\": \"false\"}",
            "default_cachable_per_repository|/x:1.5|{\"/x\": 1.5}", "default_relocatable|f|false",
            "default_relocatable_per_package|a:|{\"a\": \"\"}",
            "default_relocatable_per_repository|/x:1:2|{\"/x\": \"1:2\"}",
            "use_variant_shortlinks|no|false", "variant_shortlinks_dirname|s|\"s\"",
            "memcached_uri|a:1,b:2 c:3|[\"a:1\", \"b:2\", \"c:3\"]", "resolve_caching|false|false",
            "debug_memcache|1|true",
            "implicit_packages|~os=={system.os},x|[\"~os==CentOS-7.9\", \"x\"]"})
    void read_variable_asRez(String name, String text, String value) throws Exception {
        assertEquals(value, new Place(folder).variable("REZ_" + name.toUpperCase(Locale.ROOT), text).value(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"workers|3|3", "copy_threads|1|1", "copy_bytes_per_second|1 MiB|\"1 MiB\"",
            "copy_bytes_per_second|none|\"none\"", "scan_interval|1 s|\"1 s\"", "max_tries|9|9",
            "retry_pause|1 ms|\"1 ms\"",
            "retry_pause_max|1 h|\"1 h\"", "evaluator|rez-python -s a,b|[\"rez-python\", \"-s\", \"a,b\"]",
            "evaluator_timeout|2 s|\"2 s\"", "log_level|WARN|\"WARN\"", "repositories|/a:/b|[\"/a\", \"/b\"]"})
    void read_variableOfOurs_isTaken(String name, String text, String value) throws Exception {
        assertEquals(value,
                new Place(folder).variable("REZ_PKG_CACHED_" + name.toUpperCase(Locale.ROOT), text).value(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"workers = 0|is 0, but must be from 1 to 64",
            "copy_threads = 65|is 65, but must be from 1 to 64",
            "copy_threads = many|is \"many\", but must be a whole number",
            "copy_bytes_per_second = -1|is -1, but must be a number of bytes, as in \"100 MB\", or none",
            "scan_interval = 0 s|is \"0 s\", but must be a time above zero with a unit, as in \"60 s\" or \"5 minutes\"",
            "scan_interval = \"60\"|is \"60\", but must be a time above zero with a unit, as in \"60 s\" or \"5 minutes\"",
            "evaluator = a b|is \"a b\", but must be a list of texts", "log_level = 1|is 1, but must be text",
            "packages_path = /a|is \"/a\", but must be a list of paths",
            "prefetch_requests = maya|is \"maya\", but must be a list of requests, each a text or { request: text, paths: [...] }",
            "prefetch_requests = [1]|is [1], but must be a list of requests, each a text or { request: text, paths: [...] }",
            "prefetch_requests = [\"  \"]|has \"  \", which names no package",
            "prefetch_requests = [{ paths: [/a] }]|has {\"paths\": [\"/a\"]}, which lacks request, a text",
            "prefetch_requests = [{ request: maya, paths: [a] }]|has {\"request\": \"maya\", \"paths\": [\"a\"]}, whose paths must be a list of absolute paths",
            "local_packages_path = null|is null, but must be text",
            "read_package_cache = 1|is 1, but must be true or false",
            "package_cache_log_days = 4000000000|is 4000000000, which is too many days"})
    void read_badLineOfOurFile_isRefused(String line, String wrong) throws Exception {
        String name = line.replaceAll(" =.*", "");
        assertEquals("ROOT/own.conf:1: " + name + " " + wrong, new Place(folder).own(line + "\n").value(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"read_package_cache = yes|true", "package_cache_clean_limit = 1|1.0",
            "package_cache_log_days = \"3\"|3", "default_cachable = null|null",
            "prefetch_requests = [maya-2024 mtoa, { request: nuke }]|[\"maya-2024 mtoa\", {\"request\": \"nuke\"}]",
            "workers = 64|64",
            "platform_map { os { a: b } }|{\"os\": {\"a\": \"b\"}}"})
    void read_lineOfOurFile_isTaken(String line, String value) throws Exception {
        assertEquals(value, new Place(folder).own(line + "\n").value(line.replaceAll(" [={].*", "")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0x10|16", "010|8", "1_000|1000", "1:30|90",
            "1.0|'ROOT/home/.rezconfig:1: package_cache_log_days is 1.0, but must be a whole number'",
            "'\"1\"'|'ROOT/home/.rezconfig:1: package_cache_log_days is \"1\", but must be a whole number'",
            "08|'ROOT/home/.rezconfig:1: package_cache_log_days is \"08\", but must be a whole number'"})
    void read_yamlInteger_asPyYaml(String written, String value) throws Exception {
        assertEquals(value, new Place(folder).file("home/.rezconfig", "package_cache_log_days: " + written + "\n")
                .value("package_cache_log_days"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1.5|1.5", "-.inf|-Infinity", "1.0e+3|1000.0",
            "-1|ROOT/home/.rezconfig:1: package_cache_clean_limit is -1, but must be a number with a decimal point",
            "1e3|'ROOT/home/.rezconfig:1: package_cache_clean_limit is \"1e3\", but must be a number with a decimal point'"})
    void read_yamlFloat_asPyYaml(String written, String value) throws Exception {
        assertEquals(value, new Place(folder).file("home/.rezconfig", "package_cache_clean_limit: " + written + "\n")
                .value("package_cache_clean_limit"));
    }

    @Test
    void read_yamlTagOfPython_isAProblemOnlyWhereTheSettingIsNeeded() throws Exception {
        Place place = new Place(folder).file("home/.rezconfig",
                "a: !!python/object/apply:os.system [x]\ntmpdir: !!python/name:os.sep\n");
        assertEquals(
                "home/.rezconfig:2: tmpdir cannot be known without running the file (it has a YAML tag that only Python"
                        + " understands); set evaluator to a command such as rez-python, or set it in our own file or as $REZ_TMPDIR",
                String.join("\n", place.problems()));
    }

    @ParameterizedTest
    @ValueSource(ints = {45, 120})
    void read_yamlOfAliasesThatMultiply_isRefused(int levels) throws Exception {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < levels; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        text.append("packages_path: *a%d\n".formatted(levels - 1));
        assertEquals(1, new Place(folder).file("home/.rezconfig", text.toString()).problems().size());
    }

    @Test
    void read_yamlListThatHoldsItself_isRefused() throws Exception {
        assertEquals(
                "ROOT/home/.rezconfig:1: packages_path cannot be known without running the file (it is too large, or holds"
                        + " itself); set evaluator to a command such as rez-python, or set it in our own file or as $REZ_PACKAGES_PATH",
                new Place(folder).file("home/.rezconfig", "packages_path: &x [*x]\n").value("packages_path"));
    }

    @Test
    void read_computedPython_isAProblemAtItsLine() throws Exception {
        Place place = new Place(folder).file("home/.rezconfig.py", """
                import os
                tmpdir = os.path.join(os.sep, "t")
                quiet = os.getenv("Q")
                packages_path = ModifyList(append=[os.sep])
                package_cache_space_buffer = 100 * 1024
                """);
        assertEquals(
                Stream.of("home/.rezconfig.py:5: package_cache_space_buffer", "home/.rezconfig.py:4: packages_path",
                        "home/.rezconfig.py:2: tmpdir").toList(),
                place.problems().stream().map(problem -> problem.replaceAll(" cannot be known.*", "")).toList());
    }

    @Test
    void read_computedPythonThenSetElsewhere_isNoProblem() throws Exception {
        Place place = new Place(folder)
                .file("home/.rezconfig.py", "import os\ntmpdir = os.sep\npackages_path = list(x)\n")
                .variable("REZ_TMPDIR", "/t").own("packages_path = [/a]\n");
        assertEquals("\"/t\" [\"/a\"]", place.value("tmpdir") + " " + place.value("packages_path"));
    }

    @Test
    void read_modifyList_addsToTheFilesBefore() throws Exception {
        Place place = new Place(folder).file("a.py", "packages_path = ModifyList(prepend=['/p'], append=[\"/a,)\"])\n")
                .variable("REZ_CONFIG_FILE", folder.toRealPath() + "/a.py")
                .file("home/.rezconfig.py", """
                        packages_path = ModifyList(
                            append=["/b"],  # more ]
                        )
                        """);
        assertEquals(
                "[\"/p\", \"ROOT/home/packages\", \"ROOT/home/.rez/packages/int\", \"ROOT/home/.rez/packages/ext\","
                        + " \"/a,)\", \"/b\"]",
                place.value("packages_path"));
    }

    @Test
    void read_modifyListOfSomethingElse_isAProblem() throws Exception {
        assertEquals(
                "ROOT/home/.rezconfig.py:1: tmpdir cannot be known without running the file (ModifyList is applied to"
                        + " something that is not a list); set evaluator to a command such as rez-python, or set it in our own file or as $REZ_TMPDIR",
                new Place(folder).file("a", "tmpdir: /a\n").variable("REZ_CONFIG_FILE", folder.toRealPath() + "/a")
                        .file("home/.rezconfig.py", "tmpdir = ModifyList(append=['x'])\n").value("tmpdir"));
    }

    @Test
    void read_fileThatCannotBeRead_isAProblem() throws Exception {
        Place place = new Place(folder).file("home/.rezconfig", "tmpdir: /a\n");
        Files.write(place.home().resolve(".rezconfig"), new byte[]{'a', ':', (byte) 0xff});
        assertEquals("home/.rezconfig: is not UTF-8; rez does not start with it either",
                String.join("\n", place.problems()));
    }
}
