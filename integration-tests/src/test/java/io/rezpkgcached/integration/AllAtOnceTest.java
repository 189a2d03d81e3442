package io.rezpkgcached.integration;

import static io.rezpkgcached.cache.testing.TreeAssert.assertSameContent;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * rez's daemons, rez in sync mode and our daemon on one spool and one cache, while other processes take the lock as fast
 * as they can. rez tries a lock ten times in ten seconds, and drops the request if it never finds it free; each
 * hammering process leaves the lock alone for most of its time, as all that ever hold it do.
 */
@Tag("rez")
final class AllAtOnceTest {
    private static final int ROUNDS = 20;
    private static final int PACKAGES = 40;
    private static final int VARIANTS = 5;
    private static final int REQUESTS = PACKAGES * VARIANTS;
    private static final int HAMMERS_OF_EACH = 2;
    private static final int CONTEXTS = 2;
    private static final int REQUESTS_OF_A_CONTEXT = 40;
    private static final int REQUESTS_IN_SYNC_MODE = 20;
    private static final int REQUESTS_OF_OUR_CLIENT = 60;
    private static final Duration ROUND_WITHIN = Duration.ofMinutes(2);

    private static final String CACHED = "1";

    private static Lab lab;
    private static List<String> uris;

    @BeforeAll
    static void installs() throws Exception {
        lab = Lab.make("at-once");
        Path trees = lab.folder().resolve("trees");
        List<Lab.Wanted> packages = new ArrayList<>();
        for (int i = 0; i < PACKAGES; i++) {
            List<Path> payloads = new ArrayList<>();
            List<String> variants = new ArrayList<>();
            for (int j = 0; j < VARIANTS; j++) {
                payloads.add(tree(trees.resolve(i + "/" + j), i * VARIANTS + j));
                variants.add("needed-" + j);
            }
            packages.add(new Lab.Wanted("p" + i + "-1.0", i % 2 == 0, String.join(";", variants), payloads));
        }
        uris = lab.install(packages).keySet().stream().toList();
        assertEquals(REQUESTS, uris.size());
        Trees.remove(trees);
    }

    private static Path tree(Path folder, int seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 2 + seed % 5; i++) {
            byte[] content = new byte[random.nextInt(30_000)];
            random.nextBytes(content);
            Path file = folder.resolve("d" + i % 3).resolve("file " + i);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
            assertTrue(file.toFile().setExecutable(i % 2 == 0));
        }
        return folder;
    }

    @Test
    void allKindsOfProcesses_onOneCache_cacheEveryVariantWholeAndLoseNone() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 1; round <= ROUNDS; round++) {
            System.out.println("round " + round + ": " + round("cache" + round, round % 2 == 0 ? 4 : 1, random));
        }
        Trees.remove(lab.folder());
    }

    private static String round(String name, int workers, Random random) throws Exception {
        Path cache = lab.makeCache(name);
        Path stop = lab.folder().resolve(name + ".stop");
        long begun = System.nanoTime();
        String took;
        int doubles;
        long ours;
        List<Background> started = new ArrayList<>();
        List<Background> hammers = new ArrayList<>();
        try (DaemonProcess daemon = lab.startDaemon(cache, Map.of("REZ_PKG_CACHED_WORKERS", "" + workers))) {
            for (int i = 1; i <= HAMMERS_OF_EACH; i++) {
                hammers.add(Background.start(lab, cache, "hammer of ours " + i, ours(cache, stop)));
                hammers.add(Background.start(lab, cache, "hammer of rez " + i,
                        rezs("hammer", cache.toString(), stop.toString())));
            }
            started.addAll(hammers);
            List<Background> adders = adders(cache, random);
            started.addAll(adders);
            enqueue(cache, random);
            for (Background adder : adders) {
                adder.await(ROUND_WITHIN);
            }
            lab.awaitRezDaemons(cache, ROUND_WITHIN);
            Wait.until(ROUND_WITHIN, "nothing is pending nor being copied in " + cache,
                    () -> CacheState.of(cache).pending().isEmpty() && CacheState.of(cache).markers().isEmpty());
            took = "%.1f s".formatted((System.nanoTime() - begun) / 1e9);
            Files.createFile(stop);
            for (Background hammer : hammers) {
                hammer.await(ROUND_WITHIN);
            }
            doubles = assertSameListing(cache);
            ours = daemon.lines(" Cached variant to ").size();
        } finally {
            started.forEach(process -> process.process().destroy());
        }
        assertEveryVariantCached(cache);
        assertEquals(CacheState.AT_REST, CacheState.of(cache));
        String summary = "%s, ours copied %d, %d variants twice in the cache, %s; lock taken by the hammers %s"
                .formatted(
                        took, ours, doubles, account(cache),
                        String.join(", ", hammers.stream().map(Background::printed).map(String::strip).toList()));
        Trees.remove(cache);
        return summary;
    }

    private static List<Background> adders(Path cache, Random random) throws IOException {
        List<Background> adders = new ArrayList<>();
        for (int i = 1; i <= CONTEXTS; i++) {
            adders.add(Background.start(lab, cache, "contexts " + i, rezs("ask", cache.toString(),
                    Integer.toString(random.nextInt()), "" + REQUESTS, "" + REQUESTS_OF_A_CONTEXT)));
        }
        adders.add(Background.start(lab, cache, "sync mode", rezs("sync", cache.toString(),
                Integer.toString(random.nextInt()), "" + REQUESTS_IN_SYNC_MODE)));
        return adders;
    }

    /** How many variants have two entries: rez lists them twice, in equal lines, and we once. */
    private static int assertSameListing(Path cache) throws Exception {
        List<String> theirs = lab.rez(cache, "rez-pkg-cache").out().lines().toList();
        List<String> listed = lab.client(cache).out().lines().toList();
        assertEquals(REQUESTS, listed.size());
        assertEquals(new TreeSet<>(theirs), new TreeSet<>(listed));
        return theirs.size() - REQUESTS;
    }

    private static List<String> ours(Path cache, Path stop) {
        return List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), LockHammer.class.getName(), cache.toString(), stop.toString());
    }

    private static List<String> rezs(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(lab.rez().command("rez-python"), lab.script("all_at_once.py").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static void enqueue(Path cache, Random random) throws Exception {
        List<String> some = new ArrayList<>(uris);
        Collections.shuffle(some, random);
        List<String> words = new ArrayList<>(List.of("enqueue"));
        words.addAll(some.subList(0, REQUESTS_OF_OUR_CLIENT));
        lab.client(cache, words.toArray(String[]::new));
    }

    private static void assertEveryVariantCached(Path cache) throws Exception {
        List<String> command = rezs("look", cache.toString());
        Run run = lab.rez(cache, "rez-python", command.subList(1, command.size()).toArray(String[]::new));
        List<String> missing = new ArrayList<>();
        List<String> lines = run.out().lines().toList();
        assertEquals(REQUESTS, lines.size());
        for (String line : lines) {
            String[] fields = line.split("\t", -1);
            if (!fields[0].equals(CACHED)) {
                missing.add(line);
            } else {
                assertSameContent(Path.of(fields[2]), Path.of(fields[3]));
            }
        }
        assertEquals(List.of(), missing);
    }

    /** What the log says of all copies, and of what rez by itself would have lost. */
    private static String account(Path cache) throws IOException {
        List<String> log = DaemonProcess.log(cache);
        return "all processes %d, rez dropped %d requests (%d for want of the lock)".formatted(
                count(log, " Cached variant to "), count(log, "Failed to add variant to the cache"),
                count(log, ".LockTimeout: "));
    }

    private static long count(List<String> log, String text) {
        return log.stream().filter(line -> line.contains(text)).count();
    }
}
