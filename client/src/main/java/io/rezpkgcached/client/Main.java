package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.Settings;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** {@code rez-pkg-cache}: lists a package cache, or requests variants. */
public final class Main {
    private static final int STDOUT_BUFFER = 1 << 16;

    private Main() {}

    public static void main(String[] words) {
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), STDOUT_BUFFER), false,
                StandardCharsets.UTF_8);
        int status = run(words, out, System.err);
        out.flush();
        System.exit(out.checkError() && status == ExitCode.OK ? ExitCode.IO : status);
    }

    private static int run(String[] words, PrintStream out, PrintStream err) {
        try {
            return switch (Arguments.parse(words)) {
                case Arguments.Help _ -> {
                    out.print(Arguments.HELP);
                    yield ExitCode.OK;
                }
                case Arguments.ListVariants list ->
                    new ListCommand(open(list.cache()), InstantSource.system()).run(out, err);
                case Arguments.Enqueue enqueue ->
                    new EnqueueCommand(open(enqueue.cache()), settings(), InstantSource.system()).run(enqueue.sources(),
                            out, err);
            };
        } catch (UsageException e) {
            err.println(Arguments.USAGE);
            err.println("rez-pkg-cache: error: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (SettingsException e) {
            err.println("rez-pkg-cache: " + e.getMessage());
            return ExitCode.FAILURE;
        } catch (NotDirectoryException e) {
            err.println("PackageCacheError: Not a directory: " + e.getMessage());
            return ExitCode.FAILURE;
        } catch (AccessDeniedException e) {
            err.println("rez-pkg-cache: permission denied: " + e.getFile());
            return ExitCode.FAILURE;
        } catch (IOException e) {
            err.println("rez-pkg-cache: " + e.getMessage());
            return ExitCode.FAILURE;
        }
    }

    private static CacheLayout open(Optional<Path> given)
            throws UsageException, SettingsException, NotDirectoryException {
        Optional<Path> cache = given.isPresent() ? given : settings().cache().path();
        if (cache.isEmpty()) {
            throw new UsageException("DIR must be specified, as there is no configured 'cache_packages_path'");
        }
        return CacheLayout.of(cache.get());
    }

    private static Settings settings() throws SettingsException {
        return SettingsReader.read(Surroundings.ofProcess(), InstalledFile.or(Optional.empty()));
    }
}
