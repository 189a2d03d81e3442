package io.rezpkgcached.cache.version;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    @Test
    void compareTo_everyPairOfVector_isInRezOrder() throws Exception {
        List<?> ordered = Vectors.list("versions-ordered.json");
        for (int i = 0; i < ordered.size(); i++) {
            for (int j = i + 1; j < ordered.size(); j++) {
                Version lower = Version.parse((String) ordered.get(i));
                Version higher = Version.parse((String) ordered.get(j));
                boolean same = lower.toString().replace('-', '.').equals(higher.toString().replace('-', '.'));
                assertEquals(same ? 0 : -1, Integer.signum(lower.compareTo(higher)), lower + " and " + higher);
                assertEquals(same ? 0 : 1, Integer.signum(higher.compareTo(lower)), higher + " and " + lower);
                assertEquals(same, lower.equals(higher), lower + " and " + higher);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1.0-a_b", "1/2", "1 2", "1\ud83c\udfac2"})
    void parse_anyOneSeparator_keepsText(String text) throws Exception {
        assertEquals(text, Version.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "1.", ".1", "1..2", "1.-2", "-", "1\n", " 1", "\u00e9"})
    void parse_missingToken_isRefused(String text) {
        assertThrows(VersionException.class, () -> Version.parse(text));
    }

    @Test
    void equals_otherSeparators_isTrue() throws Exception {
        assertEquals(Version.parse("1.0"), Version.parse("1-0"));
        assertEquals(Version.parse("1.0").hashCode(), Version.parse("1-0").hashCode());
        assertFalse(Version.parse("1.0").equals(Version.parse("1.00")));
        assertTrue(Version.parse("").isEmpty());
    }

    @Test
    void parse_numberThatPythonRefuses_isRefused() throws Exception {
        assertEquals(4300, Version.parse("9".repeat(4300)).toString().length());
        assertThrows(VersionException.class, () -> Version.parse("9".repeat(4301)));
    }

    @Test
    void parse_hugeText_endsQuickly() {
        assertTimeout(Duration.ofSeconds(2), () -> {
            assertThrows(VersionException.class, () -> Version.parse("1.".repeat(500_000) + "1"));
            Version longest = Version.parse("1.".repeat(32_000) + "1");
            assertEquals(0, longest.compareTo(Version.parse(longest.toString())));
        });
    }
}
