package io.rezpkgcached.cache.listing;

import io.rezpkgcached.cache.layout.CacheLayout;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the last listing found in each package, for as long as none of its folders changes: to look at the time of a folder
 * costs a tenth of reading it and the index files in it.
 *
 * <p>A file of lines in UTF-8: a header; then for each package its folders, {@code D <time in ms> <path>}, and its
 * variants, {@code V <name and version> <payload> <URI>}, with tabs between; paths are relative to the cache. What cannot be
 * told safely by times (a folder that has just changed, a name with a tab) is not in it. An index file that is changed in place
 * is not noticed. Without a folder of ours, or rights, there is no memory.
 */
final class ListingMemory {
    /** A folder may change again within one step of its clock. */
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(2);

    private static final String HEADER = "rez-pkg-cached listing 1\n";

    private final CacheLayout layout;
    private final String root;
    private final Map<String, String> packages = new HashMap<>();

    private ListingMemory(CacheLayout layout) {
        this.layout = layout;
        this.root = root(layout);
    }

    /** Of all paths in it, the beginning. */
    private static String root(CacheLayout layout) {
        String root = layout.root().toString();
        return root.endsWith("/") ? root : root + "/";
    }

    static ListingMemory read(CacheLayout layout) {
        ListingMemory memory = new ListingMemory(layout);
        try {
            memory.take(Files.readString(layout.listing()));
        } catch (IOException _) {
            // There is none, or not for this user.
        }
        return memory;
    }

    private void take(String text) {
        if (!text.startsWith(HEADER)) {
            return;
        }
        int start = HEADER.length();
        while (start < text.length()) {
            int next = text.indexOf("\n\n", start);
            if (next < 0) {
                return; // cut short
            }
            int name = text.indexOf('\t', start + 2) + 1;
            packages.put(text.substring(name, text.indexOf('\n', name)), text.substring(start, next + 1));
            start = next + 2;
        }
    }

    /** The variants of a package, in which nothing has changed. */
    Optional<Listed> of(Path packageDirectory) {
        String name = packageDirectory.getFileName().toString();
        String lines = packages.get(name);
        try {
            return lines == null ? Optional.empty() : unchanged(name, lines);
        } catch (NumberFormatException | StringIndexOutOfBoundsException _) {
            return Optional.empty(); // not as we write it
        }
    }

    private Optional<Listed> unchanged(String name, String lines) {
        List<ListedVariant> variants = new ArrayList<>();
        int end;
        for (int start = 0; start < lines.length(); start = end + 1) {
            end = lines.indexOf('\n', start);
            int first = lines.indexOf('\t', start + 2);
            String word = lines.substring(start + 2, first);
            if (lines.charAt(start) == 'D') {
                if (new File(root + lines.substring(first + 1, end)).lastModified() != Long.parseLong(word)) {
                    return Optional.empty();
                }
            } else {
                int second = lines.indexOf('\t', first + 1);
                variants.add(ListedVariant.remembered(name, word, lines.substring(second + 1, end),
                        root + lines.substring(first + 1, second)));
            }
        }
        return Optional.of(new Listed(variants, lines, true));
    }

    /**
     * What was found in a package.
     *
     * @param lines how to remember it; empty where that is not safe
     * @param isRemembered whether it is as it was remembered
     */
    record Listed(List<ListedVariant> variants, String lines, boolean isRemembered) {}

    /** Keeps what was found, where that is news and this user may. */
    void keep(List<Listed> all) {
        boolean isNews = false;
        for (Listed listed : all) {
            isNews |= !listed.lines().isEmpty() && !listed.isRemembered();
        }
        if (!isNews || !Files.isWritable(layout.incoming())) {
            return;
        }
        StringBuilder text = new StringBuilder(HEADER);
        for (Listed listed : all) {
            if (!listed.lines().isEmpty()) {
                text.append(listed.lines()).append('\n');
            }
        }
        try {
            Path written = layout.incoming().resolve("listing-" + ProcessHandle.current().pid());
            Files.write(written, text.toString().getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
            Files.move(written, layout.listing(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException _) {
            // The next listing takes as long as this one.
        }
    }

    /** Writes down what is being found in one package. A folder is to be added before it is read. */
    static final class Note {
        private final CacheLayout layout;
        private final Instant latest;
        private final StringBuilder lines = new StringBuilder();
        private boolean isSafe = true;

        Note(CacheLayout layout, Instant now) {
            this.layout = layout;
            this.latest = now.minus(SETTLED_AFTER);
        }

        void folder(Path path) {
            long time = path.toFile().lastModified();
            isSafe &= time != 0 && time < latest.toEpochMilli();
            lines.append("D ").append(time).append('\t').append(plain(layout.root().relativize(path).toString()))
                    .append('\n');
        }

        void unsettled() {
            isSafe = false;
        }

        void variant(ListedVariant variant) {
            String payload = variant.payload().orElseThrow().substring(root(layout).length());
            lines.append("V ").append(plain(variant.qualifiedName())).append('\t').append(plain(payload)).append('\t')
                    .append(plain(variant.uri())).append('\n');
        }

        /** Of the package; empty if it is not to be remembered. */
        String lines() {
            return isSafe ? lines.toString() : "";
        }

        private String plain(String text) {
            isSafe &= text.indexOf('\t') < 0 && text.indexOf('\n') < 0 && text.indexOf('\ufffd') < 0;
            return text;
        }
    }
}
