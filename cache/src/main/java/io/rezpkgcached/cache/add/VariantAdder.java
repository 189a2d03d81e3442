package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.access.WorldAccess;
import io.rezpkgcached.cache.copy.CancelledException;
import io.rezpkgcached.cache.copy.ClosedToOthersException;
import io.rezpkgcached.cache.copy.CopiedPayload;
import io.rezpkgcached.cache.copy.CopyMonitor;
import io.rezpkgcached.cache.copy.PayloadCopier;
import io.rezpkgcached.cache.copy.PayloadRefusedException;
import io.rezpkgcached.cache.copy.Readers;
import io.rezpkgcached.cache.definition.Definition;
import io.rezpkgcached.cache.definition.DefinitionReader;
import io.rezpkgcached.cache.definition.Reading;
import io.rezpkgcached.cache.definition.VariantLocation;
import io.rezpkgcached.cache.definition.VariantLocator;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CachedVariant;
import io.rezpkgcached.cache.layout.VariantLookup;
import io.rezpkgcached.cache.lock.LockTimeoutException;
import io.rezpkgcached.cache.publish.Claim;
import io.rezpkgcached.cache.publish.ClaimOutcome;
import io.rezpkgcached.cache.publish.Heartbeat;
import io.rezpkgcached.cache.publish.Publisher;
import io.rezpkgcached.cache.records.CopyRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Caches variants, one at each call; any number of threads may call it at once. */
public final class VariantAdder {
    /** Each wait takes 10 s. */
    private static final int MOST_WAITS_FOR_LOCK = 6;

    private final CacheLayout layout;
    private final VariantLookup lookup;
    private final RepositoryCheck repositories;
    private final DefinitionReader definitions;
    private final VariantLocator locator;
    private final RezRules rules;
    private final Space space;
    private final PayloadCopier copier;
    private final Publisher publisher;
    private final Heartbeat heartbeat;
    private final InstantSource time;

    public VariantAdder(CacheLayout layout, AddPolicy policy, DefinitionReader definitions, VariantLocator locator,
            PayloadCopier copier, Publisher publisher, Heartbeat heartbeat, InstantSource time) {
        this(layout, new VariantLookup(layout, time), new RepositoryCheck(policy.repositories()), definitions, locator,
                new RezRules(policy, layout.root(), false),
                new Space(layout.root(), policy.spaceBuffer(), policy.usedThreshold()), copier, publisher, heartbeat,
                time);
    }

    private VariantAdder(CacheLayout layout, VariantLookup lookup, RepositoryCheck repositories,
            DefinitionReader definitions, VariantLocator locator, RezRules rules, Space space, PayloadCopier copier,
            Publisher publisher, Heartbeat heartbeat, InstantSource time) {
        this.layout = layout;
        this.lookup = lookup;
        this.repositories = repositories;
        this.definitions = definitions;
        this.locator = locator;
        this.rules = rules;
        this.space = space;
        this.copier = copier;
        this.publisher = publisher;
        this.heartbeat = heartbeat;
        this.time = time;
    }

    /** What is to be copied, once it is known to be. */
    private record Source(Handle handle, String uri, Path root, List<String> requirements) {}

    /** The same, but caches what rez's rules for packages decline ({@code rez-pkg-cache --force}). */
    public VariantAdder forced() {
        return new VariantAdder(layout, lookup, repositories, definitions, locator, rules.forced(), space, copier,
                publisher, heartbeat, time);
    }

    /** The same for what nobody waits for: it leaves room on the disk for what somebody does. */
    public VariantAdder sparing() {
        return new VariantAdder(layout, lookup, repositories, definitions, locator, rules, space.sparing(), copier,
                publisher, heartbeat, time);
    }

    /**
     * Caches a variant if it is not cached, and if rez would.
     *
     * @param lastTry whether a copy that fails is to stall
     * @param progress is told how far it is
     * @throws InterruptedException if the thread was interrupted; nothing is then left in the cache
     */
    public AddOutcome add(Handle handle, boolean lastTry, CopyMonitor monitor, AddProgress progress)
            throws InterruptedException {
        try {
            Optional<CachedVariant> present = lookup.find(handle);
            if (present.isPresent()) {
                return present(present.get());
            }
            Optional<String> forbidden = repositories.forbids(handle);
            if (forbidden.isPresent()) {
                return new AddOutcome.Refused(forbidden.get());
            }
            Path location = Path.of(handle.location());
            Reading reading = definitions.read(location, handle.name(), handle.version());
            Optional<String> closed = closed(reading);
            if (closed.isPresent()) {
                return new AddOutcome.Declined("Not cached - " + closed.get());
            }
            return switch (reading) {
                case Reading.Found found -> add(handle, found.definition(), lastTry, monitor, progress);
                case Reading.Absent absent -> new AddOutcome.Declined("Not cached - " + absent.reason());
                case Reading.Unreachable unreachable -> new AddOutcome.NotNow(unreachable.reason());
                case Reading.NeedsCode code ->
                    new AddOutcome.Refused("%s:%d: %s is computed by code (%s): "
                            .formatted(code.file(), code.line(), code.attribute(), code.why())
                            + (copier.readers() == Readers.EVERYONE
                                    ? "nobody's code is run for a shared cache: "
                                    : "give the setting evaluator a command such as rez-python, or ")
                            + "install the package with rez-build");
                case Reading.Malformed bad -> new AddOutcome.Refused(
                        "%s:%d: %s: mend the definition".formatted(bad.file(), bad.line(), bad.why()));
            };
        } catch (LockTimeoutException e) {
            return new AddOutcome.NotNow(e.getMessage());
        } catch (IOException e) {
            return Space.isLackedBy(e) ? new AddOutcome.NotNow(reason(e)) : new AddOutcome.Failed(reason(e));
        }
    }

    /** What not every user may read is not read for anybody, nor is it told what stands in it. */
    private Optional<String> closed(Reading reading) throws IOException {
        Optional<Path> file = switch (reading) {
            case Reading.Found found -> Optional.of(found.definition().file());
            case Reading.NeedsCode code -> Optional.of(code.file());
            case Reading.Malformed bad -> Optional.of(bad.file());
            case Reading.Absent _,Reading.Unreachable _ -> Optional.empty();
        };
        return file.isPresent() && copier.readers() == Readers.EVERYONE
                ? WorldAccess.closed(file.get().toRealPath())
                : Optional.empty();
    }

    private static AddOutcome present(CachedVariant variant) {
        return switch (variant.status()) {
            case CACHED -> new AddOutcome.AlreadyCached(variant.entry());
            case COPYING -> new AddOutcome.Copying(variant.entry());
            case STALLED -> new AddOutcome.Stalled(variant.entry());
            case PENDING -> throw new IllegalStateException("no entry is pending: " + variant);
        };
    }

    private AddOutcome add(Handle handle, Definition definition, boolean lastTry, CopyMonitor monitor,
            AddProgress progress) throws IOException, InterruptedException {
        return switch (locator.locate(definition, handle.index())) {
            case VariantLocation.NoSuchVariant none -> new AddOutcome.Declined("Not cached - " + none.reason());
            case VariantLocation.NoFolder none -> new AddOutcome.Refused(none.reason());
            case VariantLocation.At at -> {
                progress.started(at.uri());
                Optional<String> declined = rules.decline(handle, definition, at.root(), at.uri());
                if (declined.isPresent()) {
                    yield new AddOutcome.Declined(declined.get());
                }
                Optional<String> forbidden = repositories.forbids(at.root());
                if (forbidden.isPresent()) {
                    yield new AddOutcome.Refused(forbidden.get());
                }
                Optional<String> lacking = space.lackingFor(at.root());
                if (lacking.isPresent()) {
                    yield new AddOutcome.NotNow(lacking.get());
                }
                List<String> requirements = handle.index().isEmpty()
                        ? List.of()
                        : definition.variants().orElseThrow().get(handle.index().getAsInt());
                yield copy(new Source(handle, at.uri(), at.root(), requirements), lastTry, monitor, progress);
            }
        };
    }

    private AddOutcome copy(Source source, boolean lastTry, CopyMonitor monitor, AddProgress progress)
            throws IOException, InterruptedException {
        return switch (publisher.claim(source.handle(), source.requirements())) {
            case ClaimOutcome.Present present -> present(present.variant());
            case ClaimOutcome.Claimed claimed -> copy(source, claimed.claim(), lastTry, monitor, progress);
        };
    }

    private AddOutcome copy(Source source, Claim claim, boolean lastTry, CopyMonitor monitor,
            AddProgress progress)
            throws IOException, InterruptedException {
        boolean done = false;
        boolean givenUp = false;
        AtomicBoolean lost = new AtomicBoolean();
        try (Heartbeat.Beating _ = heartbeat.keep(claim, () -> {
            lost.set(true);
            monitor.cancel();
        })) {
            progress.claimed(claim.entry(), source.handle(), source.requirements());
            Instant begun = time.instant();
            CopiedPayload copied = copier.copy(source.root(), claim.stagedPayload(), monitor);
            CopyRecord record = record(source, claim, copied, begun);
            progress.copied();
            done = publisher.publish(claim, copied.root(), record);
            if (!done) {
                return takenAway(claim);
            }
            return new AddOutcome.Cached(claim.entry(), record, Duration.between(begun, time.instant()),
                    copied.warnings());
        } catch (PayloadRefusedException e) {
            givenUp = true;
            return new AddOutcome.GivenUp(e.getMessage());
        } catch (ClosedToOthersException e) {
            return new AddOutcome.Declined("Not cached - " + e.getMessage());
        } catch (CancelledException _) {
            return lost.get() ? takenAway(claim) : new AddOutcome.Cancelled();
        } catch (IOException e) {
            boolean full = Space.isLackedBy(e) || space.lackingFor(source.root()).isPresent();
            givenUp = lastTry && !full && !(e instanceof LockTimeoutException);
            return full || e instanceof LockTimeoutException
                    ? new AddOutcome.NotNow(reason(e))
                    : givenUp ? new AddOutcome.GivenUp(reason(e)) : new AddOutcome.Failed(reason(e));
        } finally {
            if (!done) {
                leave(claim, givenUp);
            }
        }
    }

    private static AddOutcome takenAway(Claim claim) {
        return new AddOutcome.Failed("somebody took the unfinished entry " + claim.entry() + " away");
    }

    /** An entry that is not taken out of the cache stalls, and its request with it: so the lock is waited for. */
    private void leave(Claim claim, boolean givenUp) throws IOException, InterruptedException {
        for (int tries = 1;; tries++) {
            try {
                if (givenUp) {
                    publisher.giveUp(claim);
                } else {
                    publisher.abandon(claim);
                }
                return;
            } catch (LockTimeoutException e) {
                if (tries == MOST_WAITS_FOR_LOCK) {
                    throw e; // the next start takes it out
                }
            }
        }
    }

    private CopyRecord record(Source source, Claim claim, CopiedPayload copied, Instant begun) {
        return new CopyRecord(source.handle(), layout.root().relativize(claim.entry().payload()).toString(),
                source.uri(),
                source.root().toString(), source.requirements(), copied.files(), copied.directories(), copied.links(),
                copied.bytes(), begun, Duration.between(begun, time.instant()), copied.newestSourceTime());
    }

    /** Java's file exceptions have only a path for a message where the kind says the rest. */
    private static String reason(IOException e) {
        boolean saysItAll = e.getClass().getName().startsWith("io.rezpkgcached");
        return saysItAll ? e.getMessage() : e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
