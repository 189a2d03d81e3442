package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.clean.CleanEvent;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.log.LogText;
import java.time.Duration;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The daemon's log, in rez's words where rez has words for it: people's scripts look for them. What comes from outside
 * cannot forge a line, since control characters are escaped.
 */
final class RezLog {
    private static final String REQUEST = "REQUEST";
    private static final String PREFETCH = "PREFETCH";
    private static final String VARIANT = "VARIANT";

    private final Logger logger = LogManager.getLogger("rez-pkg-cache");

    void started(Handle handle, String uri) {
        info("Started caching of variant " + uri + "...", Map.of(REQUEST, LogText.escape(name(handle)), VARIANT,
                LogText.escape(uri)));
    }

    void cached(AddOutcome.Cached cached) {
        String seconds = LogText.general(seconds(cached.took()));
        info("Cached variant to " + cached.entry().payload() + " in " + seconds + " seconds",
                Map.of(REQUEST, LogText.escape(name(cached.record().handle())), VARIANT,
                        LogText.escape(cached.record().uri()), "BYTES", Long.toString(cached.record().bytes()),
                        "FILES", Long.toString(cached.record().files()), "SECONDS", seconds));
    }

    void alreadyCached(Entry entry) {
        info("Variant was already cached at " + entry.payload());
    }

    void copying(Entry entry) {
        info("Variant is already being copied to " + entry.payload());
    }

    void stalled(Entry entry) {
        info("Variant is stalled copying to " + entry.payload());
    }

    /** What was found of an environment that is to be in the cache before anyone asks. */
    void prefetch(String request, boolean isWarning, String message) {
        LogLine line = new LogLine(LogText.escape("Prefetch of " + request + ": " + message),
                Map.of(PREFETCH, LogText.escape(request)));
        if (isWarning) {
            logger.warn(line);
        } else {
            logger.info(line);
        }
    }

    void clean(CleanEvent event) {
        if (event.isWarning()) {
            warn(event.message());
        } else {
            info(event.message());
        }
    }

    void debug(String message) {
        logger.debug(LogText.escape(message));
    }

    void info(String message) {
        info(message, Map.of());
    }

    private void info(String message, Map<String, String> fields) {
        logger.info(new LogLine(LogText.escape(message), fields));
    }

    void warn(String message) {
        logger.warn(LogText.escape(message));
    }

    /** A warning about one request. */
    void warn(Handle handle, String message) {
        logger.warn(new LogLine(LogText.escape(message), Map.of(REQUEST, LogText.escape(name(handle)))));
    }

    /** A person must act. */
    void error(String message) {
        logger.error(LogText.escape(message));
    }

    /** A person must act, about one request. */
    void error(Handle handle, String message) {
        logger.error(new LogLine(LogText.escape(message), Map.of(REQUEST, LogText.escape(name(handle)))));
    }

    /** A request in a few words: what is asked for, of which repository. */
    static String name(Handle handle) {
        String index = handle.index().isPresent() ? Integer.toString(handle.index().getAsInt()) : "";
        return handle.qualifiedName() + "[" + index + "] of " + handle.location();
    }

    /** A bug of ours: the only kind of message with a stack trace. */
    void bug(String message, Throwable cause) {
        logger.error(LogText.escape(message), cause);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
