package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.client.syntax.Parser;
import io.rezpkgcached.client.syntax.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a monitoring system is told. */
class MonitoringTest {
    private static final Optional<String> SERVED = Optional.of("daemon 12 serves /cache");

    private static Monitoring limits(String... words) throws UsageException {
        return Monitoring.of(Parser.parse(StatusCommand.DECLARATION, List.of(words)));
    }

    private static Monitoring.Found found(Optional<String> daemon, String degraded, int waiting, int seconds,
            int stalled, int failed, double free) {
        return new Monitoring.Found("/cache", daemon, degraded, waiting, Duration.ofSeconds(seconds), stalled,
                OptionalLong.of(failed), free);
    }

    @Test
    void judge_whereAllIsWell_isOneLineWithItsNumbers() throws Exception {
        assertEquals(new Monitoring.Verdict(Monitoring.Level.OK,
                "REZ-PKG-CACHE OK - daemon 12 serves /cache; 3 waiting | age=20s;600;3600 waiting=3 stalled=0;1;10"
                        + " failed=0;1;10 free=50.0%;5:;1:"),
                limits().judge(found(SERVED, "", 3, 20, 0, 0, 50), false));
    }

    @ParameterizedTest
    @CsvSource({"599, 0, 0, 50, OK", "600, 0, 0, 50, WARNING", "3600, 0, 0, 50, CRITICAL", "0, 1, 0, 50, WARNING",
            "0, 10, 0, 50, CRITICAL", "0, 0, 1, 50, WARNING", "0, 0, 10, 50, CRITICAL", "0, 0, 0, 4.9, WARNING",
            "0, 0, 0, 0.9, CRITICAL", "0, 1, 0, 0.5, CRITICAL"})
    void judge_byItsLimits_takesTheWorst(int seconds, int stalled, int failed, double free, Monitoring.Level level)
            throws Exception {
        assertEquals(level, limits().judge(found(SERVED, "", 1, seconds, stalled, failed, free), false).level());
    }

    @Test
    void judge_byOtherLimits_usesThem() throws Exception {
        Monitoring limits = limits("--age", "5,10", "--stalled", "3,3", "--failed", "0,1", "--free", "60,55");
        Monitoring.Verdict verdict = limits.judge(found(SERVED, "", 1, 7, 2, 0, 58), false);
        assertEquals(Monitoring.Level.WARNING, verdict.level());
        assertTrue(
                verdict.line().startsWith("REZ-PKG-CACHE WARNING - the oldest request has waited for 7 s, 0 given up,"
                        + " 58.0 % of the disk are free; 1 waiting |"),
                verdict.line());
    }

    @Test
    void judge_withoutDaemon_isCriticalUnlessNoneIsNeeded() throws Exception {
        Monitoring.Found idle = found(Optional.empty(), "", 0, 0, 0, 0, 50);
        Monitoring.Found asked = found(Optional.empty(), "", 1, 1, 0, 0, 50);
        assertEquals(Monitoring.Level.CRITICAL, limits().judge(idle, false).level());
        assertEquals(Monitoring.Level.OK, limits().judge(idle, true).level());
        assertEquals(Monitoring.Level.CRITICAL, limits().judge(asked, true).level());
    }

    @Test
    void judge_degraded_isCriticalAndSaysWhyOnOneLine() throws Exception {
        Monitoring.Verdict verdict = limits().judge(found(SERVED, "the disk is\nfull | really", 1, 0, 0, 0, 50), false);
        assertEquals(Monitoring.Level.CRITICAL, verdict.level());
        assertTrue(verdict.line().contains("degraded: the disk is full / really;"), verdict.line());
        assertEquals(1, verdict.line().lines().count());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = {"--age 5", "--age 10,5", "--age x,y", "--free 1,5", "--stalled 1,2,3",
            "--failed 2,1"})
    void limits_thatAreNone_areRefused(String option, String value) {
        UsageException e = assertThrows(UsageException.class, () -> limits(option, value));
        assertTrue(e.getMessage().startsWith("argument " + option + ": not two numbers such as "), e::getMessage);
    }
}
