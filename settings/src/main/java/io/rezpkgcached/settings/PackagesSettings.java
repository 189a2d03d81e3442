package io.rezpkgcached.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where packages are.
 *
 * @param packagesPath the repositories that rez searches, in order
 * @param localPackagesPath the user's own repository
 * @param releasePackagesPath where releases go
 * @param readable ours: absolute folders that payloads may be read from; empty: any, for requests of the daemon's own user
 * @param shortlinksDirname the folder of a package's short links to hashed variants; empty: they are not used
 */
public record PackagesSettings(List<RepositoryPath> packagesPath, RepositoryPath localPackagesPath,
        RepositoryPath releasePackagesPath, List<Path> readable, Optional<String> shortlinksDirname) {

    public PackagesSettings {
        packagesPath = List.copyOf(packagesPath);
        Objects.requireNonNull(localPackagesPath, "localPackagesPath");
        Objects.requireNonNull(releasePackagesPath, "releasePackagesPath");
        readable = List.copyOf(readable);
        Objects.requireNonNull(shortlinksDirname, "shortlinksDirname");
    }
}
