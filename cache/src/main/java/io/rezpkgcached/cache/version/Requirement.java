package io.rezpkgcached.cache.version;

import java.util.Objects;
import java.util.Optional;

/**
 * A requirement such as {@code python-3.7+<4}, {@code !foo-1} (not these versions) or {@code ~foo-1} (these versions,
 * if any).
 *
 * <p>Prints as rez prints it, which is how the folder of a variant is named. The name is not checked, as in rez; it can
 * be empty. Two requirements are equal if their names, ranges and conflict are. Source: {@code Requirement} of rez
 * 3.4.0.
 */
public final class Requirement {
    private final String name;
    private final Optional<VersionRange> range;
    private final boolean conflict;
    private final boolean weak;
    private final String canonical;

    private Requirement(String name, Optional<VersionRange> range, boolean conflict, boolean weak, String canonical) {
        this.name = name;
        this.range = range;
        this.conflict = conflict;
        this.weak = weak;
        this.canonical = canonical;
    }

    /**
     * Reads a requirement.
     *
     * @throws VersionException if its range cannot be read, or the text is too long
     */
    public static Requirement parse(String text) throws VersionException {
        VersionException.checkLength("requirement", text);
        boolean weak = text.startsWith("~");
        boolean conflict = weak || text.startsWith("!");
        String rest = conflict ? text.substring(1) : text;
        int end = nameEnd(rest);
        String name = rest.substring(0, end);
        boolean separated = end < rest.length() && "-@#".indexOf(rest.charAt(end)) >= 0;
        String separator = separated ? rest.substring(end, end + 1) : "-";
        VersionRange written = VersionRange.parse(rest.substring(separated ? end + 1 : end));
        Optional<VersionRange> range = weak ? written.inverse() : Optional.of(written);
        String sign = weak ? "~" : conflict ? "!" : "";
        String canonical = sign + name + printed(weak ? inverse(range) : written, separator);
        return new Requirement(name, range, conflict, weak, canonical);
    }

    private static int nameEnd(String text) {
        int end = 0;
        while (end < text.length() && "-@#=<>".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /** rez prints the inverse of the inverse of a weak requirement, which can differ from what was written. */
    private static VersionRange inverse(Optional<VersionRange> range) throws VersionException {
        return range.isEmpty() ? VersionRange.ANY : range.get().inverse().orElseThrow();
    }

    private static String printed(VersionRange range, String separator) {
        if (range.isAny()) {
            return "";
        }
        String text = range.toString();
        return "=<>".indexOf(text.charAt(0)) >= 0 ? text : separator + text;
    }

    /** The name of the package, or of an ephemeral with its dot. */
    public String name() {
        return name;
    }

    /**
     * The versions that are wanted, or, of a conflict, those that are not.
     *
     * @return nothing for a weak requirement of any version, which says nothing
     */
    public Optional<VersionRange> range() {
        return range;
    }

    /** Whether this forbids; weak requirements do, outside of what they name. */
    public boolean conflict() {
        return conflict;
    }

    /** Whether this is written with {@code ~}. */
    public boolean weak() {
        return weak;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Requirement requirement
                && name.equals(requirement.name)
                && range.equals(requirement.range)
                && conflict == requirement.conflict;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, range, conflict);
    }

    /** The canonical form. */
    @Override
    public String toString() {
        return canonical;
    }
}
