package io.rezpkgcached.integration;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;

/** Rules for the tests themselves, in the module that is built last and so sees them all. */
final class TestsOfAllModulesTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.folder"));
    private static final Set<String> TAGS = Set.of("rez", "root");
    private static final Set<Class<? extends Annotation>> KINDS_OF_TESTS = Set.of(Test.class, ParameterizedTest.class,
            RepeatedTest.class, TestFactory.class);

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

    /**
     * Also writes down how many tests carry each tag, for ./check to tell how many it did not run. Read from the class
     * files: one with parameters counts once, since its cases are known only when it runs.
     */
    @Test
    void tags_areThoseThatCheckKnows() throws IOException {
        var counts = new TreeMap<String, Integer>(TAGS.stream().collect(Collectors.toMap(tag -> tag, _ -> 0)));
        int all = 0;
        for (JavaClass tests : new ClassFileImporter().importPaths(roots())) {
            for (JavaMethod test : tests.getMethods()) {
                if (KINDS_OF_TESTS.stream().noneMatch(test::isAnnotatedWith)) {
                    continue;
                }
                all++;
                for (String tag : tags(test)) {
                    assertTrue(TAGS.contains(tag), "unknown tag " + tag + " on " + test.getFullName());
                    counts.merge(tag, 1, Integer::sum);
                }
            }
        }
        assertTrue(all > 0);
        List<String> lines = counts.entrySet().stream().map(count -> count.getKey() + "=" + count.getValue()).toList();
        Files.write(PROJECT.resolve("integration-tests/target/tests-by-tag.properties"), lines);
    }

    /** Its own, and those of the classes around it. */
    private static Set<String> tags(JavaMethod test) {
        Set<String> tags = new TreeSet<>();
        test.tryGetAnnotationOfType(Tag.class).ifPresent(tag -> tags.add(tag.value()));
        for (Optional<JavaClass> around = Optional.of(test.getOwner()); around.isPresent(); around = around.get()
                .getEnclosingClass()) {
            around.get().tryGetAnnotationOfType(Tag.class).ifPresent(tag -> tags.add(tag.value()));
        }
        return tags;
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
