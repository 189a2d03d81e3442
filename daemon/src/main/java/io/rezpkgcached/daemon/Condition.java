package io.rezpkgcached.daemon;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * How the daemon fares, told to the service manager and to the log when it changes. Degraded means that it cannot work for a reason
 * that a new start would not mend, and goes on looking whether it can. May be used by several threads.
 */
final class Condition {
    private final Supervisor supervisor;
    private final InstantSource time;
    private final RezLog log;
    private boolean ready;
    private boolean stopping;
    private String doing = "Starting";
    private String said = "";
    private Optional<String> degraded = Optional.empty();
    private Instant degradedSince = Instant.EPOCH;
    private long lastPing = System.nanoTime();

    Condition(Supervisor supervisor, InstantSource time, RezLog log) {
        this.supervisor = supervisor;
        this.time = time;
        this.log = log;
    }

    /** One that nobody but the log is told of. */
    static Condition unsupervised() {
        return new Condition(Supervisor.NONE, InstantSource.system(), new RezLog());
    }

    boolean isSupervised() {
        return supervisor.isPresent();
    }

    /** The first look at the requests is done; told once. */
    synchronized void ready() {
        if (!ready) {
            ready = true;
            said = status();
            supervisor.ready(said);
        }
    }

    /** What it does now, in a few words. */
    synchronized void doing(String what) {
        doing = what;
        tell();
    }

    /** It cannot work, and looks again by itself. A service that waits so has started: a start that waits would be timed out. */
    synchronized void degraded(String why) {
        if (degraded.isEmpty()) {
            degradedSince = time.instant();
        }
        if (!degraded.equals(Optional.of(why))) {
            degraded = Optional.of(why);
            log.warn("Degraded: " + why);
        }
        ready();
        tell();
    }

    /** It can work. */
    synchronized void well() {
        if (degraded.isPresent()) {
            degraded = Optional.empty();
            log.info("No longer degraded, after "
                    + Duration.between(degradedSince, time.instant()).toSeconds() + " s");
            tell();
        }
    }

    /** Why it cannot work; empty if it can. */
    synchronized Optional<String> whyDegraded() {
        return degraded;
    }

    synchronized void reloading() {
        supervisor.reloading();
    }

    synchronized void reloaded() {
        said = status();
        supervisor.ready(said);
    }

    /** Told once, by whoever comes first: a signal, or the end of the work. */
    synchronized void stopping() {
        if (!stopping) {
            stopping = true;
            supervisor.stopping("Stopping: copies are finished or put back");
        }
    }

    /** How long the thread that pings may sleep; empty if nobody waits for it. */
    Optional<Duration> pingEvery() {
        return supervisor.pingEvery();
    }

    /** To be called by the thread that takes requests whenever it comes round, and by no other. */
    synchronized void ping() {
        long now = System.nanoTime();
        if (pingEvery().filter(pause -> now - lastPing >= pause.dividedBy(2).toNanos()).isPresent()) {
            lastPing = now;
            supervisor.ping();
        }
    }

    private void tell() {
        String status = status();
        if (ready && !status.equals(said)) {
            said = status;
            supervisor.doing(status);
        }
    }

    private String status() {
        return degraded.map(why -> "Degraded: " + why).orElse(doing);
    }
}
