package io.rezpkgcached.client.syntax;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of one command line.
 *
 * @param values   of each option that was given, in the order of the words; empty for one that has none
 * @param counts   how often each was given
 * @param operands the other words
 */
public record Parsed(Map<Option, List<String>> values, Map<Option, Integer> counts, List<String> operands) {
    public Parsed {
        values = Map.copyOf(values);
        counts = Map.copyOf(counts);
        operands = List.copyOf(operands);
    }

    public boolean has(Option option) {
        return counts.containsKey(option);
    }

    public int count(Option option) {
        return counts.getOrDefault(option, 0);
    }

    /** The value of an option that has one. */
    public Optional<String> value(Option option) {
        return values(option).isEmpty() ? Optional.empty() : Optional.of(values(option).getLast());
    }

    /** The values of an option that has several; of a repeated one those that were given last, or all where all count. */
    public List<String> values(Option option) {
        return values.getOrDefault(option, List.of());
    }
}
