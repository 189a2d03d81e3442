package io.rezpkgcached.settings;

import io.rezpkgcached.cache.add.AddPolicy;
import io.rezpkgcached.cache.add.VariantAdder;
import io.rezpkgcached.cache.copy.LinkPolicy;
import io.rezpkgcached.cache.copy.Pace;
import io.rezpkgcached.cache.copy.PayloadCopier;
import io.rezpkgcached.cache.copy.Readers;
import io.rezpkgcached.cache.definition.Cachability;
import io.rezpkgcached.cache.definition.DefinitionReader;
import io.rezpkgcached.cache.definition.Evaluator;
import io.rezpkgcached.cache.definition.Shortlinks;
import io.rezpkgcached.cache.definition.VariantLocator;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.publish.Heartbeat;
import io.rezpkgcached.cache.publish.Publisher;
import io.rezpkgcached.cache.version.Requirement;
import io.rezpkgcached.cache.version.VersionException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** What the settings mean for the parts of the cache library, for everything that puts these together. */
public final class CachePolicies {
    private final Settings settings;

    public CachePolicies(Settings settings) {
        this.settings = settings;
    }

    /** What caches variants. */
    public VariantAdder adder(CacheLayout layout, Publisher publisher, Heartbeat heartbeat, InstantSource time) {
        return new VariantAdder(layout, adding(), definitions(), locator(), copier(), publisher, heartbeat, time);
    }

    /** Whether users other than our own run environments from the cache. */
    public boolean areForOthers() {
        return !settings.packages().readable().isEmpty();
    }

    /** Whether all users of the machine share the cache. */
    public boolean isShared() {
        return settings.sharing().shared();
    }

    /** What is cached. */
    public AddPolicy adding() {
        CacheSettings cache = settings.cache();
        return new AddPolicy(cachability(), cache.local(), settings.packages().localPackagesPath().folder(),
                cache.sameDevice(), cache.tmpdir(), cache.spaceBuffer(), cache.usedThreshold(),
                settings.packages().readable());
    }

    private Cachability cachability() {
        CachabilitySettings found = settings.cachability();
        return new Cachability(
                new Cachability.Rule(found.cachable(), found.cachablePerRepository(), found.cachablePerPackage()),
                new Cachability.Rule(Optional.of(found.relocatable()), found.relocatablePerRepository(),
                        found.relocatablePerPackage()));
    }

    /** How definitions are read. */
    public DefinitionReader definitions() {
        EvaluatorSettings evaluator = settings.evaluator();
        return new DefinitionReader(evaluator.command().isEmpty() || isShared() // whose code that is, nobody checks
                ? Optional.empty()
                : Optional.of(new Evaluator(evaluator.command(), evaluator.timeout())));
    }

    /** Where payloads lie in a repository. */
    public VariantLocator locator() {
        Optional<String> folder = settings.packages().shortlinksDirname();
        return new VariantLocator(new Shortlinks(folder.isPresent(), folder.orElse("")), CachePolicies::canonical);
    }

    private static String canonical(String requirement) {
        try {
            return Requirement.parse(requirement).toString();
        } catch (VersionException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** How payloads are copied. */
    public PayloadCopier copier() {
        CopySettings copy = settings.copy();
        Pace pace = copy.bytesPerSecond().isPresent()
                ? Pace.bytesPerSecond(copy.bytesPerSecond().getAsLong())
                : Pace.unlimited();
        return new PayloadCopier(copy.threads(), new LinkPolicy(settings.packages().readable()), pace,
                isShared() ? Readers.EVERYONE : Readers.AS_SOURCE);
    }

    /** Cached variants that were not used for longer are cleaned away; empty: none, as rez's 0 days. */
    public Optional<Duration> unusedFor() {
        return Optional.of(settings.cache().maxVariantAge()).filter(age -> !age.isZero());
    }
}
