package io.rezpkgcached.client;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Numbers as rez prints them for people. Source: {@code rez/utils/formatting.py} of rez 3.4.0. */
final class PythonFormat {
    private static final int DIGITS = 6;
    private static final int LEAST_EXPONENT = -4;
    private static final int TEN = 10;

    /** Of more, six digits have no tenths. */
    private static final long MOST_TENTHS = 1_000_000;

    private static final double SURELY_NO_TIE = 0.499;

    /** A unit, and above how many of it there are no tenths. */
    private record Unit(long size, String name, int threshold) {}

    private static final long DAY = 24 * 3600;
    private static final List<Unit> TIMES = List.of(new Unit(365 * DAY, "years", 10), new Unit(30 * DAY, "months", 12),
            new Unit(7 * DAY, "weeks", 5), new Unit(DAY, "days", 7), new Unit(3600, "hours", 10),
            new Unit(60, "minutes", 10), new Unit(1, "seconds", 60));
    private static final List<Unit> SIZES = List.of(new Unit(1L << 40, "Tb", 128), new Unit(1L << 30, "Gb", 64),
            new Unit(1L << 20, "Mb", 32), new Unit(1L << 10, "Kb", 16), new Unit(1, "bytes", 1024));

    private PythonFormat() {}

    static String duration(long seconds) {
        return readable(seconds, TIMES, true);
    }

    static String memory(long bytes) {
        return readable(bytes, SIZES, false);
    }

    private static String readable(long value, List<Unit> units, boolean isPluralAware) {
        for (Unit unit : units) {
            if (value >= unit.size()) {
                double count = value / (double) unit.size();
                double rounded = count > unit.threshold() ? rounded(count, 1) : rounded(count, TEN);
                double shown = (long) (rounded * 10) / 10.0;
                boolean isOne = isPluralAware && Math.abs(shown - 1) < 1e-9;
                return general(shown) + " "
                        + (isOne ? unit.name().substring(0, unit.name().length() - 1) : unit.name());
            }
        }
        return "0 " + units.getLast().name();
    }

    /** Python's {@code round} to whole parts of one. BigDecimal takes milliseconds at its first use. */
    private static double rounded(double value, int parts) {
        double scaled = value * parts;
        double nearest = Math.rint(scaled);
        return Math.abs(scaled - nearest) < SURELY_NO_TIE
                ? nearest / parts
                : new BigDecimal(value).setScale(parts == 1 ? 0 : 1, RoundingMode.HALF_EVEN).doubleValue();
    }

    /** Python's {@code %g}. */
    static String general(double value) {
        long tenths = Math.round(value * TEN);
        if (tenths / (double) TEN == value && tenths >= 0 && tenths < MOST_TENTHS) { // nearly always
            String whole = Long.toString(tenths / TEN);
            return tenths % TEN == 0 ? whole : whole.concat(".").concat(Long.toString(tenths % TEN));
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= LEAST_EXPONENT && exponent < DIGITS) {
            return rounded.toPlainString();
        }
        String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        return rounded.scaleByPowerOfTen(-exponent).toPlainString() + "e" + power;
    }
}
