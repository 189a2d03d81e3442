package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.resolve.key.RepositoryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/** A repository of packages for tests, each file of which is as old as it is told to be. */
final class Repository {
    static final Instant OLD = Instant.ofEpochSecond(1_700_000_000, 123_456_789);

    private final Path folder;

    Repository(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder).toRealPath();
    }

    Path folder() {
        return folder;
    }

    RepositoryFolder located() {
        return RepositoryFolder.of(folder);
    }

    /** A package without variants. */
    Handle add(String name, String version, String... lines) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name).resolve(version));
        Path definition = place.resolve("package.py");
        Files.writeString(definition,
                "name = '" + name + "'\nversion = '" + version + "'\n" + String.join("\n", lines) + "\n");
        age(definition, OLD);
        age(folder.resolve(name), OLD);
        return Handle.of(folder.toString(), name, Optional.of(version), OptionalInt.empty());
    }

    void addUnversioned(String name) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        Files.writeString(place.resolve("package.py"), "name = '" + name + "'\n");
        age(place.resolve("package.py"), OLD);
        age(place, OLD);
    }

    /** A package that is one file for all its versions. */
    void addCombined(String name) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, "name: " + name + "\nversions:\n- '1.0'\n- '2.0'\n");
        age(file, OLD);
    }

    static void age(Path file, Instant time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
