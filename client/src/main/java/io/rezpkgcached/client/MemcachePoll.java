package io.rezpkgcached.client;

import io.rezpkgcached.resolve.key.ResolveKey;
import io.rezpkgcached.resolve.server.Answer;
import io.rezpkgcached.resolve.server.ServerAddress;
import io.rezpkgcached.resolve.server.ServerPool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** {@code rez-memcache --poll}: a line for each server at each interval, until the user has seen enough. */
final class MemcachePoll {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** The key that rez's command uses, too. */
    private static final ResolveKey KEY = new ResolveKey("__TEST__");

    /** The number 1 with that key, as rez's client writes it. */
    private static final byte[] VALUE = ("(V" + KEY.qualified() + "\nI1\nt.")
            .getBytes(StandardCharsets.ISO_8859_1);

    private final Session session;
    private final MemcacheServers servers;
    private final Consumer<String> trace;

    MemcachePoll(Session session, MemcacheServers servers, Consumer<String> trace) {
        this.session = session;
        this.servers = servers;
        this.trace = trace;
    }

    /** Returns only where nobody reads what is printed any more. */
    int run(double interval) throws IOException, InterruptedException {
        print("SERVER", "CONNS", "GET/s", "SET/s", "TEST_GET", "TEST_SET");
        Map<String, Map<String, String>> before = new HashMap<>();
        long then = System.nanoTime();
        while (!session.out().checkError()) {
            List<Map.Entry<String, Map<String, String>>> statistics = servers.statistics();
            long now = System.nanoTime();
            double seconds = (now - then) / 1e9;
            for (Map.Entry<String, Map<String, String>> server : statistics) {
                Map<String, String> last = before.get(server.getKey());
                if (last != null) {
                    line(server.getKey(), server.getValue(), last, seconds);
                }
            }
            before.clear();
            statistics.forEach(server -> before.put(server.getKey(), server.getValue()));
            then = now;
            TimeUnit.NANOSECONDS.sleep((long) (interval * 1e9));
        }
        return ExitCode.OK;
    }

    private void line(String name, Map<String, String> values, Map<String, String> last, double seconds)
            throws InterruptedException {
        ServerAddress address = servers.addresses().stream()
                .filter(each -> name.startsWith(each.shown() + " ")).findFirst().orElseThrow();
        try (ServerPool pool = new ServerPool(List.of(address), PATIENCE, _ -> {})) {
            long start = System.nanoTime();
            pool.set(KEY.hashed(true), VALUE, 1, pool.patience());
            long set = System.nanoTime();
            boolean isFound = pool.get(KEY.hashed(true), pool.patience()) instanceof Answer.Value;
            long got = System.nanoTime();
            trace.accept("SET: " + KEY.qualified());
            trace.accept((isFound ? "HIT: " : "MISS: ") + KEY.qualified());
            print(name, values.getOrDefault("curr_connections", "0"), rate(values, last, "cmd_get", seconds),
                    rate(values, last, "cmd_set", seconds), PythonFormat.general((got - set) / 1e9),
                    PythonFormat.general((set - start) / 1e9));
        }
    }

    private static String rate(Map<String, String> now, Map<String, String> before, String name, double seconds) {
        return PythonFormat
                .general((MemcacheCommand.number(now, name) - MemcacheCommand.number(before, name)) / seconds);
    }

    private void print(Object... cells) {
        session.out().println(String.format(Locale.ROOT, "%-64s %-16s %-16s %-16s %-16s %-16s", cells));
        session.out().flush();
    }
}
