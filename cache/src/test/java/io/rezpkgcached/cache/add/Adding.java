package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.copy.LinkPolicy;
import io.rezpkgcached.cache.copy.Pace;
import io.rezpkgcached.cache.copy.PayloadCopier;
import io.rezpkgcached.cache.definition.Cachability;
import io.rezpkgcached.cache.definition.DefinitionReader;
import io.rezpkgcached.cache.definition.Shortlinks;
import io.rezpkgcached.cache.definition.VariantLocator;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.publish.Heartbeat;
import io.rezpkgcached.cache.publish.Publisher;
import io.rezpkgcached.cache.publish.Step;
import io.rezpkgcached.cache.testing.TestCache;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Settings under which one variant is added to a cache; to begin with, those under which everything is cached. */
record Adding(TestCache cache, AddPolicy policy, Step.Observer steps, Pace pace) {
    private static final Cachability.Rule SILENT = new Cachability.Rule(Optional.empty(), Map.of(), Map.of());

    static Adding to(TestCache cache) {
        return new Adding(cache, new AddPolicy(cachable(true), true, Optional.empty(), true, "/nowhere", 0, 100,
                List.of()), Step.Observer.NONE, Pace.unlimited());
    }

    private static Cachability cachable(boolean byDefault) {
        return new Cachability(new Cachability.Rule(Optional.of(byDefault), Map.of(), Map.of()), SILENT);
    }

    private Adding with(AddPolicy newPolicy) {
        return new Adding(cache, newPolicy, steps, pace);
    }

    Adding notCachable() {
        return with(new AddPolicy(cachable(false), policy.local(), policy.localRepository(), policy.sameDevice(),
                policy.tmpdir(), policy.spaceBuffer(), policy.usedThreshold(), policy.repositories()));
    }

    Adding notLocal(Path localRepository) {
        return with(new AddPolicy(policy.cachability(), false, Optional.of(localRepository), policy.sameDevice(),
                policy.tmpdir(), policy.spaceBuffer(), policy.usedThreshold(), policy.repositories()));
    }

    Adding notSameDevice() {
        return with(new AddPolicy(policy.cachability(), policy.local(), policy.localRepository(), false,
                policy.tmpdir(), policy.spaceBuffer(), policy.usedThreshold(), policy.repositories()));
    }

    Adding tmpdir(Path tmpdir) {
        return with(new AddPolicy(policy.cachability(), policy.local(), policy.localRepository(), policy.sameDevice(),
                tmpdir.toString(), policy.spaceBuffer(), policy.usedThreshold(), policy.repositories()));
    }

    Adding space(long buffer, long usedThreshold) {
        return with(new AddPolicy(policy.cachability(), policy.local(), policy.localRepository(), policy.sameDevice(),
                policy.tmpdir(), buffer, usedThreshold, policy.repositories()));
    }

    Adding within(Path... repositories) {
        return with(new AddPolicy(policy.cachability(), policy.local(), policy.localRepository(), policy.sameDevice(),
                policy.tmpdir(), policy.spaceBuffer(), policy.usedThreshold(), List.of(repositories)));
    }

    Adding observedBy(Step.Observer newSteps) {
        return new Adding(cache, policy, newSteps, pace);
    }

    Adding at(Pace newPace) {
        return new Adding(cache, policy, steps, newPace);
    }

    AddOutcome add(Handle handle) throws InterruptedException {
        return add(handle, false, new CopyMonitor());
    }

    AddOutcome add(Handle handle, boolean lastTry, CopyMonitor monitor) throws InterruptedException {
        try (Heartbeat heartbeat = new Heartbeat()) {
            PayloadCopier copier = new PayloadCopier(2, new LinkPolicy(policy.repositories()), pace);
            VariantAdder adder = new VariantAdder(cache.layout(), policy, new DefinitionReader(Optional.empty()),
                    new VariantLocator(Shortlinks.defaults(), UnaryOperator.identity()), copier,
                    new Publisher(cache.layout(), cache.lock(), InstantSource.system(), steps), heartbeat,
                    InstantSource.system());
            return adder.add(handle, lastTry, monitor, _ -> {});
        }
    }
}
