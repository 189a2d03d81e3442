package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.cache.log.LogText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log is one that scripts made for rez's can read. */
class LogTest {
    static final Pattern REZ_LINE = Pattern.compile("rez-pkg-cache \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}"
            + " PID-\\d+ (DEBUG|INFO|WARNING|ERROR|CRITICAL) \\P{Cntrl}+");

    @TempDir
    Path folder;

    @Test
    void line_ofRezsOwnLog_matches() throws Exception {
        List<String> lines;
        try (InputStream in = LogTest.class.getResourceAsStream("written-by-rez.log")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        assertTrue(lines.size() > 5);
        for (String line : lines) {
            assertTrue(REZ_LINE.matcher(line).matches(), line);
        }
    }

    @Test
    void line_ofOurs_isAppendedToRezsFileInItsFormat() throws Exception {
        Lab lab = Lab.in(folder);
        Files.createDirectories(lab.layout().log());
        Path today = lab.layout().log().resolve(LocalDate.now(ZoneId.systemDefault()) + ".log");
        String rezs = "rez-pkg-cache 2026-11-22 19:33:09,879 PID-28920 INFO Started caching of variant /x/y[0]...\n";
        Files.writeString(today, rezs);
        Handle handle = lab.install("maya", 3, 10);
        lab.request(handle);
        try (Child daemon = lab.start()) {
            lab.assertCachedAndTidy(List.of(handle));
            daemon.stop();
        }
        String log = lab.log();
        assertTrue(log.startsWith(rezs), log);
        assertTrue(log.lines().allMatch(line -> REZ_LINE.matcher(line).matches()), log);
        Pattern cached = Pattern.compile(" INFO Started daemon .* INFO Started caching of variant "
                + Pattern.quote(lab.payload("maya") + "/package.py[]...") + "\n.* INFO Cached variant to "
                + Pattern.quote(lab.find(handle).orElseThrow().entry().payload().toString()) + " in \\S+ seconds\n",
                Pattern.DOTALL);
        assertTrue(cached.matcher(log).find(), log);
    }

    @Test
    void line_withNewLineInPackageName_isOne() throws Exception {
        Lab lab = Lab.in(folder);
        String forged = "x\nrez-pkg-cache 2026-11-22 19:33:09,879 PID-1 INFO Removed everything\u2028\u0085\u001b[31m";
        Handle handle = lab.install(forged, 1, 1);
        lab.request(Lab.requestName(handle), handle.toJson());
        try (Child daemon = lab.start()) {
            lab.awaitServed();
            daemon.stop();
        }
        assertTrue(lab.isCached(handle), lab::log);
        assertTrue(lab.log().lines().noneMatch(line -> line.matches("\\S+ \\S+ \\S+ PID-1 .*")), lab::log);
        assertTrue(lab.log().lines().allMatch(line -> REZ_LINE.matcher(line).matches()), lab::log);
    }

    /** The right column is what {@code "%g" % value} gives in Python 3.11. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "10, 10", "100000, 100000", "999999, 999999", "999999.4, 999999", "999999.5, 1e+06",
            "1000000, 1e+06", "1234567, 1.23457e+06", "0.1, 0.1", "0.0001, 0.0001", "0.00001, 1e-05",
            "0.000012345678, 1.23457e-05", "0.208125, 0.208125", "0.2022304, 0.20223", "12.3456789, 12.3457",
            "0.30000000000000004, 0.3", "2.5, 2.5", "100.5, 100.5", "123456.7, 123457", "1e100, 1e+100",
            "1e-100, 1e-100", "0.00009999995, 0.0001", "0.000099999999, 0.0001", "1.5e-7, 1.5e-07",
            "-1.5, -1.5", "-1234567, -1.23457e+06", "0.5, 0.5", "5e-324, 4.94066e-324"})
    void general_ofNumber_isAsInPython(double value, String text) {
        assertEquals(text, LogText.general(value));
    }

    @Test
    void expire_byTimeOfChange_deletesOldFilesOnly() throws Exception {
        for (String name : List.of("2020-01-01.log", "notes.txt")) {
            Files.writeString(folder.resolve(name), "text");
        }
        Files.createDirectory(folder.resolve("folder"));
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("notes.txt"));
        Instant now = Instant.now();
        assertEquals(0, new LogFolder(folder).expire(Duration.ofDays(7), now.plus(Duration.ofDays(6))));
        assertEquals(2, new LogFolder(folder).expire(Duration.ofDays(7), now.plus(Duration.ofDays(8))));
        assertEquals(Set.of("folder", "link"), Lab.names(folder));
        assertEquals(0, new LogFolder(folder.resolve("none")).expire(Duration.ofDays(7), now));
    }

    @Test
    void escape_ofControlCharacters_leavesAllElse() throws IOException {
        assertEquals("a\\nb\\tc\\rd\\u0000\\u001b\\u0085\\u2028é日\\",
                LogText.escape("a\nb\tc\rd\0\u001b\u0085\u2028é日\\"));
        String plain = "plain é";
        assertEquals(plain, LogText.escape(plain));
    }
}
