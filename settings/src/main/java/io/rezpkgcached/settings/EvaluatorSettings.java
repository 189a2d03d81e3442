package io.rezpkgcached.settings;

import java.time.Duration;
import java.util.List;

/**
 * The program that is asked about package definitions that are code.
 *
 * @param command with its arguments; empty: there is none
 * @param timeout for one answer
 */
public record EvaluatorSettings(List<String> command, Duration timeout) {

    public EvaluatorSettings {
        command = List.copyOf(command);
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout " + timeout);
        }
    }
}
