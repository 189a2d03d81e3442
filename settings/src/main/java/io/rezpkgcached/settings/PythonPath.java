package io.rezpkgcached.settings;

import java.util.ArrayDeque;

/** File names as Python's {@code posixpath} takes them apart: as text, without a look at the disk. */
final class PythonPath {

    private PythonPath() {}

    /** {@code splitext(path)[0]}: leading dots of the last name are part of it. */
    static String withoutSuffix(String path) {
        int start = path.lastIndexOf('/') + 1;
        int dot = path.lastIndexOf('.');
        for (int i = start; i < dot; i++) {
            if (path.charAt(i) != '.') {
                return path.substring(0, dot);
            }
        }
        return path;
    }

    /** {@code normpath(path)}. */
    static String normalized(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        // POSIX leaves exactly two leading slashes to the system, and Python keeps them.
        String root = path.startsWith("//") && !path.startsWith("///") ? "//" : path.startsWith("/") ? "/" : "";
        ArrayDeque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            boolean up = part.equals("..");
            if (!up || (root.isEmpty() && parts.isEmpty()) || (!parts.isEmpty() && parts.getLast().equals(".."))) {
                parts.addLast(part);
            } else if (!parts.isEmpty()) {
                parts.removeLast();
            }
        }
        String joined = root + String.join("/", parts);
        return joined.isEmpty() ? "." : joined;
    }

    /** {@code abspath(path)}. */
    static String absolute(String path, String workingDirectory) {
        return normalized(path.startsWith("/") ? path : workingDirectory + "/" + path);
    }
}
