package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@code rez/utils/formatting.py} of a real rez 3.4.0 printed them. */
final class PythonFormatTest {

    @ParameterizedTest
    @CsvSource({"0,0 seconds", "1,1 second", "16,16 seconds", "59,59 seconds", "60,1 minute", "61,1 minute",
            "89,1.5 minutes", "90,1.5 minutes", "599,10 minutes", "601,10 minutes", "3599,60 minutes", "3600,1 hour",
            "3660,1 hour", "5400,1.5 hours", "36000,10 hours", "36001,10 hours", "86399,24 hours", "86400,1 day",
            "90000,1 day", "604800,1 week", "700000,1.2 weeks", "2592000,1 month", "31536000,1 year", "33000000,1 year",
            "400000000,13 years"})
    void duration_asRez(long seconds, String text) {
        assertEquals(text, PythonFormat.duration(seconds));
    }

    @ParameterizedTest
    @CsvSource({"0,0 bytes", "1,1 bytes", "1023,1023 bytes", "1024,1 Kb", "1536,1.5 Kb", "16384,16 Kb", "16385,16 Kb",
            "17000,17 Kb", "1048576,1 Mb", "1500000,1.4 Mb", "33554432,32 Mb", "34000000,32 Mb", "67108864,64 Mb",
            "1073741824,1 Gb", "68719476736,64 Gb", "70000000000,65 Gb", "1099511627776,1 Tb"})
    void memory_asRez(long bytes, String text) {
        assertEquals(text, PythonFormat.memory(bytes));
    }

    @ParameterizedTest
    @CsvSource({"0.0,0", "1.0,1", "0.5,0.5", "1.25,1.25", "123456.0,123456", "1234567.0,1.23457e+06", "0.0001,0.0001",
            "0.00012345678,0.000123457", "1.234e-05,1.234e-05", "999999.5,1e+06", "1e-07,1e-07", "12.3456789,12.3457",
            "100000.0,100000"})
    void general_asPython(double number, String text) {
        assertEquals(text, PythonFormat.general(number));
    }
}
