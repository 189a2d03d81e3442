package io.rezpkgcached.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a package says of itself: the fields of a Debian control file, of one paragraph. */
record ControlFile(Map<String, String> fields) {
    ControlFile {
        fields = Map.copyOf(fields);
    }

    static ControlFile read(Path file) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        String name = "";
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(" ")) {
                fields.merge(name, line.equals(" .") ? "" : line.substring(1), (text, more) -> text + "\n" + more);
            } else {
                int colon = line.indexOf(": ");
                if (colon < 0) {
                    throw new IOException(file + " holds a line that is no field: " + line);
                }
                name = line.substring(0, colon);
                fields.put(name, line.substring(colon + 2));
            }
        }
        return new ControlFile(fields);
    }

    String field(String name) {
        return Optional.ofNullable(fields.get(name))
                .orElseThrow(() -> new IllegalArgumentException("the control file has no field " + name));
    }

    /** The first line of the description. */
    String summary() {
        String description = field("Description");
        return description.substring(0, description.indexOf('\n'));
    }

    /** The description after its first line. */
    String description() {
        String description = field("Description");
        return description.substring(description.indexOf('\n') + 1);
    }

    /** What stands before the dash in the version. */
    String version() {
        String version = field("Version");
        return version.substring(0, version.lastIndexOf('-'));
    }

    /** What stands after the dash in the version. */
    String release() {
        String version = field("Version");
        return version.substring(version.lastIndexOf('-') + 1);
    }
}
