package io.rezpkgcached.settings;

import io.rezpkgcached.cache.version.Requirement;
import io.rezpkgcached.cache.version.VersionException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An environment that is to be in the cache before anyone asks for it.
 *
 * @param words as they are given to {@code rez-env}
 * @param paths the repositories to search, absolute; empty: those of {@code packages_path}
 */
public record PrefetchRequest(List<String> words, Optional<List<String>> paths) {
    private static final Set<String> NAMES = Set.of("request", "paths");

    public PrefetchRequest {
        words = List.copyOf(words);
        paths = paths.map(List::copyOf);
    }

    /** The words as one text. */
    public String text() {
        return String.join(" ", words);
    }

    static List<PrefetchRequest> all(Object plain) throws BadValue {
        List<PrefetchRequest> requests = new ArrayList<>();
        for (Object item : (List<?>) plain) {
            requests.add(of(item));
        }
        return List.copyOf(requests);
    }

    private static PrefetchRequest of(Object item) throws BadValue {
        if (item instanceof String text) {
            return new PrefetchRequest(words(text, item), Optional.empty());
        }
        Map<?, ?> map = (Map<?, ?>) item;
        for (Object name : map.keySet()) {
            if (!NAMES.contains(name)) {
                throw new BadValue("has " + Rendering.text(item) + ", and there is no " + name + " in a request: it has"
                        + " request, and may have paths");
            }
        }
        if (!(map.get("request") instanceof String text)) {
            throw new BadValue("has " + Rendering.text(item) + ", which lacks request, a text");
        }
        if (!map.containsKey("paths")) {
            return new PrefetchRequest(words(text, item), Optional.empty());
        }
        if (!(map.get("paths") instanceof List<?> paths) || paths.isEmpty()
                || !paths.stream().allMatch(path -> path instanceof String folder && folder.startsWith("/"))) {
            throw new BadValue("has " + Rendering.text(item) + ", whose paths must be a list of absolute paths");
        }
        return new PrefetchRequest(words(text, item),
                Optional.of(paths.stream().map(String.class::cast).toList()));
    }

    private static List<String> words(String text, Object item) throws BadValue {
        List<String> words = Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
        if (words.isEmpty()) {
            throw new BadValue("has " + Rendering.text(item) + ", which names no package");
        }
        for (String word : words) {
            try {
                Requirement _ = Requirement.parse(word);
            } catch (VersionException e) {
                throw new BadValue("has " + Rendering.text(item) + ", in which " + word + " is not a request: "
                        + e.getMessage());
            }
        }
        return words;
    }
}
