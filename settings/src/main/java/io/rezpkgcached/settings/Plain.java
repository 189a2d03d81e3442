package io.rezpkgcached.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Plain values, already of the right kind, as the types that the program uses. */
final class Plain {
    /** More, and HOCON takes its longest duration, of 292 years, for it. */
    private static final int MOST_DIGITS = 6;

    private Plain() {}

    /** rez asks whether such a text is true, so an empty one is none. */
    static Optional<String> optionalText(Object plain) {
        return Optional.ofNullable((String) plain).filter(text -> !text.isEmpty());
    }

    static List<String> texts(Object plain) {
        return ((List<?>) plain).stream().map(String.class::cast).toList();
    }

    static Path path(Object plain, Surroundings surroundings) throws BadValue {
        try {
            return surroundings.resolved((String) plain);
        } catch (InvalidPathException e) {
            throw new BadValue("is " + Rendering.text(plain) + ", which cannot be the name of a file");
        }
    }

    static List<Path> absolutePaths(Object plain) throws BadValue {
        List<Path> paths = new ArrayList<>();
        for (String text : texts(plain)) {
            if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
                throw new BadValue("has \"" + text + "\", but must hold absolute paths only");
            }
            paths.add(Path.of(text).normalize());
        }
        return List.copyOf(paths);
    }

    static long whole(Object plain) throws BadValue {
        if (plain instanceof Long number) {
            return number;
        }
        if (plain instanceof Boolean bool) {
            return bool ? 1 : 0;
        }
        throw new BadValue("is " + plain + ", which is too large");
    }

    static int between(Object plain, int lowest, int highest) throws BadValue {
        long number = whole(plain);
        if (number < lowest || number > highest) {
            throw new BadValue("is " + number + ", but must be from " + lowest + " to " + highest);
        }
        return (int) number;
    }

    static Duration days(Object plain) throws BadValue {
        long days = whole(plain);
        if (Math.abs(days) > Integer.MAX_VALUE) {
            throw new BadValue("is " + days + ", which is too many days");
        }
        return Duration.ofDays(days);
    }

    /** Seconds as rez compares them: no number is no limit that could be met, and infinity is very long. */
    static Duration seconds(Double seconds) {
        double longest = Integer.MAX_VALUE;
        double bounded = Math.clamp(seconds.isNaN() ? 0 : seconds, -longest, longest);
        return Duration.ofNanos(0).plusSeconds((long) bounded).plusNanos((long) ((bounded - (long) bounded) * 1e9));
    }

    static Duration duration(Object plain) throws BadValue {
        String text = (String) plain;
        Optional<Duration> usual = usual(text);
        if (usual.isPresent()) {
            return usual.get();
        }
        try {
            // Without a unit HOCON takes milliseconds, which nobody who writes 60 means.
            if (text.chars().anyMatch(Character::isLetter)) {
                Duration duration = ConfigValueFactory.fromAnyRef(text).atKey("value").getDuration("value");
                if (duration.isPositive()) {
                    return duration;
                }
            }
        } catch (ConfigException e) {
            // Said below, in words that fit the setting.
        }
        throw new BadValue(
                "is \"" + text + "\", but must be a time above zero with a unit, as in \"60 s\" or \"5 minutes\"");
    }

    /** A plain duration, as all defaults are; of another, which takes HOCON to read, empty. */
    private static Optional<Duration> usual(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        long unit = switch (text.substring(end).strip()) {
            case "ms" -> 1;
            case "s", "second", "seconds" -> 1000;
            case "m", "minute", "minutes" -> 60_000;
            case "h", "hour", "hours" -> 3_600_000;
            default -> 0;
        };
        long number = end == 0 || end > MOST_DIGITS ? 0 : Long.parseLong(text.substring(0, end));
        return number * unit > 0 ? Optional.of(Duration.ofMillis(number * unit)) : Optional.empty();
    }

    /** Bytes in a second; empty for no limit. */
    static OptionalLong bytes(Object plain) throws BadValue {
        if (plain == null || plain.equals("none") || plain.equals(0L)) {
            return OptionalLong.empty();
        }
        try {
            long bytes = ConfigValueFactory.fromAnyRef(plain).atKey("value").getBytes("value");
            if (bytes >= 0) {
                return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
            }
        } catch (ConfigException | IllegalArgumentException e) {
            // Said below, in words that fit the setting.
        }
        throw new BadValue(
                "is " + Rendering.text(plain) + ", but must be a number of bytes, as in \"100 MB\", or none");
    }

    /** Each key's truth in Python; a key with none decides nothing, and one that is not text matches no name. */
    static Map<String, Boolean> truths(Object plain) {
        Map<String, Boolean> truths = new LinkedHashMap<>();
        ((Map<?, ?>) plain).forEach((key, value) -> {
            if (key instanceof String name && value != null) {
                truths.put(name, Truth.of(value));
            }
        });
        return truths;
    }
}
