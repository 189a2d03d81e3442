package io.rezpkgcached.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The distribution folder under test, or a copy of it. */
record Distribution(Path folder) {
    static Distribution built() {
        return new Distribution(Path.of(System.getProperty("dist.folder")));
    }

    Path daemon() {
        return folder.resolve("bin/rez-pkg-cached");
    }

    Path client() {
        return folder.resolve("bin/rez-pkg-cache");
    }

    Path memcache() {
        return folder.resolve("bin/rez-memcache");
    }

    List<Path> launchers() {
        return List.of(daemon(), client(), memcache());
    }

    /** Copies bin and lib, modes included, to a folder that does not exist. */
    Distribution copyTo(Path target) throws IOException {
        for (String part : List.of("bin", "lib")) {
            Files.createDirectories(target.resolve(part));
            try (var files = Files.list(folder.resolve(part))) {
                for (Path file : files.toList()) {
                    Files.copy(file, target.resolve(part).resolve(file.getFileName().toString()),
                            StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
        return new Distribution(target);
    }
}
