package io.rezpkgcached.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.eclipse.packager.rpm.FileFlags;
import org.eclipse.packager.rpm.RpmTag;
import org.eclipse.packager.rpm.RpmVersion;
import org.eclipse.packager.rpm.build.BuilderContext;
import org.eclipse.packager.rpm.build.FileInformation;
import org.eclipse.packager.rpm.build.RpmBuilder;
import org.eclipse.packager.rpm.deps.RpmDependencyFlags;

/**
 * A package for distributions that use rpm: the same for the same input, byte for byte.
 *
 * <p>The scripts folder holds the scriptlets, named as rpm's spec files name them.
 */
record RpmPackage(ControlFile control, Path scripts, Tree tree, long seconds) {
    private static final String ARCHITECTURE = "x86_64";
    private static final Set<String> DOCUMENTATION = Set.of("usr/share/doc/", "usr/share/man/");

    void write(Path target) throws IOException {
        Files.deleteIfExists(target);
        RpmVersion version = new RpmVersion(null, control.version(), control.release());
        try (RpmBuilder rpm = new RpmBuilder(control.field("Package"), version, ARCHITECTURE, target)) {
            describe(rpm.getInformation());
            // Symbols of a C library, as rpm finds them itself; Java 25 asks for this one.
            rpm.addRequirement("libc.so.6(GLIBC_2.17)(64bit)", null);
            rpm.addRequirement("/bin/sh", null);
            rpm.addRequirement("/bin/sh", null, RpmDependencyFlags.SCRIPT_POST, RpmDependencyFlags.INTERPRETER);
            rpm.setPostInstallationScript(Files.readString(scripts.resolve("post")));
            rpm.setPreRemoveScript(Files.readString(scripts.resolve("preun")));
            rpm.setPostRemoveScript(Files.readString(scripts.resolve("postun")));
            BuilderContext context = rpm.newContext();
            for (Entry entry : tree.entries()) {
                add(context, entry);
            }
            rpm.setHeaderCustomizer(header -> {
                header.putInt(RpmTag.BUILDTIME, (int) seconds);
                header.putInt(RpmTag.CHANGELOG_TIMESTAMP, (int) seconds);
                header.putStringArray(RpmTag.CHANGELOG_AUTHOR,
                        control.field("Maintainer") + " - " + control.field("Version"));
                header.putStringArray(RpmTag.CHANGELOG_TEXT, "- as upstream");
            });
            rpm.build();
        }
    }

    private void describe(RpmBuilder.PackageInformation information) {
        String summary = control.summary();
        information.setSummary(summary.substring(0, 1).toUpperCase(Locale.ROOT) + summary.substring(1));
        information.setDescription(control.description());
        information.setUrl(control.field("Homepage"));
        information.setPackager(control.field("Maintainer"));
        information.setLicense("Apache-2.0");
        information.setGroup("Unspecified");
        information.setBuildHost("localhost");
        information.setSourcePackage(control.field("Package") + "-" + control.field("Version") + ".src.rpm");
    }

    private void add(BuilderContext context, Entry entry) throws IOException {
        String path = "/" + entry.path();
        switch (entry) {
            case Entry.Folder folder -> {
                if (isOurs(folder)) {
                    context.addDirectory(path, (_, _, _) -> information(folder, folder.mode()));
                }
            }
            case Entry.Regular file ->
                context.addFile(path, file.content(), (_, _, _) -> information(file, file.mode()));
            case Entry.Link link -> context.addSymbolicLink(path, link.target(), (_, _, _) -> information(link, 0777));
        }
    }

    /** Folders of the system belong to another package, the one that all depend on. */
    private boolean isOurs(Entry.Folder folder) {
        return folder.path().contains(control.field("Package"));
    }

    private FileInformation information(Entry entry, int mode) {
        FileInformation information = new FileInformation();
        information.setUser("root");
        information.setGroup("root");
        information.setMode((short) mode);
        information.setTimestamp(Instant.ofEpochSecond(entry.seconds()));
        Set<FileFlags> flags = EnumSet.noneOf(FileFlags.class);
        if (entry instanceof Entry.Regular file && file.isConfiguration()) {
            flags.add(FileFlags.CONFIGURATION);
            flags.add(FileFlags.NOREPLACE);
        }
        if (DOCUMENTATION.stream().anyMatch(entry.path()::startsWith)) {
            flags.add(FileFlags.DOC);
        }
        if (entry.path().startsWith("usr/share/licenses/")) {
            flags.add(FileFlags.LICENSE);
        }
        information.setFileFlags(flags);
        return information;
    }
}
