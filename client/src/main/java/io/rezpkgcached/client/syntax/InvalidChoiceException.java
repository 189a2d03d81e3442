package io.rezpkgcached.client.syntax;

import io.rezpkgcached.cache.python.PythonText;
import java.util.List;

/** An option was given a value that is none of its choices. */
public final class InvalidChoiceException extends UsageException {
    private static final long serialVersionUID = 1L;

    private final String value;
    private final String[] choices;

    public InvalidChoiceException(String option, String value, List<String> choices) {
        super("argument " + option + ": invalid choice: " + PythonText.repr(value) + " (choose from "
                + String.join(", ", choices.stream().map(PythonText::repr).toList()) + ")");
        this.value = value;
        this.choices = choices.toArray(String[]::new);
    }

    public String value() {
        return value;
    }

    public List<String> choices() {
        return List.of(choices);
    }
}
