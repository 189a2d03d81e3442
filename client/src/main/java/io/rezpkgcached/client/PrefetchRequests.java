package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.resolve.key.RequestFactory;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.key.UnprintableException;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The environments that a command line names by what is requested, each as it would be given to {@code rez-env}. */
final class PrefetchRequests {
    static final Option REQUEST = Option.each("REQUEST",
            "packages as for rez-env, in one word, such as \"maya-2024 mtoa\":"
                    + " have the variants cached, when nothing else waits, of the resolve that rez has cached for them; may be"
                    + " repeated",
            "--request");
    static final Option REQUESTS = Option.each("FILE", "the same for each line of a file, or - for standard input; what"
            + " follows a # and empty lines are passed over; may be repeated", "--requests");
    private static final String COMMENT = "#";
    private static final int MOST_BYTES = 1 << 20;

    private PrefetchRequests() {}

    /** One of them. */
    record Named(String text, ResolveRequest request) {}

    /** Whether a command line names any. */
    static boolean areGiven(Parsed words) {
        return words.has(REQUEST) || words.has(REQUESTS);
    }

    /**
     * Reads all that are named.
     *
     * @throws UsageException with a line for each that is no request
     */
    static List<Named> read(Parsed words, ResolveCacheSettings settings, Session session)
            throws UsageException, SettingsException, IOException {
        RequestFactory factory = ResolveRequests.factory(words, settings, session);
        List<Named> named = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (String text : words.values(REQUEST)) {
            add(text, "argument --request: ", factory, words, session, named, problems);
        }
        for (String file : words.values(REQUESTS)) {
            List<String> lines = lines(file, session);
            for (int i = 0; i < lines.size(); i++) {
                String text = withoutComment(lines.get(i));
                if (!text.isEmpty()) {
                    String place = (file.equals("-") ? "standard input" : file) + ":" + (i + 1) + ": ";
                    add(text, place, factory, words, session, named, problems);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("\n", problems));
        }
        return named;
    }

    private static void add(String text, String place, RequestFactory factory, Parsed words, Session session,
            List<Named> named, List<String> problems) throws UsageException {
        List<String> requests = words(text);
        if (requests.isEmpty()) {
            problems.add(place + "it names no package");
            return;
        }
        try {
            named.add(new Named(String.join(" ", requests), ResolveRequests.of(factory, requests, words, session)));
        } catch (UnprintableException e) {
            problems.add(place + e.getMessage());
        }
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    /** A request may hold a # (foo#1), so a comment begins where a word does. */
    private static String withoutComment(String line) {
        return String.join(" ", words(line).stream().takeWhile(word -> !word.startsWith(COMMENT)).toList());
    }

    private static List<String> lines(String file, Session session) throws IOException {
        if (file.equals("-")) {
            try (InputStream in = session.in()) {
                return lines(in, "standard input");
            }
        }
        Path path = session.surroundings().workingDirectory().resolve(file);
        if (Files.isDirectory(path)) {
            throw new IOException("not a file of requests but a directory: " + file);
        }
        try (InputStream in = Files.newInputStream(path)) {
            return lines(in, file);
        }
    }

    private static List<String> lines(InputStream in, String name) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IOException("not a file of requests: " + name + " has more than " + MOST_BYTES + " bytes");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return (text.startsWith("\ufeff") ? text.substring(1) : text).lines().toList();
    }
}
