package io.rezpkgcached.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.testing.Until;
import io.rezpkgcached.resolve.key.ResolveKey;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.pickle.Pickle;
import io.rezpkgcached.resolve.pickle.PickledEnum;
import io.rezpkgcached.resolve.pickle.PickledObject;
import io.rezpkgcached.resolve.pickle.PickledTuple;
import io.rezpkgcached.resolve.server.ServerAddress;
import io.rezpkgcached.resolve.server.ServerPool;
import io.rezpkgcached.resolve.testing.TestMemcached;
import io.rezpkgcached.settings.ResolveCacheSettings;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResolveCacheTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String GRAPH = "{'nodes': [((('fontsize', 10),), [('_1', 'foo'), '_2'])], 'edges': [((('arrowsize', '0.5'),), [('_1', '_2')])]}";

    @TempDir
    private Path folder;
    private TestMemcached server;
    private ResolveCache cache;
    private Repository repository;
    private Resolve resolve;

    @BeforeEach
    void start() throws Exception {
        server = TestMemcached.start();
        cache = ResolveCache.open(settings(List.of(server.uri()), true), line -> {
            throw new AssertionError(line);
        }).orElseThrow();
        repository = new Repository(folder.resolve("packages"));
        Handle foo = repository.add("foo", "1.0");
        Handle bar = repository.add("bar", "2.0");
        resolve = new Resolve(List.of(bar, foo), List.of(".eph-1"));
    }

    @AfterEach
    void stop() {
        cache.close();
        server.close();
    }

    private static ResolveCacheSettings settings(List<String> servers, boolean caching) {
        return new ResolveCacheSettings(servers, caching, false, List.of(), List.of(), List.of(), true, LIMIT);
    }

    private ResolveRequest request(OptionalLong timestamp) {
        return new ResolveRequest(List.of("foo"), List.of(repository.located()), "", "", false, true, timestamp);
    }

    private ResolveRequest request() {
        return request(OptionalLong.empty());
    }

    private String store(ResolveRequest request) throws Exception {
        return assertInstanceOf(ResolveCache.Stored.Under.class,
                cache.store(request, resolve, ResolveGraph.parse(GRAPH), 0.5, 0.25, OptionalDouble.empty())).key();
    }

    private String verdict(ResolveRequest request) throws Exception {
        return switch (cache.lookup(request, false)) {
            case Verdict.Hit _ -> "hit";
            case Verdict.Miss _ -> "miss";
            case Verdict.Stale _ -> "stale";
        };
    }

    /** A value under the request's own key, whatever it is. */
    private Verdict afterSetting(byte[] value, int flags) throws Exception {
        try (ServerPool pool = new ServerPool(List.of(ServerAddress.parse(server.uri())), LIMIT, _ -> {})) {
            assertEquals(Optional.empty(), pool.set(request().plainKey().hashed(false), value, flags, pool.patience()));
        }
        return cache.lookup(request(), true);
    }

    @Test
    void open_off_isEmpty() {
        assertTrue(ResolveCache.open(settings(List.of(), true), _ -> {}).isEmpty());
        assertTrue(ResolveCache.open(settings(List.of("127.0.0.1:1"), false), _ -> {}).isEmpty());
    }

    @Test
    void lookup_whatWasStored_isAHit() throws Exception {
        String key = request().plainKey().hashed(false);
        assertEquals(new Verdict.Miss(key, "there is no entry"), cache.lookup(request(), false));
        assertEquals(key, store(request()));
        assertEquals(new Verdict.Hit(key, "no variant has changed, and no package was released since", resolve),
                cache.lookup(request(), false));
    }

    @Test
    void lookup_changedDefinition_isStaleAndDeletedOnlyWhenToldTo() throws Exception {
        String key = store(request());
        Repository.age(repository.folder().resolve("bar/2.0/package.py"), Repository.OLD.plusNanos(1000));
        String reason = "bar-2.0 has been modified: the time of its definition was 1700000000.1234567 and is 1700000000.1234577";
        assertEquals(new Verdict.Stale(key, reason, false), cache.lookup(request(), false));
        assertEquals(new Verdict.Stale(key, reason, true), cache.lookup(request(), true));
        assertEquals(new Verdict.Miss(key, "there is no entry"), cache.lookup(request(), true));
    }

    @Test
    void lookup_newRelease_isStale() throws Exception {
        String key = store(request());
        Repository.age(repository.folder().resolve("foo"), Repository.OLD.plusSeconds(1));
        assertEquals(new Verdict.Stale(key,
                "foo has been released or removed since: its last release was 1700000000.1234567 and is 1700000001.1234567",
                false), cache.lookup(request(), false));
    }

    @Test
    void lookup_goneDefinition_isStale() throws Exception {
        store(request());
        Files.delete(repository.folder().resolve("foo/1.0/package.py"));
        Repository.age(repository.folder().resolve("foo"), Repository.OLD);
        assertEquals("stale", verdict(request()));
    }

    @Test
    void timestamps_beforeAndAfterTheRelease_asRez() throws Exception {
        OptionalLong before = OptionalLong.of(Repository.OLD.getEpochSecond() - 10);
        OptionalLong after = OptionalLong.of(Repository.OLD.getEpochSecond() + 10);
        assertEquals(request().plainKey().hashed(false), store(request(after)));
        assertEquals("hit", verdict(request()));
        assertEquals("hit", verdict(request(after)));
        assertEquals("miss", verdict(request(before)));
        assertEquals(request(before).timestampedKey().hashed(false), store(request(before)));
        assertEquals("hit", verdict(request(before)));
        // A release does not matter to a resolve of its own timestamp; a change of a variant does.
        Repository.age(repository.folder().resolve("foo"), Repository.OLD.plusSeconds(1));
        assertEquals("hit", verdict(request(before)));
        assertEquals("stale", verdict(request(after)));
        Repository.age(repository.folder().resolve("foo/1.0/package.py"), Repository.OLD.plusSeconds(1));
        assertEquals("stale", verdict(request(before)));
    }

    @Test
    void store_whatRezWouldNotFindAgain_isNotStored() throws Exception {
        ResolveRequest elsewhere = new ResolveRequest(List.of("foo"), List.of(), "", "", false, true,
                OptionalLong.empty());
        assertEquals(new ResolveCache.Stored.Not("bar-2.0 is in none of the repositories: " + repository.folder()),
                cache.store(elsewhere, resolve, ResolveGraph.parse(GRAPH), 0, 0, OptionalDouble.empty()));
        Repository.age(repository.folder().resolve("bar"), Instant.EPOCH);
        assertEquals(new ResolveCache.Stored.Not("it cannot be told when bar was last released"),
                cache.store(request(), resolve, ResolveGraph.parse(GRAPH), 0, 0, OptionalDouble.empty()));
    }

    @Test
    void store_solvedBeforeAChange_isNotStored() throws Exception {
        double solved = Repository.OLD.getEpochSecond() + 1;
        assertInstanceOf(ResolveCache.Stored.Under.class,
                cache.store(request(), resolve, ResolveGraph.parse(GRAPH), 0, 0, OptionalDouble.of(solved)));
        assertEquals(new ResolveCache.Stored.Not("bar-2.0 has been changed or released since: at 1700000000.1234567,"
                + " and it was solved at 1700000000.0"),
                cache.store(request(), resolve, ResolveGraph.parse(GRAPH), 0, 0, OptionalDouble.of(solved - 1)));
        Files.delete(repository.folder().resolve("bar/2.0/package.py"));
        assertEquals(new ResolveCache.Stored.Not("bar-2.0 has been changed or released since: at a time that is not"
                + " known, and it was solved at 1700000001.0"),
                cache.store(request(), resolve, ResolveGraph.parse(GRAPH), 0, 0, OptionalDouble.of(solved)));
    }

    /** An entry as rez writes it but for one thing. */
    private Verdict afterPoisoning(List<?> variants, Map<?, ?> releases, Map<?, ?> states) throws Exception {
        Map<String, Object> solver = new LinkedHashMap<>();
        solver.put("status", new PickledEnum("solved"));
        solver.put("variant_handles", variants);
        solver.put("ephemerals", List.of());
        return afterSetting(Pickle.write(PickledTuple.of(request().plainKey().qualified(),
                PickledTuple.of(solver, releases, states))), 1);
    }

    private void assertNotUsed(String reason, List<?> variants, Map<?, ?> releases) throws Exception {
        Verdict.Miss miss = assertInstanceOf(Verdict.Miss.class, afterPoisoning(variants, releases, Map.of()));
        assertEquals("there is an entry that is not used: " + reason, miss.reason());
    }

    private static Map<String, Object> handle(Object... variables) {
        Map<Object, Object> all = new LinkedHashMap<>(
                Map.of("repository_type", "filesystem", "location", "/", "name", "foo", "version", "1.0"));
        for (int i = 0; i < variables.length; i += 2) {
            all.put(variables[i], variables[i + 1]);
        }
        return Map.of("key", "filesystem.variant", "variables", all);
    }

    @Test
    void lookup_poisonedVariants_areMissesWithAReason() throws Exception {
        assertNotUsed("the entry has a variant of a repository that was not asked for: foo-1.0", List.of(handle()),
                Map.of());
        String ours = repository.folder().toString();
        assertNotUsed("the entry has no time of foo", List.of(handle("location", ours)), Map.of());
        assertNotUsed("the entry has something else where the name of a package belongs",
                List.of(handle("location", ours, "name", "foo\u001b[2J")), Map.of());
        assertNotUsed("the entry has a version that is none",
                List.of(handle("location", ours, "version", "1\n2")), Map.of());
        assertNotUsed("the entry has something else where a name belongs",
                List.of(Map.of("key", "filesystem.variant", "variables", Map.of(1L, 2L))),
                Map.of());
        assertNotUsed("the entry's variant is not what rez writes",
                List.of(handle("location", ours, "index", List.of(PickledTuple.of(1L)))), Map.of());
        assertNotUsed("the entry's variants are not what rez writes",
                Collections.nCopies(10_001, handle("location", ours)), Map.of());
        String slow = "a".repeat(60) + "!";
        assertNotUsed("the entry has something else where the name of a package belongs", List.of(),
                Map.of(slow, 1.0));
    }

    @Test
    void lookup_valueLargerThanRezs_isAMissThatTakesNoMemory() throws Exception {
        server.close();
        server = TestMemcached.start("-I", "16m");
        try (ResolveCache large = ResolveCache.open(settings(List.of(server.uri()), true), _ -> {}).orElseThrow();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            int size = 15 << 20;
            socket.getOutputStream().write(("set " + request().plainKey().hashed(false) + " 1 0 " + size + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(new byte[size]);
            socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.UTF_8));
            assertEquals("STORED", new String(socket.getInputStream().readNBytes(6), StandardCharsets.UTF_8));
            assertEquals(
                    "there is an entry that is not used: it has 15728640 bytes, and rez stores no more than 1048576",
                    large.lookup(request(), false).reason());
            assertInstanceOf(Verdict.Miss.class, large.lookup(request(OptionalLong.of(1)), false));
        }
    }

    @Test
    void lookup_silentServer_costsTheLimitForAllKeysTogether() throws Exception {
        Duration limit = Duration.ofMillis(200);
        ResolveCacheSettings quick = new ResolveCacheSettings(List.of(server.uri()), true, false, List.of(), List.of(),
                List.of(), true, limit);
        List<String> notices = new ArrayList<>();
        try (ResolveCache stopped = ResolveCache.open(quick, notices::add).orElseThrow()) {
            Until.holds("connected", () -> stopped.lookup(request(), false).reason().equals("there is no entry"));
            notices.clear();
            server.signal("STOP");
            for (int i = 0; i < 5; i++) {
                long start = System.nanoTime();
                assertInstanceOf(Verdict.Miss.class, stopped.lookup(request(OptionalLong.of(1)), true));
                Duration time = Duration.ofNanos(System.nanoTime() - start);
                assertTrue(time.compareTo(limit.plusMillis(190)) < 0, time.toString());
            }
            assertEquals(List.of("memcached " + server.uri() + " does not answer; going on without it"), notices);
        } finally {
            server.signal("CONT");
        }
    }

    @Test
    void lookup_traced_saysTheKeysAsRezDoes() throws Exception {
        List<String> lines = new ArrayList<>();
        try (ResolveCache traced = ResolveCache.open(settings(List.of(server.uri()), true), _ -> {}, lines::add)
                .orElseThrow()) {
            traced.lookup(request(), false);
            traced.store(request(), resolve, ResolveGraph.parse(GRAPH), 0, 0, OptionalDouble.empty());
            traced.lookup(request(), false);
        }
        String key = request().plainKey().qualified();
        assertEquals(List.of("MISS: " + key, "SET: " + key, "HIT: " + key), lines);
    }

    @Test
    void lookup_valuesThatAreNoResolve_areMissesWithAReason() throws Exception {
        store(request());
        String key = request().plainKey().qualified();
        for (byte[] value : List.of(new byte[0], new byte[1000],
                "cos\nsystem\n(Vtrue\ntR.".getBytes(StandardCharsets.UTF_8),
                Pickle.write(1L), Pickle.write(PickledTuple.of("another", 1L)),
                Pickle.write(PickledTuple.of(key, null)),
                Pickle.write(PickledTuple.of(key, PickledTuple.of(Map.of(), Map.of(), Map.of()))))) {
            for (int flags : new int[]{0, 1, 9, 16}) {
                Verdict.Miss miss = assertInstanceOf(Verdict.Miss.class, afterSetting(value, flags));
                assertTrue(miss.reason().startsWith("there is an entry that is not used: "), miss.reason());
            }
        }
    }

    @Test
    void lookup_compressedValue_isReadUnlessItIsABomb() throws Exception {
        ResolveEntry entry = new ResolveEntry(new Resolve(List.of(), List.of()), Map.of(), Map.of());
        byte[] value = entry.write(request().plainKey().qualified(), null, 0, 0);
        assertInstanceOf(Verdict.Hit.class, afterSetting(compressed(value), 9));
        byte[] half = Arrays.copyOf(compressed(value), 20);
        assertInstanceOf(Verdict.Miss.class, afterSetting(half, 9));
        Verdict.Miss bomb = assertInstanceOf(Verdict.Miss.class, afterSetting(compressed(new byte[100 << 20]), 9));
        assertTrue(bomb.reason().contains("more than"), bomb.reason());
    }

    private static byte[] compressed(byte[] value) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(value);
        }
        return out.toByteArray();
    }

    @Test
    void read_vectors_areWhatRezResolved() throws Exception {
        for (Map<String, Object> vector : Vectors.objects("resolve-entries.json")) {
            if (!(vector.get("first") instanceof Map<?, ?> first)) {
                continue;
            }
            byte[] value = Base64.getDecoder().decode((String) vector.get("value_base64"));
            String qualified = (String) ((PickledTuple) Pickle.read(value)).items().getFirst();
            assertEquals(vector.get("memcached_key"), ResolveKey.hashed(qualified, false));
            ResolveEntry entry = ResolveEntry.read(value, 1, qualified, locations(value));
            List<String> names = entry.resolve().variants().stream().map(handle -> handle.qualifiedName() + "["
                    + (handle.index().isPresent() ? handle.index().getAsInt() : "") + "]").toList();
            assertEquals(first.get("packages"), names);
            Map<?, ?> known = (Map<?, ?>) vector.get("family_mtimes");
            entry.releaseTimes().forEach((name, time) -> assertEquals(known.get(name), time, name));
        }
    }

    /** Those that its variants are in. */
    private static Set<String> locations(byte[] value) throws Exception {
        PickledTuple entry = (PickledTuple) ((PickledTuple) Pickle.read(value)).items().get(1);
        return ((List<?>) ((Map<?, ?>) entry.items().getFirst()).get("variant_handles")).stream()
                .map(handle -> (String) ((Map<?, ?>) ((Map<?, ?>) handle).get("variables")).get("location"))
                .collect(Collectors.toSet());
    }

    @Test
    void graph_ofAContext_isTheOneThatRezStored() throws Exception {
        Map<?, ?> context = (Map<?, ?>) Json.read(Vectors.bytes("context.rxt"));
        byte[] ours = Pickle.write(ResolveGraph.parse((String) context.get("graph")).pickled());
        byte[] value = Base64.getDecoder()
                .decode((String) Vectors.objects("resolve-entries.json").getFirst().get("value_base64"));
        PickledTuple entry = (PickledTuple) ((PickledTuple) Pickle.read(value)).items().get(1);
        Object rezs = ((Map<?, ?>) entry.items().getFirst()).get("graph");
        assertEquals(sorted(Pickle.read(Pickle.write(rezs))), sorted(Pickle.read(ours)));
    }

    /**
     * Fields without the order in which nodes were met, and without the quotes around values: rez's compact form keeps neither,
     * and what rez reads from it has quotes around all.
     */
    private static String sorted(Object graph) {
        Map<String, Object> fields = ((PickledObject) graph).fields();
        StringBuilder text = new StringBuilder();
        fields.keySet().stream().sorted().forEach(name -> {
            text.append(name).append('\n');
            ((Map<?, ?>) fields.get(name)).entrySet().stream()
                    .map(each -> each.getKey() + " " + unordered(each.getValue())).sorted()
                    .forEach(line -> text.append(line).append('\n'));
        });
        return text.toString().replace("\"", "");
    }

    private static String unordered(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).sorted().toList().toString()
                : value instanceof Map<?, ?> map
                        ? map.entrySet().stream().map(String::valueOf).sorted().toList().toString()
                        : String.valueOf(value);
    }

    @Test
    void parse_graphsThatAreNone_areRefused() {
        for (String text : List.of("", "digraph g {}", "{'edges': [((), [('a', 'b')])]}", "1", "{'nodes': [1]}")) {
            assertThrows(IllegalArgumentException.class, () -> ResolveGraph.parse(text), text);
        }
    }
}
