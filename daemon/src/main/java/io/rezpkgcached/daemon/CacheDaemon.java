package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.VariantAdder;
import io.rezpkgcached.cache.clean.Cleaner;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.OurFolder;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.lock.LockTimeoutException;
import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.cache.posix.Flock;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.publish.Heartbeat;
import io.rezpkgcached.cache.publish.Publisher;
import io.rezpkgcached.cache.publish.Recovery;
import io.rezpkgcached.cache.publish.Step;
import io.rezpkgcached.cache.shared.SharedCache;
import io.rezpkgcached.cache.shared.SharedMark;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.SpoolFolder;
import io.rezpkgcached.control.ControlServer;
import io.rezpkgcached.settings.CachePolicies;
import io.rezpkgcached.settings.Settings;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The daemon of one cache, put together from its parts. Holds the daemon's lock from {@link #open} to {@link #close};
 * a second one for the same cache cannot be opened meanwhile.
 */
final class CacheDaemon implements AutoCloseable {
    /** A test of the lock by a shell holds it for a moment. */
    private static final Duration LOCK_WITHIN = Duration.ofSeconds(2);

    private static final Duration LOCK_AGAIN = Duration.ofMillis(50);
    private static final int LOCK_MODE = 0644;
    /** flock(2) needs no more than to read: whoever may could hold it, and keep the daemon from starting. */
    private static final int LOCK_MODE_SHARED = 0600;

    /** How long a change of settings waits for the loop. */
    private static final Duration CHANGE_WITHIN = Duration.ofSeconds(5);

    /** How long to wait before the next try to begin, where the disk of the cache does not let us. */
    private static final Duration BEGIN_AGAIN = Duration.ofSeconds(2);

    private final CacheLayout layout;
    private final FolderIdentity identity;
    private final Condition condition;
    private final Step.Observer steps;
    private final Duration hungAfter;
    private final boolean untilIdle;
    private final Flock flock;
    private final DaemonFile file;
    private final InstantSource time = InstantSource.system();
    private final RezLog log = new RezLog();
    private final Heartbeat heartbeat = new Heartbeat();
    private final CacheLock lock;
    private final Audience audience = new Audience();
    private volatile Settings settings;
    private final Optional<SharedUpkeep> upkeep;
    private Optional<ControlServer> control = Optional.empty();
    private final Loop loop;
    private final Prefetcher prefetcher;
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private Thread beginning;

    private CacheDaemon(CacheLayout layout, Settings settings, Flock flock, Manner manner, Condition condition,
            FolderIdentity identity) throws IOException {
        this.identity = identity;
        this.steps = manner.steps();
        this.hungAfter = manner.hungAfter();
        this.untilIdle = manner.untilIdle();
        this.condition = condition;
        this.layout = layout;
        this.settings = settings;
        this.flock = flock;
        this.file = new DaemonFile(layout);
        this.lock = new CacheLock(layout, log::warn);
        this.upkeep = settings.sharing().shared()
                ? Optional.of(new SharedUpkeep(layout, lock, time, this::settings, log))
                : Optional.empty();
        this.loop = loop();
        this.prefetcher = new Prefetcher(layout, loop, settings, time, log);
    }

    /**
     * How a daemon runs, whatever its settings.
     *
     * @param steps     is told of each step of publishing
     * @param hungAfter a job that has not moved for longer hangs
     * @param untilIdle whether it ends where it has had no work for the time that the settings give
     */
    record Manner(Step.Observer steps, Duration hungAfter, boolean untilIdle) {
        static Manner of(boolean untilIdle) {
            return new Manner(Step.Observer.NONE, Workers.HUNG_AFTER, untilIdle);
        }
    }

    /**
     * What a daemon of this process knew of a shared cache, for the next one where our folder in it is lost.
     *
     * @param cache which folder it was
     */
    record Former(FolderIdentity cache, SharedUpkeep upkeep) {}

    /** A folder, whatever its name is. */
    record FolderIdentity(Object key, FileTime made) {
        static FolderIdentity of(Path folder) throws IOException {
            BasicFileAttributes found = Files.readAttributes(folder, BasicFileAttributes.class);
            return new FolderIdentity(found.fileKey(), found.creationTime());
        }
    }

    /**
     * Opens the cache for a daemon.
     *
     * @param former of the last daemon in this process
     * @throws AlreadyServedException if another daemon serves it
     */
    static CacheDaemon open(Path cache, Settings settings, Manner manner, Condition condition,
            Optional<Former> former) throws IOException, InterruptedException {
        CacheLayout layout = CacheLayout.of(cache);
        FolderIdentity identity = FolderIdentity.of(cache);
        Optional<Former> ofThis = former.filter(each -> each.cache().equals(identity));
        boolean shared = settings.sharing().shared();
        SharedCache sharing = new SharedCache(layout, InstantSource.system());
        if (shared) {
            Rights.check(settings.sharing());
            sharing.check(ofThis.isPresent());
            Repositories.check(settings.packages().readable());
        }
        OurFolder.prepare(layout);
        int mode = shared ? LOCK_MODE_SHARED : LOCK_MODE;
        Flock flock = lock(layout, mode);
        try {
            Files.setAttribute(layout.daemonLock(), "unix:mode", mode);
            OurFolder.sweep(layout);
            List<String> mended = List.of();
            if (shared) {
                mended = sharing.prepare(settings.sharing().adminGroup()); // before there is a log, whose mode it sets
            } else {
                SharedMark.remove(layout);
            }
            LogFiles.open(layout.log(), settings.logLevel());
            CacheDaemon daemon = new CacheDaemon(layout, settings, flock, manner, condition, identity);
            if (ofThis.isPresent() && daemon.upkeep.isPresent()) {
                daemon.upkeep.get().takeOver(ofThis.get().upkeep());
            }
            mended.forEach(daemon.log::warn);
            return daemon;
        } catch (IOException e) {
            flock.close();
            throw e;
        }
    }

    private static Flock lock(CacheLayout layout, int mode) throws IOException, InterruptedException {
        long end = System.nanoTime() + LOCK_WITHIN.toNanos();
        Optional<Flock> flock = Flock.tryLock(layout.daemonLock(), mode);
        while (flock.isEmpty()) {
            if (System.nanoTime() - end >= 0) {
                throw new AlreadyServedException(
                        "cache " + layout + " is already served by " + new DaemonFile(layout).describe());
            }
            Thread.sleep(LOCK_AGAIN);
            flock = Flock.tryLock(layout.daemonLock(), mode);
        }
        return flock.get();
    }

    private Loop loop() {
        Terms terms = terms(settings);
        RequestNotes failed = new RequestNotes(layout.failed());
        Cleaning cleaning = new Cleaning(new Cleaner(layout, lock, time, event -> {
            log.clean(event);
            audience.cleaned(event);
        }), terms.unusedFor(), terms.cleanLimit(), log, this::expireLogs);
        SpoolState spool = new SpoolState(layout,
                RequestReader.hardened(time), new RefusedRequests(layout, time), new RequestNotes(layout.deferred()),
                terms.askers(), upkeep.map(_ -> new SpoolSharing(layout)), time, log);
        Loop made = new Loop(spool, failed, cleaning, terms, this::isLost,
                new CacheHealth(layout, condition.isSupervised()), condition, heartbeat, audience, time, log);
        cleaning.sendTo(made::post);
        terms.serving().sendTo(made::post);
        return made;
    }

    private Settings settings() {
        return settings;
    }

    private Terms terms(Settings from) {
        CachePolicies policies = new CachePolicies(from);
        Publisher publisher = new Publisher(layout, lock, time, steps, policies.areForOthers());
        VariantAdder adder = policies.adder(layout, publisher, heartbeat, time);
        LoopSettings loopSettings = new LoopSettings(from.copy().workers(), from.requests().maxTries(),
                new Pauses(from.requests().retryPause(), from.requests().retryPauseMax()),
                from.requests().scanInterval(), hungAfter,
                untilIdle ? Optional.of(from.requests().idleTimeout()) : Optional.empty());
        return new Terms(loopSettings, new Serving(adder, log, audience, upkeep.map(SharedUpkeep::indexes)),
                askers(from), policies.unusedFor(),
                from.cache().cleanLimit(), from.cache().spaceBuffer());
    }

    /** Goes on with other settings, those of the cache's own path aside; from any thread but the loop's. */
    void change(Settings from) throws InterruptedException {
        Terms terms = terms(from);
        terms.serving().sendTo(loop::post);
        FutureTask<Void> task = new FutureTask<>(() -> loop.change(terms), null);
        settings = from;
        LogFiles.level(from.logLevel());
        loop.post(new Event.Call(task));
        prefetcher.change(from);
        try {
            task.get(CHANGE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // it has not begun, as on a full disk, and will take them up then
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Without configured repositories a request makes us read anything that we may: so only our own user's count. */
    private static SpoolState.Asker askers(Settings from) {
        boolean everyone = !from.packages().readable().isEmpty();
        int user = Posix.geteuid();
        return owner -> everyone || owner == user
                ? Optional.empty()
                : Optional.of("user " + owner + " asks the daemon of user " + user
                        + ", which serves others only where the setting repositories says what they may ask for");
    }

    /** Serves the cache until {@link #stop} is called, or it ends by itself; then nothing is being copied any more. */
    Loop.Ending run() throws IOException, InterruptedException {
        Loop.Ending ending = Loop.Ending.STOPPED;
        try {
            Instant since = time.instant();
            listen(since);
            try {
                file.write(Version.text(), since, socket());
            } catch (IOException _) {
                // begin() tries it again, and says what is wrong
            }
            log.info("Started daemon rez-pkg-cached " + Version.text() + " on " + layout);
            expireLogs();
            if (upkeep.isPresent()) {
                upkeep.get().start();
            }
            Optional<Loop.Ending> early = begin(since);
            if (early.isPresent()) {
                ending = early.get();
            } else {
                Optional<SpoolWatch> watch = watch();
                Optional<SpoolCatch> catching = catching();
                prefetcher.start();
                ending = loop.run(watch.isPresent());
                catching.ifPresent(SpoolCatch::close);
                if (watch.isPresent()) {
                    watch.get().close();
                }
            }
        } finally {
            prefetcher.close();
            heartbeat.close();
            closeControl();
            upkeep.ifPresent(SharedUpkeep::close);
            if (ending != Loop.Ending.LOST) {
                deleteFile(); // else it is another daemon's
            }
            String stopped = "Stopped daemon rez-pkg-cached on " + layout;
            switch (ending) {
                case STOPPED -> log.info(stopped);
                case IDLE -> log.info(
                        stopped + ", which had no work for " + settings.requests().idleTimeout().toSeconds() + " s");
                case LOST -> log.warn(stopped + ", whose folder " + layout.ours() + " was deleted or replaced");
            }
            ended.countDown();
        }
        return ending;
    }

    /**
     * Waits as long as the disk is full or somebody holds the lock: without recovery, what we had begun would stall.
     *
     * @return why the daemon is to end before it has begun
     */
    private Optional<Loop.Ending> begin(Instant since) throws InterruptedException {
        setBeginning(Thread.currentThread());
        String said = "";
        try {
            while (stopAsked.getCount() > 0) {
                try {
                    file.write(Version.text(), since, socket());
                    recover();
                    condition.well();
                    return Optional.empty();
                } catch (IOException e) {
                    if (isLost()) {
                        return Optional.of(Loop.Ending.LOST);
                    }
                    String kind = e instanceof FileSystemException failed
                            ? e.getClass() + " " + failed.getReason() // names in the message differ from time to time
                            : e.toString();
                    if (!kind.equals(said) && stopAsked.getCount() > 0) {
                        condition.degraded("Cannot begin yet: " + (e instanceof LockTimeoutException
                                ? e.getMessage()
                                : CacheHealth.describe(e, layout.root(), condition.isSupervised())));
                    }
                    said = kind;
                }
                condition.ping();
                stopAsked.await(BEGIN_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            if (stopAsked.getCount() > 0) {
                throw e;
            }
        } finally {
            setBeginning(null);
        }
        return Optional.of(Loop.Ending.STOPPED);
    }

    /** Whether somebody deleted our folder, or put another in its place: then another daemon may serve the cache. */
    private boolean isLost() {
        return !flock.isOf(layout.daemonLock());
    }

    /** The thread that {@link #stop} interrupts: a wait for the lock is longer than a stop may take. */
    private synchronized void setBeginning(Thread thread) {
        beginning = thread;
        if (thread == null && stopAsked.getCount() == 0) {
            Thread.interrupted(); // has had its effect, or came too late
        }
    }

    private void recover() throws IOException, InterruptedException {
        // If we were killed with the lock, nobody gets it until somebody of this program has asked for it.
        lock.acquire().close();
        List<Handle> unfinished = new Recovery(layout, lock, time).run();
        if (!unfinished.isEmpty()) {
            log.info("Taking up " + unfinished.size() + " unfinished copies");
        }
        lock.sweep();
    }

    private Optional<Path> socket() {
        return control.map(ControlServer::path);
    }

    /** Without it the spool is served all the same. */
    private void listen(Instant since) {
        try {
            Path socket = ControlAddress.of(layout.root(), System.getenv(),
                    Path.of(System.getProperty("java.io.tmpdir")), upkeep.isPresent());
            Rights rights = new Rights(settings.sharing());
            ControlServer server = ControlServer.listen(socket,
                    new Control(layout, lock, loop, () -> new CachePolicies(settings).unusedFor(), since, time,
                            audience, log, rights, owner -> askers(settings).forbids(owner)),
                    rights);
            control = Optional.of(server);
            audience.listenTo(server);
        } catch (IOException | RuntimeException e) {
            log.warn("Clients cannot ask this daemon anything: " + e);
        }
    }

    private void closeControl() {
        try {
            if (control.isPresent()) {
                control.get().close();
            }
        } catch (IOException e) {
            log.warn("Cannot close the control socket: " + e);
        }
    }

    private void deleteFile() {
        try {
            file.delete();
        } catch (IOException e) {
            log.warn("Cannot delete " + layout.daemonFile() + ": " + e);
        }
    }

    private Optional<SpoolWatch> watch() {
        try {
            return Optional.of(SpoolWatch.start(List.of(layout.pending(), layout.prefetch()), loop::spoolChanged,
                    () -> loop.post(new Event.WatchLost())));
        } catch (IOException e) {
            log.warn("Cannot watch " + layout.pending() + " (" + e + "): it is looked at every 2 s instead;"
                    + " fs.inotify.max_user_instances may be too low");
            return Optional.empty();
        }
    }

    private Optional<SpoolCatch> catching() {
        if (upkeep.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SpoolCatch.start(layout.pending(), RequestReader.hardened(time),
                    loop::caught));
        } catch (IOException e) {
            log.warn("Requests of a rez in sync mode will be lost: " + e);
            return Optional.empty();
        }
    }

    private void expireLogs() {
        try {
            new LogFolder(layout.log()).expire(settings.cache().maxLogAge(), time.instant());
        } catch (IOException e) {
            log.warn("Failed to delete old logfiles: " + e);
        }
    }

    /**
     * Has {@link #run} come to an end, and waits for that; from any thread.
     *
     * @return false if it did not in time
     */
    boolean stop(Duration atMost) throws InterruptedException {
        askToStop();
        boolean inTime = ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        if (!inTime) {
            log.warn("Stopping while copies are still being put back; the next start takes them up");
        }
        return inTime;
    }

    private synchronized void askToStop() {
        stopAsked.countDown();
        loop.post(new Event.Stop());
        if (beginning != null) {
            beginning.interrupt();
        }
    }

    /** What is known of a shared cache; empty of another. */
    Optional<Former> former() {
        return upkeep.map(each -> new Former(identity, each));
    }

    /** Whether something is requested. */
    boolean isAskedForWork() throws IOException {
        return SpoolFolder.areAnyFilled(layout);
    }

    @Override
    public void close() {
        heartbeat.close();
        flock.close();
    }
}
