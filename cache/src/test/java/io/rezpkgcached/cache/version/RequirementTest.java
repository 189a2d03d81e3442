package io.rezpkgcached.cache.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementTest {
    @Test
    void parse_everyVector_printsAsRezDoes() throws Exception {
        List<Map<String, Object>> vectors = Vectors.objects("requirements.json");
        assertEquals(333, vectors.size());
        for (Map<String, Object> vector : vectors) {
            String text = (String) vector.get("in");
            if (vector.containsKey("error")) {
                assertThrows(VersionException.class, () -> Requirement.parse(text), text);
            } else {
                String printed = Requirement.parse(text).toString();
                assertEquals(List.of(vector.get("out"), vector.get("safe")), List.of(printed, printed), text);
            }
        }
    }

    /** The odd corners of rez's grammar; printed by rez 3.4.0. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
            "foo-;foo", "foo@;foo", "foo-|1;foo", "!foo-;!foo", "~foo-;~foo", "-1;-1", "foo#1+;foo#1+", "foo==;foo==",
            "foo>;foo>", "foo>=;foo", "foo-+;foo", "foo<=;foo==", "foo-..;foo==", "foo-..2;foo<=2",
            "foo-<3,<2;foo-2+<3",
            "foo<3,>=2;foo-2+<3", "foo-2+,>1;foo>1<=2", "foo-1<2;foo-1+<2", "foo-+<2;foo<2", "foo><2;foo><2",
            "foo-1+<1_;foo-1", "foo-1.0|1-0;foo-1.0", "~foo>;~foo>", "~foo==;~foo==", "foo-1..5|2|>5;foo-1..5|>5",
            "foo@==1;foo==1", "foo-1,<2;foo-1+<2"
    })
    void parse_oddForms_printAsRezDoes(String text, String canonical) throws Exception {
        assertEquals(canonical, Requirement.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "foo<", "foo<>1", "foo<4>3", "foo-1,2", "foo-1..", "foo-1...2", "foo=1", "foo===1", "foo- 1", "foo-1 ",
            "foo-1.", "foo-.1", "foo-1..2..3", "foo->1+", "foo-,<2", "foo>5<5", "foo-3+<2", "foo-|x y", "foo-\u00e9",
            "~foo-1..5|2|>5", "foo-1\n\n", "foo<=>1", "foo-<<2"
    })
    void parse_whatRezRefuses_isRefused(String text) {
        VersionException e = assertThrows(VersionException.class, () -> Requirement.parse(text));
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    @Test
    void parse_weak_hasInverseRange() throws Exception {
        Requirement weak = Requirement.parse("~foo-1+<2");
        assertEquals(
                List.of("foo", Optional.of(VersionRange.parse("<1|2+")), true, true),
                List.of(weak.name(), weak.range(), weak.conflict(), weak.weak()));
        assertEquals(Optional.empty(), Requirement.parse("~foo").range());
        assertEquals(Requirement.parse("!foo<1|2+"), weak);
        assertNotEquals(Requirement.parse("foo<1|2+"), weak);
    }

    @Test
    void parse_plain_isNoConflict() throws Exception {
        Requirement plain = Requirement.parse("foo");
        assertEquals(
                List.of("foo", Optional.of(VersionRange.ANY), false, false),
                List.of(plain.name(), plain.range(), plain.conflict(), plain.weak()));
        assertTrue(Requirement.parse("!foo").conflict());
        assertFalse(Requirement.parse("!foo").weak());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.", "a1", "1|", "<", ">1|", "1..", "z9_", "1+<2|", "==1|", "1-", "|", "~", ","})
    void parse_hugeText_endsQuickly(String piece) {
        for (int size : List.of(VersionException.LONGEST_TEXT - 10, 1_000_000)) {
            String text = "~foo-" + piece.repeat(size / piece.length());
            assertTimeout(Duration.ofSeconds(5), () -> {
                try {
                    Requirement parsed = Requirement.parse(text);
                    assertEquals("foo", parsed.name());
                } catch (VersionException e) {
                    assertTrue(e.getMessage().length() < 500, e.getMessage());
                }
            });
        }
    }

    @Test
    void parse_manyRanges_endsQuickly() throws Exception {
        StringBuilder text = new StringBuilder("~foo-");
        for (int i = 0; i < 9_000; i++) {
            text.append(i * 7919 % 9_001).append('|');
        }
        text.append("9999");
        assertTimeout(Duration.ofSeconds(5), () -> Requirement.parse(text.toString()));
    }

    /** Printing what was printed changes nothing, and the set operations agree with each single version. */
    @Test
    void ranges_random_keepTheLawsOfSets() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            VersionRange left = range(random);
            VersionRange right = range(random);
            String message = "seed " + seed + ": " + left + " and " + right;
            assertEquals(left, VersionRange.parse(left.toString()), message);
            VersionRange union = left.union(right);
            Optional<VersionRange> common = left.intersection(right);
            Optional<VersionRange> inverse = left.inverse();
            for (String text : List.of("", "0", "1", "1.0", "1_", "1.5", "2", "2.1", "3", "3.0.1", "4", "a")) {
                Version version = Version.parse(text);
                boolean inLeft = left.contains(version);
                boolean inRight = right.contains(version);
                assertEquals(inLeft || inRight, union.contains(version), message + ": " + text);
                assertEquals(inLeft && inRight, common.isPresent() && common.get().contains(version), message);
                assertEquals(!inLeft, inverse.isPresent() && inverse.get().contains(version), message);
            }
        }
    }

    /** Of disjoint parts only: joined, some give the form that rez cannot invert. */
    private static VersionRange range(Random random) throws VersionException {
        List<String> first = List.of("", "<1", "<=1", "==1", "1", ">=1<1.5", "1..1.0", ">1<=1.5", "1+<2");
        List<String> second = List.of("2.1", "2.1+<3", ">2.1<=3", "2.1..3", "==2.1", ">2.1", "3+", "3.0", ">3.0");
        return switch (random.nextInt(3)) {
            case 0 -> VersionRange.parse(first.get(random.nextInt(first.size())));
            case 1 -> VersionRange.parse(second.get(random.nextInt(second.size())));
            default -> VersionRange.parse(
                    second.get(random.nextInt(second.size())) + "|" + first.get(random.nextInt(first.size())));
        };
    }
}
