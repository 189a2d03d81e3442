package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.publish.Step;
import java.time.Duration;

/** The daemon, but it takes a job that has not moved for a second for one that hangs. */
final class ImpatientDaemon {
    private ImpatientDaemon() {}

    public static void main(String[] words) throws Exception {
        Arguments.Serve arguments = (Arguments.Serve) Arguments.parse(words);
        CacheDaemon.Manner impatient = new CacheDaemon.Manner(Step.Observer.NONE, Duration.ofSeconds(1), false);
        System.exit(Foreground.of(arguments, impatient, () -> {}).run());
    }
}
