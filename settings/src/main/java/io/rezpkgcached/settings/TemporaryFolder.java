package io.rezpkgcached.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Python's {@code tempfile.gettempdir()}: the first folder of a list that can be written to. */
final class TemporaryFolder {

    private TemporaryFolder() {}

    static Optional<String> find(Surroundings surroundings) {
        String here = surroundings.workingDirectory().toString();
        Stream<String> variables = Stream.of("TMPDIR", "TEMP", "TMP").map(surroundings.variables()::get)
                .filter(value -> value != null && !value.isEmpty());
        return Stream.concat(variables, Stream.of("/tmp", "/var/tmp", "/usr/tmp", here))
                .map(folder -> PythonPath.absolute(folder, here)).filter(TemporaryFolder::isUsable).findFirst();
    }

    /** Python makes a file there to find out; asking the system leaves no trace. */
    private static boolean isUsable(String folder) {
        Path path = Path.of(folder);
        return Files.isDirectory(path) && Files.isWritable(path) && Files.isExecutable(path);
    }
}
