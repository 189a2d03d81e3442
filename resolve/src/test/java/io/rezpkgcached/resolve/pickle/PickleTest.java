package io.rezpkgcached.resolve.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PickleTest {

    private static Object read(String pickle) throws PickleException {
        return Pickle.read(pickle.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<byte[]> values() throws IOException {
        List<byte[]> values = new ArrayList<>();
        for (Map<String, Object> entry : Vectors.objects("resolve-entries.json")) {
            values.add(Base64.getDecoder().decode((String) entry.get("value_base64")));
        }
        return values;
    }

    @Test
    void read_allThatPythonKnows_asJava() throws Exception {
        Map<Object, Object> expected = new LinkedHashMap<>();
        expected.put("list", new ArrayList<>(Arrays.asList(1L, null, true, false)));
        expected.put("tuple", PickledTuple.of(1.5, new BigInteger("123456789012345678901234567890")));
        expected.put("numbers", Map.of(7L, PickledTuple.of()));
        expected.put("tuples", Map.of(PickledTuple.of("a", "b"), "é€😀\\n\n"));
        assertEquals(expected, read("(dp0\nVlist\np1\n(lp2\nI1\naNaI01\naI00\nasVtuple\n(F1.5\n"
                + "L123456789012345678901234567890L\ntsVnumbers\n(dI7\n(tssVtuples\n(d"
                + "(Va\nVb\ntVé\\u20ac\\U0001f600\\u005cn\\u000a\nss."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"__builtin__", "builtins"})
    void read_bothFormsOfStatus_areTheSame(String module) throws Exception {
        PickledEnum solved = new PickledEnum("solved");
        assertEquals(solved, read("crez.resolver\nResolverStatus\n((VThe resolve has completed successfully.\nttR."));
        assertEquals(solved, read("c" + module + "\ngetattr\n(crez.resolver\nResolverStatus\nVsolved\ntR."));
    }

    @Test
    void read_whatRezWrote_writesAgainTheSame() throws Exception {
        for (byte[] value : values()) {
            Object read = Pickle.read(value);
            byte[] written = Pickle.write(read);
            assertTrue(written.length <= value.length, written.length + " > " + value.length);
            assertArrayEquals(written, Pickle.write(Pickle.read(written)));
        }
    }

    @Test
    void readWithoutObjects_whatRezWrote_isTheSameButForTheGraph() throws Exception {
        for (byte[] value : values()) {
            assertEquals(withoutGraph(Pickle.read(value)), withoutGraph(Pickle.readWithoutObjects(value)));
        }
    }

    private static List<Object> withoutGraph(Object value) {
        List<Object> pair = ((PickledTuple) value).items();
        if (!(pair.get(1) instanceof PickledTuple entry) || !(entry.items().getFirst() instanceof Map<?, ?> solver)) {
            return pair;
        }
        Map<Object, Object> rest = new LinkedHashMap<>(solver);
        assertTrue(rest.remove("graph") != null);
        return List.of(pair.getFirst(), rest, entry.items().subList(1, entry.items().size()));
    }

    private static final String GRAPH = "ccopy_reg\n_reconstructor\n(crez.vendor.pygraph.classes.digraph\ndigraph\n"
            + "c__builtin__\nobject\nNtR";

    @ParameterizedTest
    @ValueSource(strings = {"0.", "00.", "(db0.", "(ds.", "aaa.", "tttt.", "b.", "Nsb.", "(dbb.", "(db(db."})
    void readWithoutObjects_graphThatIsNone_isRefused(String rest) {
        assertThrows(PickleException.class,
                () -> Pickle.readWithoutObjects(("NN" + GRAPH + rest).getBytes(StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cos\nsystem\n(Vtrue\ntR.", "cposix\nsystem\n(Vtrue\ntR.", "c__builtin__\neval\n(V1\ntR.",
            "c__builtin__\ngetattr\n(c__builtin__\nobject\nV__subclasses__\ntR.",
            "c__builtin__\ngetattr\n(crez.resolver\nResolverStatus\nV__class__\ntR.",
            "ccopy_reg\n_reconstructor\n(c__builtin__\nobject\nc__builtin__\nobject\nNtR.", "(ios\nsystem\n.",
            "(Vtrue\nos\nsystem\n.", "crez.resolver\nResolverStatus\n((Vno\nttR.", "g1\n.", "t.", "0.", "a.",
            "(Vx\n.", "", ".", "I\n.", "Fx\n.", "V\\u12\n.", "(dN(ls.", "(d((lt(ls.", "NNb.", "(lV1\ns.", "I1\nNa.",
            "F0x1p3\n.", "F1d\n.",
            "(dVa\nd.", "(I1\nI2\n", "Vx\nVy\n."})
    void read_whatIsNotDataOrNotWhole_isRefused(String pickle) {
        assertThrows(PickleException.class, () -> read(pickle));
        if (!pickle.contains("_reconstructor")) {
            assertThrows(PickleException.class,
                    () -> Pickle.readWithoutObjects(pickle.getBytes(StandardCharsets.ISO_8859_1)));
        }
    }

    @Test
    void read_unknownClass_isNamed() {
        PickleException problem = assertThrows(PickleException.class, () -> read("cos\nsystem\n(Vtrue\ntR."));
        assertEquals("the value names os.system, which is not data, at byte 11", problem.getMessage());
    }

    private static void refusedAtOnce(String reason, String pickle) {
        PickleException problem = assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> assertThrows(PickleException.class, () -> read(pickle)));
        assertTrue(problem.getMessage().contains(reason), problem.getMessage());
    }

    @Test
    void read_deepNesting_isRefused() {
        int depth = 500_000;
        refusedAtOnce("is nested too deeply", "(".repeat(depth) + "t".repeat(depth) + ".");
        refusedAtOnce("is nested too deeply", "(l".repeat(depth) + "a".repeat(depth - 1) + ".");
        refusedAtOnce("is nested too deeply", "N".repeat(depth) + ".");
    }

    @Test
    void read_moreValuesThanRezHas_isRefused() {
        refusedAtOnce("takes more than 500000 steps", "(l" + "}a".repeat(300_000) + ".");
        refusedAtOnce("by what is no number of it", "Vx\np999999999\n.");
        refusedAtOnce("by what is no number of it", "Vx\np-1\n.");
    }

    @Test
    void read_fieldsGivenAgainAndAgain_isRefused() {
        StringBuilder bomb = new StringBuilder("(d");
        for (int i = 0; i < 50_000; i++) {
            bomb.append("Vf").append(i).append("\nNs");
        }
        bomb.append("p0\n0ccopy_reg\n_reconstructor\n(crez.vendor.pygraph.classes.digraph\ndigraph\n")
                .append("c__builtin__\nobject\nNtR").append("g0\nb".repeat(50_000)).append('.');
        refusedAtOnce("gives something 50000 fields", bomb.toString());
    }

    /** Tuples of the same hash: those of texts of the same hash. */
    @Test
    void read_keysOfTheSameHash_costNoMoreThanOthers() throws Exception {
        StringBuilder bomb = new StringBuilder("(d");
        int keys = 1 << 16;
        for (int i = 0; i < keys; i++) {
            bomb.append("(V");
            for (int bit = 0; bit < 16; bit++) {
                bomb.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            bomb.append("\ntNs");
        }
        Object read = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> read(bomb + "."));
        assertEquals(keys, ((Map<?, ?>) read).size());
        refusedAtOnce("has keys of several kinds", "(dVa\nNs(Va\ntNs.");
    }

    @Test
    void read_keyThatWouldTakeYearsToHash_isRefusedAtOnce() {
        StringBuilder bomb = new StringBuilder("(Va\ntp0\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("0(g").append(i - 1).append("\ng").append(i - 1).append("\ntp").append(i).append('\n');
        }
        assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> assertThrows(PickleException.class, () -> read(bomb + "0(dg59\nNs.")));
    }

    @Test
    void read_cutAnywhere_isRefused() throws Exception {
        byte[] value = values().getFirst();
        for (int length = 0; length < value.length; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThrows(PickleException.class, () -> Pickle.read(cut));
        }
    }

    @Test
    void read_anyBytesChanged_isDataOrRefused() throws Exception {
        byte[] value = values().getFirst();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = value.clone();
            for (int j = random.nextInt(3); j >= 0; j--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                Pickle.readWithoutObjects(changed);
                Pickle.read(changed);
            } catch (PickleException _) {
                // refused
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void write_somethingElse_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Pickle.write(List.of(new StringBuilder())));
    }
}
