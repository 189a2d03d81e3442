package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.publish.Heartbeat;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Takes requests and gives them to workers. All decisions about requests fall here, on one thread; each turn looks at
 * the spool, starts what can be started, and sleeps until something may have changed.
 */
final class Loop {
    /** A file that was not complete is read again after this. */
    private static final Duration READ_AGAIN = Duration.ofMillis(100);

    /** How often to look whether somebody else is done copying a variant that is asked for. */
    private static final Duration LOOK_AT_OTHERS = Duration.ofSeconds(1);

    /** Without a watch the spool is looked at as often as this. */
    private static final Duration SCAN_WITHOUT_WATCH = Duration.ofSeconds(2);

    /** How long a clean that had no time for all pauses before it goes on, where nothing else is to be done. */
    private static final Duration CLEAN_ON_AFTER = Duration.ofSeconds(2);

    /** How often those who watch are told how far copies are. */
    private static final Duration TELL_PROGRESS = Duration.ofMillis(500);

    /** How often to look whether the cache can be worked in: while it can, and while it cannot. */
    private static final Duration HEALTH_EVERY = Duration.ofSeconds(10);
    private static final Duration HEALTH_AGAIN = Duration.ofSeconds(2);

    /** How long others wait for the loop, which does nothing that takes long. */
    private static final Duration CALL_WITHIN = Duration.ofSeconds(5);

    /** How long a stop waits for copies to finish before it puts them back. */
    private static final Duration FINISH_WITHIN = Duration.ofSeconds(4);

    /** How long it then waits for them to be put back. */
    private static final Duration PUT_BACK_WITHIN = Duration.ofSeconds(5);

    private static final String CANNOT_SCAN = "the requests cannot be looked through; the log says why";

    /** How many copies the status names. */
    private static final int NAMED = 3;

    /** Others may write requests faster than we take them, of 64 KiB each. */
    private static final int MOST_CAUGHT = 500;

    /** Why a loop ended. */
    enum Ending {
        /** Somebody asked for it. */
        STOPPED,
        /** There was no work for long enough. */
        IDLE,
        /** Somebody deleted the cache, or what is ours in it. */
        LOST
    }

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final AtomicBoolean spoolChanged = new AtomicBoolean();
    private final SpoolState spool;
    private final RequestNotes failed;
    private final Workers workers;
    private final Cleaning cleaning;
    private final CacheHealth health;
    private final Condition condition;
    private final Heartbeat heartbeat;
    private final InstantSource time;
    private final RezLog log;
    private final BooleanSupplier isLost;
    private final Audience audience;
    private LoopSettings settings;
    private long spaceBuffer;
    private Optional<CacheHealth.Trouble> trouble = Optional.empty();
    private boolean suspected;
    private boolean scanned;
    private long lastHealth = System.nanoTime();
    private boolean stopping;
    private boolean watched;
    private long lastWork = System.nanoTime();

    /** @param isLost asked with each look at the spool whether the cache is another than it was */
    Loop(SpoolState spool, RequestNotes failed, Cleaning cleaning, Terms terms, BooleanSupplier isLost,
            CacheHealth health, Condition condition, Heartbeat heartbeat, Audience audience, InstantSource time,
            RezLog log) {
        this.health = health;
        this.condition = condition;
        this.heartbeat = heartbeat;
        this.audience = audience;
        this.isLost = isLost;
        this.spool = spool;
        this.failed = failed;
        this.workers = new Workers(terms.settings().workers(), terms.settings().hungAfter(), terms.serving()::serve,
                (job, outcome) -> post(new Event.Finished(job, outcome)));
        this.cleaning = cleaning;
        this.settings = terms.settings();
        this.spaceBuffer = terms.spaceBuffer();
        this.time = time;
        this.log = log;
    }

    /** Goes on by other terms; copies under way end by the old ones. On the loop's thread. */
    void change(Terms terms) {
        settings = terms.settings();
        spaceBuffer = terms.spaceBuffer();
        workers.change(settings.workers(), terms.serving()::serve);
        spool.change(terms.askers());
        cleaning.change(terms.unusedFor(), terms.cleanLimit());
        suspected = true;
    }

    /** The spool may have changed; from any thread. Many such events before the next look are one. */
    void spoolChanged() {
        if (spoolChanged.compareAndSet(false, true)) {
            post(new Event.SpoolChanged());
        }
    }

    /** A request was read that may have been deleted since; from any thread. Where there are too many, the next look finds what is left. */
    void caught(RequestFile.Complete file) {
        if (events.size() < MOST_CAUGHT) {
            post(new Event.Caught(file));
        }
    }

    void post(Event event) {
        events.add(event);
    }

    /**
     * Serves requests until {@link Event.Stop}, or until it ends by itself.
     *
     * @param isWatched whether somebody calls {@link #spoolChanged()}
     */
    Ending run(boolean isWatched) throws InterruptedException {
        watched = isWatched;
        boolean _ = turn(() -> {
            spool.scan();
            spool.forgetWithdrawn();
        });
        while (!stopping) {
            spoolChanged.set(false);
            scanned = turn(spool::scan);
            if (isLost.getAsBoolean()) {
                stop();
                return Ending.LOST;
            }
            look();
            if (mayCopy()) {
                startWhatIsDue();
            }
            workers.holdPrefetch(isAsked());
            turn(spool::park);
            turn(() -> spool.parkSlow(workers.running()));
            tellCondition();
            if (audience.isWatching()) {
                audience.progress(workers.running());
            }
            if (isIdle() || trouble.isPresent()) { // a clean may make the room that lacks
                cleaning.startIfWanted();
            }
            if (untilIdle().filter(left -> !left.isPositive()).isPresent()) {
                return Ending.IDLE;
            }
            Event event = events.poll(untilNextTurn().toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                cleaning.resume();
            }
            for (; event != null; event = events.poll()) {
                handle(event);
            }
        }
        stop();
        return Ending.STOPPED;
    }

    private boolean mayCopy() {
        return trouble.filter(CacheHealth.Trouble::forbidsCopies).isEmpty();
    }

    /** Looks from time to time whether the cache can be worked in; what waited for that is tried at once when it can again. */
    private void look() {
        long now = System.nanoTime();
        Duration pause = trouble.isPresent() ? HEALTH_AGAIN : HEALTH_EVERY;
        if (!suspected && scanned && now - lastHealth < pause.toNanos()) {
            return;
        }
        lastHealth = now;
        Optional<CacheHealth.Trouble> found = health.look(spaceBuffer, suspected || trouble.isPresent());
        if (found.isEmpty() && !scanned) {
            found = Optional.of(new CacheHealth.Trouble(CANNOT_SCAN, false));
        }
        suspected = false;
        if (found.isPresent()) {
            if (trouble.isEmpty()) {
                cleaning.wanted();
            }
            condition.degraded(found.get().why());
        } else if (trouble.isPresent()) {
            condition.well();
            makeDue(Optional.empty(), OptionalInt.empty());
        }
        trouble = found;
    }

    /** It is this thread's coming round, and the heartbeat's, that the service manager waits for. */
    private void tellCondition() {
        condition.doing(doing());
        condition.ready();
        if (heartbeat.isBeating()) {
            condition.ping();
        }
    }

    private String doing() {
        List<Job> running = workers.running();
        int waiting = spool.all().size() - running.size();
        String more = waiting == 0 ? "" : ", " + waiting + (waiting == 1 ? " request waits" : " requests wait");
        if (running.isEmpty()) {
            return waiting == 0
                    ? cleaning.isBusy() ? "Cleaning the cache" : "Waiting for requests"
                    : "Not copying" + more + " for another try";
        }
        return "Copying " + running.stream().limit(NAMED).map(job -> job.handle().qualifiedName())
                .collect(Collectors.joining(", "))
                + (running.size() > NAMED ? " and " + (running.size() - NAMED) + " more" : "") + more;
    }

    /** How long it may still be without work; empty if it does not end by itself. */
    private Optional<Duration> untilIdle() {
        long now = System.nanoTime();
        if (!scanned || !spool.isEmpty() || !workers.running().isEmpty() || cleaning.isBusy()) {
            lastWork = now;
        }
        return settings.untilIdle().map(limit -> limit.minusNanos(now - lastWork));
    }

    /** The loop cannot do it now. */
    static final class BusyException extends IOException {
        private static final long serialVersionUID = 1L;

        BusyException(String message) {
            super(message);
        }
    }

    /** Has the loop do something, and waits for it; from any thread but the loop's. */
    <T> T call(Callable<T> work) throws IOException, InterruptedException {
        AtomicBoolean taken = new AtomicBoolean(); // by the loop, or by us, who then wait no longer
        FutureTask<T> task = new FutureTask<>(() -> {
            if (!taken.compareAndSet(false, true)) {
                throw new CancellationException();
            }
            return work.call();
        });
        post(new Event.Call(task));
        try {
            try {
                return task.get(CALL_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                if (taken.compareAndSet(false, true)) {
                    throw new BusyException(condition.whyDegraded().orElse("the daemon is busy, or stops"));
                }
                return task.get(); // it has begun: what came of it must be known
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The part of a status that the loop knows. */
    Map<String, Object> status() {
        List<Job> running = workers.running();
        Instant now = time.instant();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("running", (long) running.size());
        List<Request> idle = spool.all().stream().filter(each -> !each.isRunning()).toList();
        List<Request> asked = idle.stream().filter(each -> !each.isPrefetch()).toList();
        fields.put("waiting", asked.stream().filter(each -> !each.due().isAfter(now)).count());
        fields.put("deferred", asked.stream().filter(each -> each.due().isAfter(now)).count());
        fields.put("prefetch", (long) idle.size() - asked.size());
        fields.put("degraded", condition.whyDegraded().orElse(""));
        fields.put("copies", running.stream().map(Control::copy).toList());
        fields.put("problems", workers.hung().stream().map(job -> job.handle().location()).distinct()
                .map(location -> "repository " + location + " does not answer").toList());
        return fields;
    }

    /** For a clean that somebody else does; he posts {@link Event.Cleaned} at its end. */
    boolean claimCleaning() {
        return cleaning.claim();
    }

    /** Has requests tried now that wait for another try; those of one variant, or all; of one user, or all. */
    List<Handle> makeDue(Optional<Handle> handle, OptionalInt only) {
        List<Handle> made = new ArrayList<>();
        for (Request request : waiting(handle)) {
            boolean meant = only.isEmpty() || spool.isAskedBy(request, only.getAsInt());
            if (meant && request.due().isAfter(time.instant())) {
                request.deferred(request.tries(), time.instant());
                made.add(request.handle());
            }
        }
        return made;
    }

    /** Takes requests of one user for what nobody waits for. */
    SpoolState.Prefetched prefetch(List<Handle> handles, int owner) throws IOException {
        return spool.prefetch(handles, owner);
    }

    /** Drops requests that are not being served; returns of which variants. */
    List<Handle> discard(Optional<Handle> handle, OptionalInt only) throws IOException {
        List<Handle> dropped = new ArrayList<>();
        for (Request request : waiting(handle)) {
            boolean his = only.isEmpty() || spool.withdraw(request, only.getAsInt());
            if (only.isEmpty()) {
                spool.end(request);
                log.info("Discarded the request for variant " + name(request));
            }
            if (his) {
                dropped.add(request.handle());
            }
        }
        return dropped;
    }

    private List<Request> waiting(Optional<Handle> handle) {
        return spool.all().stream().filter(request -> !request.isRunning())
                .filter(request -> handle.isEmpty() || handle.get().equals(request.handle())).toList();
    }

    private boolean isIdle() {
        return workers.running().isEmpty() && spool.due(time.instant()).isEmpty();
    }

    /** What the disk of the cache refuses now is tried again with the next turn. */
    @FunctionalInterface
    private interface DiskWork {
        void run() throws IOException;
    }

    private boolean turn(DiskWork work) {
        try {
            work.run();
            return true;
        } catch (IOException e) {
            suspected = true;
            if (trouble.isEmpty()) {
                log.warn("Cannot work on the cache's own disk: " + e);
            }
        } catch (RuntimeException e) {
            log.bug("A bug in the handling of requests; the daemon goes on", e);
        }
        return false;
    }

    private void startWhatIsDue() {
        List<String> hungLocations = workers.hung().stream().map(job -> job.handle().location()).distinct().toList();
        for (Request request : spool.due(time.instant())) { // what nobody waits for comes last
            if (request.isPrefetch()
                    ? workers.areAskedRunning() || !workers.hasRoomForPrefetch()
                    : !workers.hasRoom()) {
                return;
            }
            if (hungLocations.contains(request.handle().location())) {
                String reason = "repository " + request.handle().location() + " does not answer";
                boolean _ = turn(() -> later(request, request.tries(), reason));
                continue;
            }
            request.started();
            workers.start(new Job(request, request.tries() + 1 >= settings.maxTries()));
        }
    }

    /** Whether there is anything to copy that somebody waits for: what nobody waits for is then left alone. */
    private boolean isAsked() {
        return workers.areAskedRunning() || spool.isAnyAskedDue(time.instant());
    }

    private Duration untilNextTurn() {
        Duration pause = watched ? settings.scanInterval() : SCAN_WITHOUT_WATCH;
        if (cleaning.isUnfinished()) {
            pause = shorter(pause, CLEAN_ON_AFTER);
        }
        if (spool.isBeingWritten()) {
            pause = READ_AGAIN;
        }
        Optional<Instant> next = mayCopy()
                ? spool.nextDue(workers.hasRoom(), !workers.areAskedRunning() && workers.hasRoomForPrefetch())
                : Optional.empty();
        if (next.isPresent()) {
            pause = shorter(pause, Duration.between(time.instant(), next.get()).plusMillis(1));
        }
        if (!workers.running().isEmpty()) {
            // to see that a worker hangs, and that another may start in its place
            pause = shorter(pause, settings.hungAfter());
        }
        if (audience.isWatching() && !workers.running().isEmpty()) {
            pause = shorter(pause, TELL_PROGRESS);
        }
        pause = shorter(pause, condition.pingEvery().orElse(pause));
        pause = shorter(pause, trouble.isPresent() || suspected ? HEALTH_AGAIN : HEALTH_EVERY);
        pause = shorter(pause, spool.parkAgain().filter(_ -> !workers.running().isEmpty()).orElse(pause));
        Optional<Duration> idle = untilIdle();
        if (idle.isPresent() && idle.get().compareTo(pause) < 0) {
            pause = idle.get().plusMillis(1);
        }
        return pause.isNegative() ? Duration.ZERO : pause;
    }

    private static Duration shorter(Duration one, Duration other) {
        return other.compareTo(one) < 0 ? other : one;
    }

    private void handle(Event event) {
        switch (event) {
            case Event.SpoolChanged _ -> {
                // the next turn looks
            }
            case Event.Caught caught -> turn(() -> spool.caught(caught.file()));
            case Event.Copied copied -> turn(() -> spool.park(copied.job().request()));
            case Event.WatchLost _ -> {
                watched = false;
                log.warn("The folder of requests has gone: it is looked for every " + SCAN_WITHOUT_WATCH.toSeconds()
                        + " s");
            }
            case Event.Finished finished -> {
                workers.ended(finished.job());
                // If what follows fails, as on a full disk, it is tried again.
                Request request = finished.job().request();
                request.deferred(request.tries(), time.instant().plus(settings.pauses().first()));
                boolean _ = turn(() -> finish(finished.job(), finished.outcome()));
            }
            case Event.Cleaned cleaned -> cleaning.ended(cleaned.complete());
            case Event.Call call -> call.task().run();
            case Event.Stop _ -> stopping = true;
        }
    }

    private void finish(Job job, AddOutcome outcome) throws IOException {
        Request request = job.request();
        try {
            finish(request, outcome);
        } finally {
            audience.finished(request, outcome); // when the files tell the same
        }
    }

    private void finish(Request request, AddOutcome outcome) throws IOException {
        switch (outcome) {
            case AddOutcome.Cached cached -> {
                log.cached(cached);
                cached.warnings().forEach(warning -> log.warn(cached.record().uri() + ": " + warning));
                failed.remove(request.handle());
                end(request);
            }
            case AddOutcome.AlreadyCached cached -> {
                log.alreadyCached(cached.entry());
                failed.remove(request.handle());
                end(request);
            }
            case AddOutcome.Copying copying -> {
                if (request.isFirstTimeThatOthersCopy()) {
                    log.copying(copying.entry());
                }
                request.deferred(request.tries(), time.instant().plus(LOOK_AT_OTHERS));
            }
            case AddOutcome.Stalled stalled -> {
                log.stalled(stalled.entry());
                end(request);
            }
            case AddOutcome.Declined declined -> {
                log.warn(request.handle(), declined.reason());
                end(request);
            }
            case AddOutcome.Refused refused -> spool.refuse(request, refused.reason());
            case AddOutcome.NotNow later -> {
                suspected = true;
                later(request, request.tries(), later.reason());
            }
            case AddOutcome.Failed failure -> {
                suspected = true;
                // A cache that cannot be written is not the variant's fault: else all would be given up by and by.
                boolean isOurs = health.look(spaceBuffer, true).isPresent();
                later(request, request.tries() + (isOurs ? 0 : 1), failure.reason());
            }
            case AddOutcome.GivenUp failure -> giveUp(request, failure.reason());
            case AddOutcome.Cancelled _ -> request.deferred(request.tries(), time.instant());
        }
    }

    private void end(Request request) throws IOException {
        spool.end(request);
        cleaning.wanted();
    }

    private void later(Request request, int tries, String reason) throws IOException {
        Duration pause = settings.pauses().after(Math.max(tries, request.countDeferral()));
        String message = "Deferred caching of variant " + name(request) + ", next try in " + pause.toSeconds()
                + " s: " + reason;
        if (request.isNewReason(reason)) {
            log.warn(request.handle(), message);
        } else {
            log.debug(message);
        }
        spool.defer(request, tries, time.instant().plus(pause), reason);
    }

    private void giveUp(Request request, String reason) throws IOException {
        log.error(request.handle(), "Failed to cache variant " + name(request) + " after " + (request.tries() + 1)
                + (request.tries() == 0 ? " try: " : " tries: ") + reason
                + "; it is tried again after rez-pkg-cache --clean");
        failed.put(new RequestNote(request.handle(), request.tries() + 1, reason, time.instant()));
        end(request);
    }

    private static String name(Request request) {
        return RezLog.name(request.handle());
    }

    /** Finishes what can be finished in a moment, and has the rest put back. */
    private void stop() throws InterruptedException {
        workers.holdPrefetch(false);
        awaitWorkers(FINISH_WITHIN);
        workers.running().forEach(job -> job.monitor().cancel());
        awaitWorkers(PUT_BACK_WITHIN);
        List<Job> hung = workers.running();
        if (!hung.isEmpty()) {
            log.warn("Left behind, to be taken up at the next start: " + hung.stream().map(Job::request).map(Loop::name)
                    .collect(Collectors.joining(", ")));
        }
    }

    private void awaitWorkers(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!workers.running().isEmpty()) {
            Event event = events.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                return;
            }
            handle(event);
        }
    }
}
