package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsReaderTest {

    @TempDir
    private Path folder;

    private Place place;

    @BeforeEach
    void makePlace() throws IOException {
        place = new Place(folder);
    }

    @Test
    void read_nothingSet_givesTheDefaults() throws SettingsException {
        String home = place.home().toString();
        Settings settings = place.variable("TMPDIR", home).read();

        assertEquals(new CacheSettings(Optional.empty(), true, true, Duration.ofDays(30), false, false, false, true,
                Duration.ofMillis(500), Duration.ofDays(7), 104857600, 80, home), settings.cache());
        assertEquals(new CachabilitySettings(Optional.of(false), Map.of(), Map.of(), true, Map.of(), Map.of()),
                settings.cachability());
        assertEquals(
                new PackagesSettings(
                        List.of(repository(home + "/packages"), repository(home + "/.rez/packages/int"),
                                repository(home + "/.rez/packages/ext")),
                        repository(home + "/packages"), repository(home + "/.rez/packages/int"), List.of(),
                        Optional.of("_v")),
                settings.packages());
        assertEquals(
                new ResolveCacheSettings(List.of(), true, false,
                        List.of("~platform==linux", "~arch==x86_64", "~os==CentOS-7.9"), List.of(), List.of(), true,
                        Duration.ofMillis(200)),
                place.readResolveCache());
        assertEquals(new CopySettings(4, 8, OptionalLong.empty()), settings.copy());
        assertEquals(new RequestSettings(Duration.ofSeconds(60), 4, Duration.ofSeconds(5), Duration.ofMinutes(5),
                Duration.ofSeconds(30)),
                settings.requests());
        assertEquals(new EvaluatorSettings(List.of(), Duration.ofSeconds(10)), settings.evaluator());
        assertEquals(false, settings.remoteCacheAllowed());
        assertEquals(LogLevel.INFO, settings.logLevel());
        assertEquals(Declared.ALL.stream().map(Setting::name).toList(),
                place.effective().stream().map(Effective::name).toList());
    }

    @Test
    void read_everySettingOfOurs_givesIt() throws Exception {
        Settings settings = place.own("""
                repositories = [/svr/packages, "~/mine"]
                workers = 2
                copy_threads = 64
                copy_bytes_per_second = 100 MB
                scan_interval = 2 minutes
                max_tries = 1
                retry_pause = 500 ms
                retry_pause_max = 500 ms
                idle_timeout = 2 s
                evaluator = [rez-python, "-s", "a b"]
                evaluator_timeout = 1.5 s
                allow_remote_cache = true
                log_level = debug
                """).read();

        assertEquals(List.of(Path.of("/svr/packages"), place.home().resolve("mine")), settings.packages().readable());
        assertEquals(new CopySettings(2, 64, OptionalLong.of(100_000_000)), settings.copy());
        assertEquals(new RequestSettings(Duration.ofMinutes(2), 1, Duration.ofMillis(500), Duration.ofMillis(500),
                Duration.ofSeconds(2)),
                settings.requests());
        assertEquals(new EvaluatorSettings(List.of("rez-python", "-s", "a b"), Duration.ofMillis(1500)),
                settings.evaluator());
        assertEquals(true, settings.remoteCacheAllowed());
        assertEquals(LogLevel.DEBUG, settings.logLevel());
    }

    @Test
    void read_settingInEveryLayer_theLaterOneCountsAndIsNamed() throws Exception {
        place.file("a.yaml", "package_cache_max_variant_days: 1\n")
                .variable("REZ_CONFIG_FILE", place.root() + "/a.yaml");
        assertOrigin("1", place.root() + "/a.yaml:1");
        place.file("home/.rezconfig", "# mine\npackage_cache_max_variant_days: 2\n");
        assertOrigin("2", place.home() + "/.rezconfig:2");
        place.own("\n\npackage_cache_max_variant_days = 3\n");
        assertOrigin("3", place.root() + "/own.conf:3");
        place.variable("REZ_PACKAGE_CACHE_MAX_VARIANT_DAYS_JSON", "4");
        assertOrigin("4", "$REZ_PACKAGE_CACHE_MAX_VARIANT_DAYS_JSON");
        place.variable("REZ_PACKAGE_CACHE_MAX_VARIANT_DAYS", "5");
        assertOrigin("5", "$REZ_PACKAGE_CACHE_MAX_VARIANT_DAYS");
    }

    @Test
    void read_manyProblems_namesAllWithPlaceAndRemedy() throws Exception {
        place.file("a.yaml", "quiet: 17\npackage_cache_async: 1\npackage_cache_clean_limit: -1\n")
                .variable("REZ_CONFIG_FILE", place.root() + "/a.yaml:" + place.root() + "/b.yaml")
                .file("b.yaml", "a: [\n")
                .own("""
                        wokers = 3
                        frobnicate = 1
                        workers = 65
                        scan_interval = 60
                        log_level = loud
                        retry_pause = 60
                        repositories = [a]
                        max_tries = 1.5
                        default_cachable_per_repository { /svr/x.y = true }
                        """)
                .variable("REZ_READ_PACKAGE_CACHE", "maybe").variable("REZ_IMPLICIT_PACKAGES_JSON", "[")
                .variable("REZ_PKG_CACHED_COPY_BYTES_PER_SECOND", "fast");

        assertEquals(List.of(
                "b.yaml:2: is not YAML: expected the node content, but found '<stream end>'",
                "own.conf:9: default_cachable_per_repository has a dictionary inside; write names with a dot or a colon in double quotes",
                "own.conf:2: frobnicate is not a setting; remove it",
                "own.conf:1: wokers is not a setting; did you mean workers?",
                "$REZ_READ_PACKAGE_CACHE: read_package_cache is \"maybe\", but must be one of 1, true, t, yes, y, on, 0, false, f, no, n, off",
                "a.yaml:2: package_cache_async is 1, but must be true or false",
                "a.yaml:3: package_cache_clean_limit is -1, but must be a number with a decimal point",
                "$REZ_IMPLICIT_PACKAGES_JSON: implicit_packages is not JSON",
                "own.conf:7: repositories has \"a\", but must hold absolute paths only",
                "own.conf:3: workers is 65, but must be from 1 to 64",
                "$REZ_PKG_CACHED_COPY_BYTES_PER_SECOND: copy_bytes_per_second is \"fast\", but must be a number of bytes, as in \"100 MB\", or none",
                "own.conf:4: scan_interval is 60, but must be a time with a unit, as in \"60 s\"",
                "own.conf:8: max_tries is 1.5, but must be a whole number",
                "own.conf:6: retry_pause is 60, but must be a time with a unit, as in \"60 s\"",
                "own.conf:5: log_level is \"loud\", but must be error, warn, info or debug"), place.problems());
        assertThrows(SettingsException.class, place::read);
    }

    @Test
    void read_pauseAboveItsMaximum_isRefused() throws Exception {
        place.own("retry_pause = 10 minutes\n");
        assertEquals(List.of("default: retry_pause_max is below retry_pause; raise it or lower the other"),
                assertThrows(SettingsException.class, place::read).problems());
    }

    @Test
    void read_sharedCache_needsRepositories() throws Exception {
        place.own("workers = 2\nshared_cache = true\nadmin_group = artists\n");
        assertEquals(
                List.of(place.root().resolve("own.conf") + ":2: shared_cache is on, and repositories is empty; name the"
                        + " folders that payloads may be read from"),
                assertThrows(SettingsException.class, place::read).problems());
        place.variable("REZ_PKG_CACHED_REPOSITORIES", "/svr/packages");
        assertEquals(new SharingSettings(true, Optional.of("artists"), OptionalLong.of(100_000_000)),
                place.read().sharing());
    }

    @Test
    void read_ownFileMissing_isRefused() {
        Path missing = place.root().resolve("none.conf");
        assertEquals(List.of(missing + ": there is no such file; make it, or name another"), assertThrows(
                SettingsException.class, () -> SettingsReader.read(place.surroundings(), Optional.of(missing)))
                .problems());
    }

    @Test
    void read_ownFileNotHocon_namesTheLine() throws Exception {
        place.own("workers = 1\nb = [\n");
        assertEquals("own.conf:3", place.problems().getFirst().replaceAll(": .*", ""));
    }

    @Test
    void read_ownFileWithVariables_usesThoseGiven() throws Exception {
        place.own("cache_packages_path = ${HOME}/cache\nworkers = ${?N}\ncopy_threads = ${?NOT_SET}\n")
                .variable("N", "7");
        Settings settings = place.read();
        assertEquals(Optional.of(place.home().resolve("cache")), settings.cache().path());
        assertEquals(new CopySettings(7, 8, OptionalLong.empty()), settings.copy());
    }

    @Test
    void read_dictionariesInSeveralFiles_areMerged() throws Exception {
        place.file("home/.rezconfig", "default_cachable_per_package: {a: true, b: true, c: 1}\n")
                .own("default_cachable_per_package { b: false, d: null, \"e.f\": true }\n");
        assertEquals(Map.of("a", true, "b", false, "c", true, "e.f", true),
                place.read().cachability().cachablePerPackage());
    }

    @Test
    void read_emptyCachePath_isOff() throws Exception {
        assertEquals(Optional.empty(), place.variable("REZ_CACHE_PACKAGES_PATH", "").read().cache().path());
    }

    @Test
    void read_relativeCachePath_startsAtTheWorkingDirectory() throws Exception {
        assertEquals(Optional.of(place.work().resolve("c")),
                place.variable("REZ_CACHE_PACKAGES_PATH", "c").read().cache().path());
    }

    @Test
    void read_repositoryOfAnotherType_hasNoFolder() throws Exception {
        place.variable("REZ_PACKAGES_PATH", "memory@x:filesystem@/a/../b:c");
        assertEquals(List.of(new RepositoryPath("memory@x", Optional.empty()),
                new RepositoryPath("filesystem@/a/../b", Optional.of(Path.of("/b"))),
                new RepositoryPath("c", Optional.of(place.work().resolve("c")))),
                place.read().packages().packagesPath());
    }

    @Test
    void read_shortlinksOff_haveNoFolder() throws Exception {
        assertEquals(Optional.empty(),
                place.variable("REZ_USE_VARIANT_SHORTLINKS", "off").read().packages().shortlinksDirname());
    }

    private static RepositoryPath repository(String text) {
        return new RepositoryPath(text, Optional.of(Path.of(text)));
    }

    private void assertOrigin(String value, String origin) throws SettingsException {
        Effective effective = place.effective().stream()
                .filter(each -> each.name().equals("package_cache_max_variant_days")).findFirst().orElseThrow();
        assertEquals(value + " " + origin, effective.value() + " " + effective.origin());
    }
}
