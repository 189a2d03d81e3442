package io.rezpkgcached.cache.handle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IncrementTest {
    @Test
    void next_repeated_givesRezSequence() throws Exception {
        List<?> expected = Vectors.list("increments.json");
        List<String> found = new ArrayList<>();
        Optional<String> previous = Optional.empty();
        for (int i = 0; i < expected.size(); i++) {
            previous = Optional.of(Increment.next(previous));
            found.add(previous.get());
        }
        assertEquals(expected, found);
    }

    @Test
    void next_notAnIncrement_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> Increment.next(Optional.of("")));
        assertThrows(IllegalArgumentException.class, () -> Increment.next(Optional.of("a1")));
    }

    @Test
    void isIncrement_anythingButLowerCaseAscii_isNot() {
        assertTrue(Increment.isIncrement("abz"));
        for (String name : List.of("", "A", "a1", ".a", "a.json", "a\n", "\u00e9", "a b")) {
            assertFalse(Increment.isIncrement(name), name);
        }
    }

    @Test
    void free_eachAddedInTurn_givesRezSequence() throws Exception {
        List<?> expected = Vectors.list("increments.json");
        Set<String> names = new HashSet<>();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            String free = Increment.free(names);
            found.add(free);
            names.add(free + ".json");
        }
        assertEquals(expected, found);
    }

    @Test
    void free_nameLowerDown_isNotUsedAgain() {
        assertEquals("c", Increment.free(List.of("b", "b.json")));
    }

    @Test
    void free_payloadIndexOrMark_isPassedBy() {
        assertEquals("a", Increment.free(List.of()));
        assertEquals("b", Increment.free(List.of("a")));
        assertEquals("b", Increment.free(List.of(".copying-a")));
        assertEquals("e", Increment.free(List.of("a.json", "b", ".copying-c", "d")));
        assertEquals("ac", Increment.free(List.of("z.json", "aa.json", ".copying-ab")));
    }

    @Test
    void free_namesOfOthers_areIgnored() {
        assertEquals(
                "b",
                Increment
                        .free(List.of("a.json", "zz.txt", "Z.json", ".json", "9.json", "a.json.tmp", ".zz.json", "q")));
        assertEquals("a", Increment.free(List.of("z".repeat(250) + ".json")));
    }

    @Test
    void free_anyNames_isNeverTaken() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Set<String> names = new HashSet<>();
            for (int i = random.nextInt(60); i > 0; i--) {
                String name = random.ints(1 + random.nextInt(2), 'v', 'z' + 1)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
                names.add(List.of(name, name + ".json", ".copying-" + name).get(random.nextInt(3)));
            }
            String free = Increment.free(names);
            String message = "seed " + seed + ": " + free + " of " + names;
            assertTrue(Increment.isIncrement(free), message);
            assertFalse(names.contains(free), message);
            assertFalse(names.contains(free + ".json"), message);
            assertFalse(names.contains(".copying-" + free), message);
        }
    }
}
