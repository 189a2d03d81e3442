package io.rezpkgcached.daemon;

import io.rezpkgcached.settings.Effective;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;

/** {@code rez-pkg-cached} in the foreground: serves one cache until SIGTERM or Ctrl-C. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        int status = run(words, System.out, System.err);
        System.exit(status);
    }

    private static int run(String[] words, PrintStream out, PrintStream err) {
        try {
            return switch (Arguments.parse(words)) {
                case Arguments.Help _ -> {
                    out.print(Arguments.HELP);
                    yield ExitCode.OK;
                }
                case Arguments.PrintVersion _ -> {
                    out.println("rez-pkg-cached " + Version.text());
                    yield ExitCode.OK;
                }
                case Arguments.PrintSettings print -> {
                    printSettings(print.config(), out);
                    yield ExitCode.OK;
                }
                case Arguments.PrintDropIn print -> {
                    out.print(DropIn.of(Foreground.cache(print.config(), print.cache())));
                    yield ExitCode.OK;
                }
                case Arguments.Serve serve -> Foreground
                        .of(serve, CacheDaemon.Manner.of(serve.untilIdle()), () -> {}).run();
            };
        } catch (Arguments.UsageException e) {
            err.println(Arguments.USAGE);
            err.println("rez-pkg-cached: error: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (StartException e) {
            err.println("rez-pkg-cached: " + e.getMessage());
            return e.exitCode();
        } catch (InterruptedException _) {
            return ExitCode.SOFTWARE;
        } catch (IOException | RuntimeException | Error e) {
            err.println("rez-pkg-cached: the daemon ended: " + e);
            return ExitCode.SOFTWARE;
        }
    }

    private static void printSettings(Optional<Path> config, PrintStream out) throws StartException {
        try {
            for (Effective setting : SettingsReader.effective(Surroundings.ofProcess(), InstalledFile.or(config))) {
                out.println(setting.name() + " = " + setting.value() + "    # " + setting.origin());
            }
        } catch (SettingsException e) {
            throw new StartException(ExitCode.CONFIG, e.getMessage());
        }
    }
}
