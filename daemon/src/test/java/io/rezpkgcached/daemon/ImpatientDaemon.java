package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.publish.Step;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.time.Duration;

/** The daemon, but it takes a job that has not moved for a second for one that hangs. */
final class ImpatientDaemon {
    private ImpatientDaemon() {}

    public static void main(String[] words) throws Exception {
        Arguments.Serve arguments = (Arguments.Serve) Arguments.parse(words);
        CacheDaemon daemon = CacheDaemon.open(arguments.cache().orElseThrow(),
                SettingsReader.read(Surroundings.ofProcess(), arguments.config()), Step.Observer.NONE,
                Duration.ofSeconds(1), false);
        Loop.Ending _ = Main.run(daemon, () -> {});
        System.exit(ExitCode.OK);
    }
}
