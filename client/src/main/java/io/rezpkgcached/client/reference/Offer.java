package io.rezpkgcached.client.reference;

import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a shell can offer for a value. URIs are not among it: nobody waits for a repository at a press of TAB.
 *
 * @param words of which one is to be taken; the values that are written in lower case in {@code retry|discard|FILE}
 * @param paths files or folders
 */
record Offer(List<String> words, Paths paths) {

    enum Paths {
        NONE, FILES, FOLDERS;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Offer of(Option option) {
        return of(option.metavar(), option.choices());
    }

    static Offer of(Operands operands) {
        return of(operands.metavar(), List.of());
    }

    private static Offer of(String metavar, List<String> choices) {
        if (!choices.isEmpty()) {
            return new Offer(choices, Paths.NONE);
        }
        List<String> values = Arrays.asList(metavar.split("\\|"));
        return new Offer(values.stream().filter(value -> value.matches("[a-z][a-z-]*")).toList(),
                values.contains("FILE") ? Paths.FILES : metavar.endsWith("DIR") ? Paths.FOLDERS : Paths.NONE);
    }
}
