package io.rezpkgcached.dist;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which module and package may see which: dependencies point one way. */
final class ArchitectureTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.folder"));
    private static final String ROOT = "io.rezpkgcached.";

    /** A module, and the modules whose code it may use besides its own. */
    private static final Map<String, Set<String>> MODULES = Map.of( //
            "cache", Set.of(), //
            "settings", Set.of("cache"), //
            "resolve", Set.of("cache", "settings"), //
            "control", Set.of("cache"), //
            "daemon", Set.of("cache", "settings", "resolve", "control"), //
            "client", Set.of("cache", "settings", "resolve", "control"), //
            "dist", Set.of());

    static final List<Confined> CONFINED = List.of( //
            new Confined("java.lang.foreign..", List.of("cache.posix")), //
            new Confined("com.google.gson..", List.of("cache.json")), //
            new Confined("com.typesafe.config..", List.of("settings..")), //
            new Confined("net.spy..", List.of("resolve.server")), //
            new Confined("org.apache.logging.log4j..", List.of("daemon..")), //
            new Confined("org.apache.commons.daemon..", List.of("daemon..")), //
            new Confined("org.apache.commons.compress..", List.of("dist..")), //
            new Confined("org.eclipse.packager..", List.of("dist..")));

    /** Packages of a library, and the only packages of ours that may use it. */
    record Confined(String library, List<String> users) {
        @Override
        public String toString() {
            return library + " in " + users;
        }
    }

    private final JavaClasses classes = new ClassFileImporter()
            .importPaths(MODULES.keySet().stream().map(ArchitectureTest::output).toList());

    @Test
    void classFiles_ofAllModules_areReadAndLieInThePackageOfTheirModule() throws IOException {
        for (String module : MODULES.keySet()) {
            Path output = output(module);
            try (var files = Files.walk(output)) {
                Set<String> expected = files.map(output::relativize).map(Path::toString)
                        .filter(name -> name.endsWith(".class"))
                        .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                        .collect(Collectors.toSet());
                Set<String> read = classes.stream().map(JavaClass::getName).filter(name -> inModule(name, module))
                        .collect(Collectors.toSet());
                assertEquals(expected, read);
            }
        }
    }

    @Test
    void modules_useOnlyThoseBelow() {
        MODULES.forEach((module, below) -> {
            String[] others = MODULES.keySet().stream().filter(other -> !other.equals(module) && !below.contains(other))
                    .map(other -> ROOT + other + "..").toArray(String[]::new);
            noClasses().that().resideInAPackage(ROOT + module + "..").should().dependOnClassesThat()
                    .resideInAnyPackage(others).allowEmptyShould(true).check(classes);
        });
    }

    @ParameterizedTest
    @FieldSource("CONFINED")
    void library_isUsedOnlyWhereItBelongs(Confined confined) {
        String[] users = confined.users().stream().map(user -> ROOT + user).toArray(String[]::new);
        noClasses().that().resideOutsideOfPackages(users).should().dependOnClassesThat()
                .resideInAPackage(confined.library()).allowEmptyShould(true).check(classes);
    }

    @Test
    void packages_haveNoCycles() {
        slices().matching(ROOT + "(**)").should().beFreeOfCycles().allowEmptyShould(true).check(classes);
    }

    @Test
    void packages_allSayTheirJob() throws IOException {
        for (String module : MODULES.keySet()) {
            try (var files = Files.walk(PROJECT.resolve(module).resolve("src/main/java"))) {
                Set<Path> packages = files.filter(file -> file.toString().endsWith(".java")).map(Path::getParent)
                        .collect(Collectors.toSet());
                assertTrue(!packages.isEmpty(), module);
                List<Path> silent = packages.stream()
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java"))).toList();
                assertEquals(List.of(), silent);
            }
        }
    }

    private static Path output(String module) {
        return PROJECT.resolve(module).resolve("target/classes");
    }

    private static boolean inModule(String name, String module) {
        return name.startsWith(ROOT + module + ".");
    }
}
