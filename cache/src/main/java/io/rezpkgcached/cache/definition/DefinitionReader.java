package io.rezpkgcached.cache.definition;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * Finds and reads the definition of a package in a repository of rez's filesystem kind.
 *
 * <p>It reads and runs nothing but the definition file; code runs only in the {@link Evaluator}, where there is one. It tells a package
 * that is gone from a repository that cannot be reached: to say gone, it has read the repository's folder.
 */
public final class DefinitionReader {
    /** rez's order; package_filenames could name others than "package", which no site is known to do. */
    private static final List<String> FILE_NAMES = List.of("package.py", "package.yaml");
    private static final int MAX_BYTES = 16 << 20;

    private final Optional<Evaluator> evaluator;

    public DefinitionReader(Optional<Evaluator> evaluator) {
        this.evaluator = evaluator;
    }

    /**
     * Reads the definition of {@code <location>/<name>[/<version>]}.
     *
     * @throws InterruptedException if the thread was interrupted while the evaluator ran, which is then dead
     */
    public Reading read(Path location, String name, Optional<String> version) throws InterruptedException {
        return evaluated(written(location, name, version), location, name, version);
    }

    /** What the file says, as far as it is written out. */
    private static Reading written(Path location, String name, Optional<String> version) {
        String wanted = name + version.map(v -> "-" + v).orElse("");
        if (!VariantLocator.isPlainName(name) || !version.map(VariantLocator::isPlainName).orElse(true)) {
            return new Reading.Absent("no package can be called '" + wanted + "'");
        }
        try {
            return readFile(location, name, version);
        } catch (IOException e) {
            return new Reading.Unreachable(
                    "cannot read the definition of " + wanted + " in " + location + ": " + shown(e));
        }
    }

    /** What an evaluator, if there is one, adds to that. */
    private Reading evaluated(Reading reading, Path location, String name, Optional<String> version)
            throws InterruptedException {
        return switch (reading) {
            case Reading.NeedsCode code -> evaluated(code, code.file(), location, name, version);
            // Python may have grown a syntax that is not known here.
            case Reading.Malformed malformed when malformed.file().toString().endsWith(".py") ->
                evaluated(malformed, malformed.file(), location, name, version);
            case Reading.Found _,Reading.Absent _,Reading.Unreachable _,Reading.Malformed _ -> reading;
        };
    }

    /**
     * The same, so far as it decides where payloads lie: what it says of caching may be missing. An evaluator is asked only
     * about that.
     *
     * @return empty where that cannot be known
     * @throws InterruptedException as {@link #read}
     */
    public Optional<Definition> readPlace(Path location, String name, Optional<String> version)
            throws InterruptedException {
        Reading written = written(location, name, version);
        if (written instanceof Reading.NeedsCode code && code.place().isPresent()) {
            return code.place();
        }
        return evaluated(written, location, name, version) instanceof Reading.Found found
                ? Optional.of(found.definition())
                : Optional.empty();
    }

    private static Reading readFile(Path location, String name, Optional<String> version) throws IOException {
        // 1. The repository itself, so that what is missing in it is known to be gone.
        if (!attributes(location).map(BasicFileAttributes::isDirectory).orElse(false)) {
            return new Reading.Unreachable("the repository is not there: " + location);
        }
        // 2. The package's folder, step by step, as a missing one may hide behind a file.
        Path family = location.resolve(name);
        Path folder = version.map(family::resolve).orElse(family);
        for (Path step : List.of(family, folder)) {
            if (!attributes(step).map(BasicFileAttributes::isDirectory).orElse(false)) {
                return gone(location, step);
            }
        }
        // 3. Its file.
        for (String fileName : FILE_NAMES) {
            Path file = folder.resolve(fileName);
            if (attributes(file).map(BasicFileAttributes::isRegularFile).orElse(false)) {
                return read(file);
            }
        }
        return gone(location, folder.resolve(FILE_NAMES.getFirst()));
    }

    private static Reading gone(Path location, Path missing) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(location)) {
            // The mount point of a file system that is not mounted is an empty folder.
            return entries.iterator().hasNext()
                    ? new Reading.Absent("there is no " + missing)
                    : new Reading.Unreachable("the repository is empty, as it is where it is not mounted: " + location);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Reading read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
            return new Reading.Malformed(file, 0, "it is larger than " + (MAX_BYTES >> 20) + " MiB");
        }
        Reading reading = file.toString().endsWith(".py") ? PythonFile.read(file, bytes) : YamlFile.read(file, bytes);
        return reading instanceof Reading.Found found && found.definition().timestamp().isEmpty()
                ? unlessOverridden(found, file.resolveSibling("release.yaml"))
                : reading;
    }

    /** What rez before 2.0 released has a second file, which can override anything where no timestamp is given. */
    private static Reading unlessOverridden(Reading.Found found, Path release) throws IOException {
        return attributes(release).map(BasicFileAttributes::isRegularFile).orElse(false)
                ? new Reading.NeedsCode(found.definition().file(), 1, "the package",
                        "it is of a rez before 2.0, and " + release + " may override what stands here")
                : found;
    }

    private Reading evaluated(Reading otherwise, Path file, Path location, String name, Optional<String> version)
            throws InterruptedException {
        if (evaluator.isEmpty()) {
            return otherwise;
        }
        try {
            return new Reading.Found(Attributes.definition(file, evaluator.get().evaluate(location, name, version)));
        } catch (IOException | SchemaException e) {
            return switch (otherwise) {
                case Reading.NeedsCode code ->
                    new Reading.NeedsCode(file, code.line(), code.attribute(), code.why() + "; " + shown(e),
                            code.place());
                case Reading.Found _,Reading.Absent _,Reading.Unreachable _,Reading.Malformed _ -> otherwise;
            };
        }
    }

    private static String shown(Exception e) {
        // The message of most file system exceptions is a mere path.
        return e.getClass() == IOException.class || e instanceof SchemaException ? e.getMessage() : e.toString();
    }
}
