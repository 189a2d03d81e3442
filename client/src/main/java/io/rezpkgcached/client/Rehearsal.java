package io.rezpkgcached.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs several commands in one JVM: what the build trains the AOT cache with, since a JVM records one run only.
 *
 * <p>Reads from stdin a line for each: the exit status that is expected, the {@link Program}, and the words, split at blanks. Ends with status 0 where
 * each command ended as expected, else with 70 and a line on stderr, so that a cache is not trained on a failure. The commands find a
 * memcached where {@code REZ_MEMCACHED_URI} says, and may find again what they have stored there.
 */
public final class Rehearsal {
    private static final int UNEXPECTED = 70;

    private Rehearsal() {}

    public static void main(String[] none) throws IOException {
        List<String> lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).lines()
                .toList();
        try (RehearsalServer _ = new RehearsalServer(server())) {
            for (String line : lines) {
                List<String> words = List.of(line.split(" "));
                Program program = Program.valueOf(words.get(1));
                List<String> rest = words.subList(2, words.size());
                int status = program == Program.MEMCACHE ? MemcacheMain.perform(rest) : Main.perform(program, rest);
                if (status != Integer.parseInt(words.getFirst())) {
                    System.err.println("ended with status " + status + ": " + line);
                    System.exit(UNEXPECTED);
                }
            }
        }
        // As Main ends: this loads some sixty classes.
        System.exit(ExitCode.OK);
    }

    /** Where the commands will look for memcached. */
    private static InetSocketAddress server() {
        String[] place = System.getenv("REZ_MEMCACHED_URI").split(":", 2);
        return new InetSocketAddress(place[0], Integer.parseInt(place[1]));
    }
}
