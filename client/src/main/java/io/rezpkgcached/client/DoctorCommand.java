package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.resolve.server.AdminConnection;
import io.rezpkgcached.resolve.server.Answer;
import io.rezpkgcached.resolve.server.ServerAddress;
import io.rezpkgcached.resolve.server.ServerPool;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Examines the servers, and says what to do. */
final class DoctorCommand implements Action {
    private static final int ROUND_TRIPS = 21;
    private static final double SLOW_MILLISECONDS = 20;
    private static final double NEARLY_FULL = 0.9;

    static final Command DECLARATION = new Command(MemcacheCommands.PROGRAM, "doctor",
            "examine the servers, and say what to do",
            "Examine each server: whether it can be reached, how long a round trip takes, whether it keeps what it is"
                    + " given, how full it is, and whether values are too large for it. A value is stored, read and"
                    + " deleted. Lines that begin with 'problem:' say what is wrong, and what to do.",
            List.of(), Operands.NONE,
            List.of(new Command.Example("rez-memcache doctor", "see why nothing is taken from the cache")),
            List.of(new Command.Exit(ExitCode.OK, "all is well"),
                    new Command.Exit(ExitCode.FAILURE, "there are problems, or no server is configured"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session) throws SettingsException, IOException, InterruptedException {
        ResolveCacheSettings settings = session.resolveCache();
        if (settings.memcachedUri().isEmpty()) {
            session.out().println("problem: memcached_uri names no server; set it to [\"host:11211\"]");
            return ExitCode.FAILURE;
        }
        int problems = 0;
        if (!settings.caching()) {
            session.out().println("problem: resolve_caching is false, so rez caches no resolve; set it to true");
            problems++;
        }
        for (ServerAddress address : MemcacheServers.of(settings.memcachedUri()).addresses()) {
            session.out().println(address.shown());
            for (String line : examine(address, settings)) {
                session.out().println("  " + line);
                problems += line.startsWith("problem:") ? 1 : 0;
            }
        }
        session.out().println(problems == 0 ? "all is well" : problems + (problems == 1 ? " problem" : " problems"));
        return problems == 0 ? ExitCode.OK : ExitCode.FAILURE;
    }

    private static List<String> examine(ServerAddress address, ResolveCacheSettings settings)
            throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try {
            lines.addAll(MemcacheServers.ask(address, DoctorCommand::questions));
        } catch (IOException e) {
            lines.add("problem: it does not answer (" + e.getMessage()
                    + "): start it, or have it listen where this machine reaches it, or take it out of memcached_uri");
            return lines;
        }
        lines.add(stores(address, settings));
        return lines;
    }

    private static List<String> questions(AdminConnection server) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("memcached " + server.version());
        double milliseconds = roundTrip(server);
        lines.add(String.format(Locale.ROOT, "%sround trip %.2f ms%s",
                milliseconds > SLOW_MILLISECONDS ? "problem: " : "",
                milliseconds,
                milliseconds > SLOW_MILLISECONDS ? "; solving may be faster: use a server that is nearer" : ""));
        Map<String, String> general = server.statistics("");
        long used = MemcacheCommand.number(general, "bytes");
        long memory = MemcacheCommand.number(general, "limit_maxbytes");
        lines.add("memory " + PythonFormat.memory(used) + " of " + PythonFormat.memory(memory));
        long evicted = MemcacheCommand.number(general, "evictions");
        lines.add(evicted == 0
                ? "evictions 0"
                : "problem: evictions " + evicted + ": it has dropped entries for want of memory; give it more (-m)");
        if (evicted == 0 && used > NEARLY_FULL * memory) {
            lines.add("problem: it is nearly full, and will soon drop entries; give it more memory (-m)");
        }
        try {
            lines.add(sizes(server));
        } catch (IOException e) {
            lines.add("the sizes of its entries cannot be told: " + e.getMessage());
        }
        return lines;
    }

    private static double roundTrip(AdminConnection server) throws IOException {
        double[] milliseconds = new double[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long start = System.nanoTime();
            server.version();
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(milliseconds);
        return milliseconds[ROUND_TRIPS / 2];
    }

    private static String sizes(AdminConnection server) throws IOException {
        long limit = MemcacheCommand.number(server.statistics("settings"), "item_size_max");
        long[] most = new long[1];
        server.entries(entry -> most[0] = Math.max(most[0], entry.bytes()));
        long largest = most[0];
        String found = "largest entry " + PythonFormat.memory(largest) + ", limit " + PythonFormat.memory(limit);
        if (limit < ServerPool.LARGEST_VALUE) {
            return "problem: " + found + ": rez stores up to 1 Mb, and larger ones are lost; start it with -I 1m";
        }
        return largest > NEARLY_FULL * limit
                ? "problem: " + found + ": larger ones are lost, and rez stores none above 1 Mb; split such requests"
                : found;
    }

    private static String stores(ServerAddress address, ResolveCacheSettings settings) throws InterruptedException {
        String key = "rez-pkg-cached-doctor-" + UUID.randomUUID();
        byte[] value = key.getBytes(StandardCharsets.UTF_8);
        List<String> notices = new ArrayList<>();
        try (ServerPool pool = new ServerPool(List.of(address), settings.timeout(), notices::add)) {
            Optional<String> refused = pool.set(key, value, 0, pool.patience());
            if (refused.isPresent()) {
                return "problem: a value could not be stored within " + settings.timeout().toMillis() + " ms: "
                        + refused.get() + "; see memcached_timeout";
            }
            boolean same = pool.get(key, pool.patience()) instanceof Answer.Value got
                    && Arrays.equals(value, got.bytes());
            pool.delete(key, pool.patience());
            return same ? "set and get work" : "problem: a value that was stored did not come back; look at the server";
        }
    }
}
