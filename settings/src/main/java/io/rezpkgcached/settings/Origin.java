package io.rezpkgcached.settings;

import java.nio.file.Path;
import java.util.Objects;

/** Where the value of a setting was written; its text is for people. */
public sealed interface Origin {

    /** Nobody wrote it: the default of rez, or ours. */
    record Default() implements Origin {

        @Override
        public String toString() {
            return "default";
        }
    }

    /**
     * A line of a file. Of a dictionary that several files add to, the last one.
     *
     * @param line counted from 1
     */
    record FileLine(Path file, int line) implements Origin {

        public FileLine {
            Objects.requireNonNull(file, "file");
        }

        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /** An environment variable. */
    record Variable(String name) implements Origin {

        public Variable {
            Objects.requireNonNull(name, "name");
        }

        @Override
        public String toString() {
            return "$" + name;
        }
    }
}
