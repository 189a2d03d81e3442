package io.rezpkgcached.settings;

import java.util.Arrays;
import java.util.Locale;

/** How much the daemon logs. */
public enum LogLevel {
    ERROR, WARN, INFO, DEBUG;

    static LogLevel of(Object plain) throws BadValue {
        String text = (String) plain;
        return Arrays.stream(values()).filter(level -> level.name().equals(text.toUpperCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new BadValue("is \"" + text + "\", but must be error, warn, info or debug"));
    }
}
