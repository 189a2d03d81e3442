package io.rezpkgcached.client.syntax;

import java.util.List;

/** The command line has words that its command does not know. */
public final class UnknownWordsException extends UsageException {
    private static final long serialVersionUID = 1L;

    private final String[] words;

    UnknownWordsException(List<String> words) {
        super("unrecognized arguments: " + String.join(" ", words));
        this.words = words.toArray(String[]::new);
    }

    public List<String> words() {
        return List.of(words);
    }
}
