package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.add.VariantAdder;

/** Serves one request on the thread of a worker. The edge at which a bug of ours costs this request alone. */
final class Serving {
    private final VariantAdder adder;
    private final RezLog log;
    private final Audience audience;

    Serving(VariantAdder adder, RezLog log, Audience audience) {
        this.audience = audience;
        this.adder = adder;
        this.log = log;
    }

    AddOutcome serve(Job job) {
        try {
            return adder.add(job.handle(), job.isLastTry(), job.monitor(), uri -> {
                log.started(job.handle(), uri);
                audience.started(job.handle(), uri);
            });
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new AddOutcome.Cancelled();
        } catch (RuntimeException | Error e) {
            log.bug("A bug while caching " + job.handle().qualifiedName() + "; the daemon goes on", e);
            return job.isLastTry() ? new AddOutcome.GivenUp(e.toString()) : new AddOutcome.Failed(e.toString());
        }
    }
}
