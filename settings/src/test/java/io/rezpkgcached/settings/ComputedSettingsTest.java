package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComputedSettingsTest {

    @TempDir
    Path folder;

    private Place place;

    @BeforeEach
    void makePlace() throws Exception {
        folder = folder.toRealPath();
        place = new Place(folder).file("home/.rezconfig.py",
                "import os\ncache_packages_path = os.path.join('/', 'c')\ndefault_cachable = bool(os.sep)\n");
    }

    /** A command that prints the names that it is asked for, on stderr, and an answer. */
    private Path evaluator(String answer) throws Exception {
        Path script = folder.resolve("rez python");
        Files.writeString(script, "#!/bin/sh\nshift 2; echo \"$@\" >>'" + folder + "/asked'; " + answer + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void read_rezBesideUs_isAskedOnceForAllThatIsComputed() throws Exception {
        place.variables().put("REZ_PKG_CACHED_REZ_PYTHON",
                evaluator("echo '{\"cache_packages_path\": \"/c\", \"default_cachable\": true}'").toString());
        assertEquals("\"/c\"", place.value("cache_packages_path"));
        assertEquals("true", place.value("default_cachable"));
        assertEquals("cache_packages_path default_cachable\n".repeat(2), Files.readString(folder.resolve("asked")));
    }

    @Test
    void read_nothingComputed_asksNobody() throws Exception {
        place.file("home/.rezconfig.py", "cache_packages_path = '/c'\n");
        place.variables().put("REZ_PKG_CACHED_REZ_PYTHON", evaluator("exit 1").toString());
        assertEquals("\"/c\"", place.value("cache_packages_path"));
        assertEquals(false, Files.exists(folder.resolve("asked")));
    }

    @Test
    void read_evaluatorOfTheConfiguration_comesFirst() throws Exception {
        place.variables().put("REZ_PKG_CACHED_REZ_PYTHON", "/nonexistent");
        place.own("evaluator = [\""
                + evaluator("echo '{\"cache_packages_path\": \"/c\", \"default_cachable\": true}'") + "\"]\n");
        assertEquals("\"/c\"", place.value("cache_packages_path"));
    }

    @Test
    void effective_computedSettings_standInTheirOrder() throws Exception {
        place.variables().put("REZ_PKG_CACHED_REZ_PYTHON",
                evaluator("echo '{\"cache_packages_path\": \"/c\", \"default_cachable\": true}'").toString());
        List<String> names = place.effective().stream().map(Effective::name).toList();
        place.file("home/.rezconfig.py", "cache_packages_path = '/c'\ndefault_cachable = True\n");
        assertEquals(place.effective().stream().map(Effective::name).toList(), names);
    }

    @Test
    void read_evaluatorThatIsNone_isOneProblemHoweverMuchIsComputed() throws Exception {
        place.own("evaluator_timeout = never\n");
        assertEquals(1, place.problems().stream().filter(problem -> problem.contains("evaluator_timeout ")).count(),
                place.problems()::toString);
    }

    @Test
    void read_evaluatorThatFails_isSaid() throws Exception {
        place.variables().put("REZ_PKG_CACHED_REZ_PYTHON", evaluator("echo no >&2; exit 3").toString());
        assertEquals(
                "home/.rezconfig.py:2: cache_packages_path cannot be known without running the file (refers to 'os'),"
                        + " and the evaluator failed with status 3: no",
                place.problems().getFirst());
    }

    @Test
    void read_evaluatorOfAnotherMind_isRefusedAsAnyValue() throws Exception {
        place.variables().put("REZ_PKG_CACHED_REZ_PYTHON",
                evaluator("echo '{\"cache_packages_path\": 1, \"default_cachable\": true}'").toString());
        assertEquals("ROOT/home/.rezconfig.py:2: cache_packages_path is 1, but must be text, or none",
                place.value("cache_packages_path"));
    }
}
