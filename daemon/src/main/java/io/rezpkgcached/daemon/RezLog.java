package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.add.AddOutcome;
import io.rezpkgcached.cache.clean.CleanEvent;
import io.rezpkgcached.cache.layout.Entry;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The daemon's log, in rez's words where rez has words for it: people's scripts look for them. What comes from outside
 * cannot forge a line, since control characters are escaped.
 */
final class RezLog {
    private static final int SIGNIFICANT_DIGITS = 6;
    private static final int LEAST_EXPONENT = -4;

    private final Logger logger = LogManager.getLogger("rez-pkg-cache");

    void started(String uri) {
        info("Started caching of variant " + uri + "...");
    }

    void cached(AddOutcome.Cached cached) {
        info("Cached variant to " + cached.entry().payload() + " in " + general(seconds(cached.took())) + " seconds");
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
        switch (event) {
            case CleanEvent.RemovedUnused removed -> info("Removed unused variant " + removed.uri() + " from cache");
            case CleanEvent.RemovedStalled removed -> info("Removed stalled variant " + removed.uri() + " from cache");
            case CleanEvent.RemovedSpare removed ->
                info("Removed spare copy of variant " + removed.uri() + " from cache: " + removed.payload());
            case CleanEvent.Mended mended -> warn("Mended cache entry " + mended.payload() + ": " + mended.how());
            case CleanEvent.Deleted deleted -> info("Deleted " + deleted.path());
            case CleanEvent.NotDeleted left -> warn("Could not delete " + left.path() + ": " + left.reason());
        }
    }

    void debug(String message) {
        logger.debug(escape(message));
    }

    void info(String message) {
        logger.info(escape(message));
    }

    void warn(String message) {
        logger.warn(escape(message));
    }

    /** A person must act. */
    void error(String message) {
        logger.error(escape(message));
    }

    /** A bug of ours: the only kind of message with a stack trace. */
    void bug(String message, Throwable cause) {
        logger.error(escape(message), cause);
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** Python's {@code %g}: six significant digits without trailing zeros. */
    static String general(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(SIGNIFICANT_DIGITS)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= LEAST_EXPONENT && exponent < SIGNIFICANT_DIGITS) {
            return rounded.toPlainString();
        }
        String digits = rounded.scaleByPowerOfTen(-exponent).toPlainString();
        return "%se%s%02d".formatted(digits, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** Control characters as {@code \n}, {@code \t} or <code>&#92;uXXXX</code>. */
    static String escape(String text) {
        StringBuilder escaped = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
            if (control && escaped == null) {
                escaped = new StringBuilder(text.substring(0, i));
            }
            if (escaped != null) {
                escaped.append(control ? escape(c) : String.valueOf(c));
            }
        }
        return escaped == null ? text : escaped.toString();
    }

    private static String escape(char c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u%04x".formatted((int) c);
        };
    }
}
