package io.rezpkgcached.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * Writes the packages: {@code WritePackages STAGED TARGET TIME}, the staging folder, the folder of the packages, and the
 * time of the build in ISO 8601.
 *
 * <p>The staging folder holds {@code all}, {@code deb} and {@code rpm}, each standing for the root folder, and in
 * {@code control} and {@code scripts} what the packages say and run.
 */
final class WritePackages {
    private static final int WORDS = 3;

    private WritePackages() {}

    public static void main(String[] words) throws IOException {
        if (words.length != WORDS) {
            throw new IllegalArgumentException("usage: WritePackages STAGED TARGET TIME");
        }
        Path staged = Path.of(words[0]);
        Path target = Path.of(words[1]);
        long seconds = Instant.parse(words[2]).getEpochSecond();
        Path all = staged.resolve("all");
        ControlFile control = ControlFile.read(staged.resolve("control/control"));
        String name = control.field("Package");
        String version = control.field("Version");
        new DebPackage(staged.resolve("control"), Tree.of(List.of(all, staged.resolve("deb"))), seconds)
                .write(target.resolve(name + "_" + version + "_" + control.field("Architecture") + ".deb"));
        new RpmPackage(control, staged.resolve("scripts"), Tree.of(List.of(all, staged.resolve("rpm"))), seconds)
                .write(target.resolve(name + "-" + version + ".x86_64.rpm"));
    }
}
