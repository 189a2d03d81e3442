package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.resolve.StoredResolves;
import io.rezpkgcached.resolve.server.AdminConnection;
import io.rezpkgcached.resolve.server.ServerAddress;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What rez's own {@code rez-memcache} does, with the same words. */
final class MemcacheCommand implements Action {
    private static final Option FLUSH = Option.flag("delete all entries", "--flush");
    private static final Option RESOLVES = Option.flag(
            "with --flush: only resolves, and nothing else that the servers hold", "--resolves");
    private static final Option STATS = Option.flag("print all statistics of the servers", "--stats");
    private static final Option RESET_STATS = Option.flag("set the servers' statistics back", "--reset-stats");
    private static final Option POLL = Option.flag("print how much the servers do, again and again", "--poll");
    private static final Option INTERVAL = Option.one("SECS", "with --poll: seconds between two lines; default: 1.0",
            "--interval");
    private static final Option WARM = Option.flag("store the definitions of all packages, by rez itself, which takes"
            + " Python: that of the setting evaluator, or beside the command that ours is linked over", "--warm");
    private static final Option VERBOSE = Option.flag("with --warm: print each package", "-v", "--verbose");
    private static final Option DEBUG = Option.flag("", "--debug");
    private static final Option PROFILE = Option.one("FILE", "", "--profile");

    static final Command DECLARATION = new Command(MemcacheCommands.PROGRAM, "", "ask the memcached servers of rez",
            "Without an option, print a table of the servers in the setting memcached_uri that answer, with how often they"
                    + " had what was asked for, and their memory.",
            List.of(FLUSH, RESOLVES, STATS, RESET_STATS, POLL, INTERVAL, WARM, VERBOSE, DEBUG, PROFILE), Operands.NONE,
            List.of(new Command.Example("rez-memcache --flush --resolves",
                    "have everything solved anew, and keep what is cached of definitions")),
            List.of(new Command.Exit(ExitCode.OK, "done"),
                    new Command.Exit(ExitCode.FAILURE, "no server is configured, or none answers"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        double interval = interval(words.value(INTERVAL));
        if (words.has(RESOLVES) && !words.has(FLUSH)) {
            throw new UsageException("argument --resolves: only with --flush");
        }
        List<String> uris = session.memcachedUri();
        if (uris.isEmpty()) {
            session.err().println("memcaching is not enabled.");
            return ExitCode.FAILURE;
        }
        MemcacheServers servers = MemcacheServers.of(uris);
        if (words.has(POLL)) {
            return new MemcachePoll(session, servers, session.memcacheTrace(session.resolveCache())).run(interval);
        }
        if (words.has(FLUSH)) {
            return words.has(RESOLVES) ? flushResolves(servers, session) : flush(servers, session);
        }
        if (words.has(WARM)) {
            return RezWarming.run(session, words.has(VERBOSE));
        }
        if (words.has(RESET_STATS)) {
            servers.each(server -> {
                server.resetStatistics();
                return true;
            }).forEach(session.err()::println);
            session.out().println("memcached servers are stat reset.");
            return ExitCode.OK;
        }
        List<Map.Entry<String, Map<String, String>>> statistics = servers.statistics();
        if (statistics.isEmpty()) {
            session.err().println("memcached servers are not responding.");
            return ExitCode.FAILURE;
        }
        if (words.has(STATS)) {
            session.out().print(YamlStatistics.text(statistics));
        } else {
            Columns.lines(table(statistics)).forEach(session.out()::println);
        }
        return ExitCode.OK;
    }

    private static double interval(Optional<String> given) throws UsageException {
        try {
            double seconds = Double.parseDouble(given.orElse("1.0"));
            if (seconds >= 0 && seconds < Integer.MAX_VALUE) {
                return seconds;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new UsageException("argument --interval: invalid float value: '" + given.orElse("") + "'");
    }

    /** Says what rez says, and besides which server has not done it. */
    private static int flush(MemcacheServers servers, Session session) {
        List<String> problems = servers.each(server -> {
            server.flush();
            server.resetStatistics();
            return true;
        });
        problems.forEach(session.err()::println);
        session.out().println("memcached servers are flushed.");
        return ExitCode.OK;
    }

    private static int flushResolves(MemcacheServers servers, Session session) {
        AtomicInteger resolves = new AtomicInteger(); // counted one by one: a server may break off
        AtomicInteger others = new AtomicInteger();
        int status = ExitCode.OK;
        for (ServerAddress address : servers.addresses()) {
            try {
                boolean _ = MemcacheServers.ask(address, server -> {
                    StoredResolves.delete(server, resolves::incrementAndGet, others::incrementAndGet);
                    return true;
                });
            } catch (IOException e) {
                session.err().println(e.getMessage());
                status = ExitCode.FAILURE;
            }
        }
        session.out().println(resolves + " resolves are deleted, " + others + " other entries are kept.");
        return status;
    }

    private static List<List<String>> table(List<Map.Entry<String, Map<String, String>>> statistics) {
        List<List<String>> rows = new ArrayList<>(
                List.of(List.of("CACHE SERVER", "UPTIME", "HITS", "MISSES", "HIT RATIO", "MEMORY", "USED"),
                        List.of("------------", "------", "----", "------", "---------", "------", "----")));
        for (Map.Entry<String, Map<String, String>> server : statistics) {
            Map<String, String> values = server.getValue();
            long hits = number(values, "get_hits");
            long misses = number(values, "get_misses");
            long memory = number(values, "limit_maxbytes");
            long used = number(values, "bytes");
            rows.add(List.of(server.getKey().split(" ", 2)[0], PythonFormat.duration(number(values, "uptime")),
                    String.valueOf(hits), String.valueOf(misses), percent(hits, hits + misses),
                    PythonFormat.memory(memory), PythonFormat.memory(used) + " (" + percent(used, memory) + ")"));
        }
        return rows;
    }

    static long number(Map<String, String> values, String name) {
        return AdminConnection.number(values.getOrDefault(name, "0"));
    }

    private static String percent(long part, long whole) {
        return (long) ((double) part / Math.max(whole, 1) * 100.0) + "%";
    }
}
