package io.rezpkgcached.integration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.discovery.LauncherDiscoveryListeners;

/** Rules for the tests themselves, in the module that is built last and so sees them all. */
final class TestsOfAllModulesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.folder"));
    private static final Set<String> TAGS = Set.of("rez", "root");

    @Test
    void tests_cannotBeSkipped() throws IOException {
        noClasses().that().resideInAPackage("io.rezpkgcached..").and()
                .doNotHaveFullyQualifiedName(TestsOfAllModulesTest.class.getName()).should().dependOnClassesThat()
                .haveNameMatching(String.join("|", //
                        "org\\.junit\\.jupiter\\.api\\.Disabled", //
                        "org\\.junit\\.jupiter\\.api\\.Assumptions", //
                        "org\\.junit\\.jupiter\\.api\\.condition\\..*", //
                        "org\\.junit\\.jupiter\\.api\\.extension\\.ExecutionCondition", //
                        "org\\.opentest4j\\.TestAbortedException"))
                .because("a test that does not run shows nothing: give it a tag, which ./check counts")
                .check(new ClassFileImporter().importPaths(roots()));
    }

    /** Also writes down how many tests carry each tag, for ./check to tell how many it did not run. */
    @Test
    void tags_areThoseThatCheckKnows() throws Exception {
        var counts = new TreeMap<String, Integer>(TAGS.stream().collect(Collectors.toMap(tag -> tag, _ -> 0)));
        int all = 0;
        for (TestIdentifier test : tests()) {
            all++;
            for (TestTag tag : test.getTags()) {
                assertTrue(TAGS.contains(tag.getName()), "unknown tag " + tag.getName() + " on " + test.getUniqueId());
                counts.merge(tag.getName(), 1, Integer::sum);
            }
        }
        assertTrue(all > 0);
        List<String> lines = counts.entrySet().stream().map(count -> count.getKey() + "=" + count.getValue()).toList();
        Files.write(PROJECT.resolve("integration-tests/target/tests-by-tag.properties"), lines);
    }

    /** The test methods of all modules; one with parameters counts once, since its cases are known only when it runs. */
    private static List<TestIdentifier> tests() throws IOException, ClassNotFoundException {
        Set<Path> roots = roots();
        var urls = new ArrayList<URL>();
        for (Path root : roots) {
            urls.add(root.toUri().toURL());
        }
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (var loader = new URLClassLoader(urls.toArray(URL[]::new), before)) {
            thread.setContextClassLoader(loader);
            loadAll(roots, loader);
            var config = LauncherConfig.builder()
                    .addLauncherDiscoveryListeners(LauncherDiscoveryListeners.abortOnFailure()).build();
            TestPlan plan = LauncherFactory.create(config)
                    .discover(LauncherDiscoveryRequestBuilder.request().selectors(selectClasspathRoots(roots)).build());
            return plan.getRoots().stream().flatMap(root -> plan.getDescendants(root).stream())
                    .filter(test -> test.getSource().filter(MethodSource.class::isInstance).isPresent()).toList();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** A class that cannot be loaded would be left out of the count without a word. */
    private static void loadAll(Set<Path> roots, ClassLoader loader) throws IOException, ClassNotFoundException {
        int loaded = 0;
        for (Path root : roots) {
            try (var files = Files.walk(root)) {
                for (Path file : files.filter(file -> file.toString().endsWith("Test.class")).toList()) {
                    String name = root.relativize(file).toString().replace('/', '.');
                    loaded += Class.forName(name.substring(0, name.length() - ".class".length()), false, loader)
                            .getDeclaredMethods().length;
                }
            }
        }
        assertTrue(loaded > 0);
    }

    private static Set<Path> roots() throws IOException {
        try (var modules = Files.list(PROJECT)) {
            Set<Path> roots = modules.map(module -> module.resolve("target/test-classes")).filter(Files::isDirectory)
                    .collect(Collectors.toSet());
            assertEquals(Set.of(), Set.of(PROJECT.resolve("dist/target/test-classes"),
                    PROJECT.resolve("integration-tests/target/test-classes")).stream()
                    .filter(root -> !roots.contains(root)).collect(Collectors.toSet()));
            return roots;
        }
    }
}
