package io.rezpkgcached.settings;

import java.util.List;

/** The settings cannot be used; the message lists every problem that was found, one a line. */
public final class SettingsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public SettingsException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /** The lines of the message. */
    public List<String> problems() {
        return problems;
    }
}
