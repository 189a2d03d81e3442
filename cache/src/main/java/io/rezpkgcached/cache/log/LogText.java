package io.rezpkgcached.cache.log;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** The texts of rez's log. What comes from outside cannot forge a line, since control characters are escaped. */
public final class LogText {
    private static final int SIGNIFICANT_DIGITS = 6;
    private static final int LEAST_EXPONENT = -4;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private LogText() {}

    /**
     * One line, without its end: {@code rez-pkg-cache 2020-05-23 16:17:45,194 PID-29827 INFO Deleted /x}.
     *
     * @param level as Python spells it
     */
    public static String line(Instant time, ZoneId zone, long pid, String level, String message) {
        ZonedDateTime local = time.atZone(zone);
        return "rez-pkg-cache " + day(local) + " " + clock(local) + "," + padded(local.getNano() / NANOS_PER_MILLI, 3)
                + " PID-" + pid + " " + level + " " + escape(message);
    }

    /** {@code 2020-05-23}. */
    public static String day(ZonedDateTime time) {
        return padded(time.getYear(), 4) + "-" + padded(time.getMonthValue(), 2) + "-"
                + padded(time.getDayOfMonth(), 2);
    }

    /** {@code 16:17:45}. */
    public static String clock(ZonedDateTime time) {
        return padded(time.getHour(), 2) + ":" + padded(time.getMinute(), 2) + ":" + padded(time.getSecond(), 2);
    }

    private static String padded(int number, int digits) {
        String text = Integer.toString(number);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }

    /** Python's {@code %g}: six significant digits without trailing zeros. */
    public static String general(double value) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(SIGNIFICANT_DIGITS)).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= LEAST_EXPONENT && exponent < SIGNIFICANT_DIGITS) {
            return rounded.toPlainString();
        }
        String digits = rounded.scaleByPowerOfTen(-exponent).toPlainString();
        return digits + "e" + (exponent < 0 ? "-" : "+") + padded(Math.abs(exponent), 2);
    }

    /** Control characters as {@code \n}, {@code \t} or <code>&#92;uXXXX</code>. */
    public static String escape(String text) {
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
