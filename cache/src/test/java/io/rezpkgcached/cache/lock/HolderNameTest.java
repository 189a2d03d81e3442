package io.rezpkgcached.cache.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HolderNameTest {
    private static Optional<HolderName> name(String host, Long... pids) {
        return Optional.of(new HolderName(host, List.of(pids)));
    }

    @Test
    void parse_positiveNumber_everySplitIsAReading() {
        assertEquals(name("vm", 1831L, 183110L, 1831108L), HolderName.parse("vm-94883b80.18311084562277574106015"));
        assertEquals(name("vm", 1L, 12L, 123L), HolderName.parse("vm-1.1234"));
        assertEquals(name("vm", 1L), HolderName.parse("vm-1.10"));
        assertEquals(name("vm", 10L), HolderName.parse("vm-1.105")); // no number is written 05
        assertEquals(name("vm", 4194304L), HolderName.parse("vm-1.41943042305843009213693951"));
    }

    @Test
    void parse_negativeNumber_pidIsKnown() {
        assertEquals(name("vm", 1831L), HolderName.parse("vm-94883b80.1831-1084562277574106015"));
        assertEquals(name("vm", 7L), HolderName.parse("vm-0.7-1"));
    }

    @Test
    void parse_hostWithDotsAndDashes_isTheHost() {
        assertEquals(name("render-01.farm.example", 12L), HolderName.parse("render-01.farm.example-7f01.12-34"));
        assertEquals(name("a-1.22-3", 12L), HolderName.parse("a-1.22-3-7f.12-34"));
        assertEquals(name("", 12L), HolderName.parse("-7f.12-34"));
        assertEquals(name("two\nlines", 12L), HolderName.parse("two\nlines-7f.12-34"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".lock.lock", "log", "pending", "rez-pkg-cached", "vm.12-34", "vm-7f.1x-34",
            "vm-7f.0-34", "vm-7f.012-34", "vm-7f.05", "vm-7f.12345678-1", "vm-7F.12-34", "vm-123456789.12-34",
            "vm-7f.12--34", "vm-7f.-12-34", "vm-7f.5", "vm-7f.123456789012345678901234567", "vm-7f.12-34.json",
            "vm-7f.12-34\n"})
    void parse_noNameOfAHolder_empty(String name) {
        assertEquals(Optional.empty(), HolderName.parse(name));
    }

    @Test
    void parse_whatRezWrites_hasThePidAmongItsReadings() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            long pid = random.nextLong(1, 4_194_305);
            long number = random.nextLong() >> random.nextInt(64);
            String name = "%s-%x.%s%s".formatted("vm-1.studio", random.nextInt(), pid, number);
            List<Long> pids = HolderName.parse(name).orElseThrow(() -> new AssertionError(name)).pids();
            assertTrue(pids.contains(pid), "seed " + seed + ": " + name + " read as " + pids);
        }
    }

    @Test
    void of_anyNumber_onePidIsRead() {
        for (long number : new long[]{0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertEquals(name("vm-1.studio", 4711L), HolderName.parse(HolderName.of("vm-1.studio", -1, 4711, number)));
        }
        assertEquals("vm-ffffffff.4711-9223372036854775807", HolderName.of("vm", -1, 4711, Long.MAX_VALUE));
    }
}
