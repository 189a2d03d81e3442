package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.clean.CleanEvent;
import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.log.LogText;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The daemon's log, in rez's words where rez has words for it: people's scripts look for them. What comes from outside
 * cannot forge a line, since control characters are escaped.
 */
final class RezLog {
    private final Logger logger = LogManager.getLogger("rez-pkg-cache");

    void started(String uri) {
        info("Started caching of variant " + uri + "...");
    }

    void cached(AddOutcome.Cached cached) {
        info("Cached variant to " + cached.entry().payload() + " in " + LogText.general(seconds(cached.took()))
                + " seconds");
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
        logger.info(LogText.escape(message));
    }

    void warn(String message) {
        logger.warn(LogText.escape(message));
    }

    /** A person must act. */
    void error(String message) {
        logger.error(LogText.escape(message));
    }

    /** A bug of ours: the only kind of message with a stack trace. */
    void bug(String message, Throwable cause) {
        logger.error(LogText.escape(message), cause);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
