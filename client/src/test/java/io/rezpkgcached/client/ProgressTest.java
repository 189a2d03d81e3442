package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    private static String shown(int width, Consumer<Progress> work) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        work.accept(new Progress(new PrintStream(out, true, StandardCharsets.UTF_8), width));
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void show_shorterText_wipesWhatStoodThere() {
        assertEquals("\r3 of 60  12 MB\r4 of 60       \r       \r", shown(80, progress -> {
            progress.show("3 of 60", "", "12 MB");
            progress.show("4 of 60");
            progress.show("4 of 60");
            progress.clear();
            progress.clear();
        }));
    }

    @Test
    void show_narrowTerminal_keepsWhatMattersMost() {
        assertEquals("\r12 of 60  0:05 left", shown(20, progress -> progress.show("12 of 60", "1.5 GB of 2.0 GB",
                "0:05 left")));
        assertEquals("\r12 o", shown(5, progress -> progress.show("12 of 60")));
    }

    @Test
    void bytes_everyUnit_twoDigitsOrThree() {
        assertEquals("0 B 999 B 1.0 kB 1.5 kB 10 kB 999 kB 1.0 MB 12 GB 9.2 PB 9223 PB", String.join(" ",
                Progress.bytes(0), Progress.bytes(999), Progress.bytes(1000), Progress.bytes(1499),
                Progress.bytes(9960), Progress.bytes(999_400), Progress.bytes(999_600), Progress.bytes(12_000_000_000L),
                Progress.bytes(9_223_372_036_854_775L), Progress.bytes(Long.MAX_VALUE)));
    }

    @Test
    void time_ofAllLengths_readsAsAClock() {
        assertEquals("0:00 0:07 2:30 59:59 1:00:00 100:05:09", String.join(" ", Progress.time(Duration.ofMillis(900)),
                Progress.time(Duration.ofSeconds(7)), Progress.time(Duration.ofSeconds(150)),
                Progress.time(Duration.ofSeconds(3599)), Progress.time(Duration.ofHours(1)),
                Progress.time(Duration.ofHours(100).plusSeconds(309))));
    }
}
