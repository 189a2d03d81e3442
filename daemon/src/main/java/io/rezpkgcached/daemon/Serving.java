package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.add.AddProgress;
import io.rezpkgcached.cache.add.VariantAdder;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.shared.IndexGuard;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Serves one request on the thread of a worker. The edge at which a bug of ours costs this request alone. */
final class Serving {
    private final VariantAdder adder;
    private final VariantAdder sparing;
    private final RezLog log;
    private final Audience audience;
    private final Optional<IndexGuard> indexes;
    private Consumer<Event> events = _ -> {};

    /** @param indexes of a shared cache */
    Serving(VariantAdder adder, RezLog log, Audience audience, Optional<IndexGuard> indexes) {
        this.indexes = indexes;
        this.audience = audience;
        this.adder = adder;
        this.sparing = adder.sparing();
        this.log = log;
    }

    void sendTo(Consumer<Event> loop) {
        events = loop;
    }

    /** What becomes of one job. */
    private final class Told implements AddProgress {
        private final Job job;

        Told(Job job) {
            this.job = job;
        }

        @Override
        public void started(String uri) {
            log.started(job.handle(), uri);
            audience.started(job.handle(), uri);
        }

        @Override
        public void claimed(Entry entry, Handle handle, List<String> requirements) {
            job.claimed();
            indexes.ifPresent(guard -> guard.add(entry, handle, requirements));
        }

        @Override
        public void copied() {
            events.accept(new Event.Copied(job));
        }
    }

    AddOutcome serve(Job job) {
        try {
            return (job.isPrefetch() ? sparing : adder).add(job.handle(), job.isLastTry(), job.monitor(),
                    new Told(job));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new AddOutcome.Cancelled();
        } catch (RuntimeException | Error e) {
            log.bug("A bug while caching " + job.handle().qualifiedName() + "; the daemon goes on", e);
            return job.isLastTry() ? new AddOutcome.GivenUp(e.toString()) : new AddOutcome.Failed(e.toString());
        }
    }
}
