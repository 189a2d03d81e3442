package io.rezpkgcached.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A Java home whose program only tells how it was called, so that the launchers are tested without the program. */
record FakeJava(Path home) {
    private static final String PROGRAM = """
            #!/bin/sh
            printf 'home %s\\n' "${0%/bin/java}"
            printf 'pid %s\\n' $$
            printf 'locale %s\\n' "$LC_ALL"
            printf 'options %s\\n' "$JAVA_TOOL_OPTIONS$_JAVA_OPTIONS$JDK_JAVA_OPTIONS"
            for argument; do
                printf 'argument <%s>\\n' "$argument"
            done
            case $FAKE_JAVA in
                wait) trap 'exit 7' TERM; sleep 60 & wait $!; exit 1 ;;
                *) exit "${FAKE_JAVA:-0}" ;;
            esac
            """;

    static FakeJava of(Path home, String version) throws IOException {
        Path program = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(program, PROGRAM);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(home.resolve("release"),
                "IMPLEMENTOR=\"Fake\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        return new FakeJava(home);
    }

    /** The arguments that the program printed, in order. */
    static List<String> arguments(Run run) {
        return run.out().lines().filter(line -> line.startsWith("argument <"))
                .map(line -> line.substring("argument <".length(), line.length() - 1)).toList();
    }

    /** What the program printed after a word, or a failure that shows the whole run. */
    static String value(Run run, String word) {
        return run.out().lines().filter(line -> line.startsWith(word + " ")).findFirst()
                .map(line -> line.substring(word.length() + 1))
                .orElseThrow(() -> new AssertionError("no " + word + " in " + run));
    }
}
