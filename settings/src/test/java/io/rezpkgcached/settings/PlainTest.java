package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.ConfigValueFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTest {
    @ParameterizedTest
    @ValueSource(strings = {"1s", "60 s", "1 second", "30 seconds", "5m", "5 minute", "5  minutes", "2h", "1 hour",
            "2 hours", "007 s", "999999 h", "999999999 h", "1000000000 s", "1.5 s", "3 d", "10 ms", " 4 s "})
    void duration_withAUnit_asHoconReadsIt(String text) throws Exception {
        assertEquals(ConfigValueFactory.fromAnyRef(text).atKey("value").getDuration("value"), Plain.duration(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "s", "0 s", "-1 s", "0.0 s", "1 fortnight", "2 weeks", "1 S"})
    void duration_thatIsNone_isRefused(String text) {
        assertThrows(BadValue.class, () -> Plain.duration(text));
    }
}
