package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.posix.DatagramSender;
import io.rezpkgcached.cache.posix.Posix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The service manager that started the daemon and wants to know how it fares, by the protocol of {@code sd_notify(3)}. Where there is
 * none, nothing is sent. May be used by several threads.
 */
final class Supervisor {
    static final Supervisor NONE = new Supervisor(Optional.empty(), Optional.empty(), new RezLog());

    /** Longer than any manager does not read, unless nothing works any more. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int LONGEST_STATUS = 1000;

    private final Optional<DatagramSender> manager;
    private final Optional<Duration> watchdog;
    private final RezLog log;
    private boolean failed;

    private Supervisor(Optional<DatagramSender> manager, Optional<Duration> watchdog, RezLog log) {
        this.manager = manager;
        this.watchdog = watchdog;
        this.log = log;
    }

    /** The one that the environment names in {@code NOTIFY_SOCKET}. */
    static Supervisor of(Map<String, String> variables, RezLog log) {
        String address = variables.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty()) {
            return NONE;
        }
        try {
            return new Supervisor(Optional.of(DatagramSender.to(address, PATIENCE)), watchdog(variables), log);
        } catch (IOException e) {
            log.warn("Cannot tell the service manager anything, as NOTIFY_SOCKET asks for: " + e);
            return NONE;
        }
    }

    /** {@code sd_watchdog_enabled(3)}: meant for us if WATCHDOG_PID does not say otherwise. */
    private static Optional<Duration> watchdog(Map<String, String> variables) {
        try {
            long pid = Long.parseLong(variables.getOrDefault("WATCHDOG_PID",
                    Long.toString(ProcessHandle.current().pid())));
            long micros = Long.parseLong(variables.getOrDefault("WATCHDOG_USEC", "0"));
            return pid == ProcessHandle.current().pid() && micros > 0
                    ? Optional.of(Duration.of(micros, ChronoUnit.MICROS))
                    : Optional.empty();
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    boolean isPresent() {
        return manager.isPresent();
    }

    /** How often it wants to hear that the daemon works; three times within its limit, so that one may come late. */
    Optional<Duration> pingEvery() {
        return watchdog.map(limit -> limit.dividedBy(3));
    }

    void ping() {
        if (watchdog.isPresent()) {
            send("WATCHDOG=1");
        }
    }

    void ready(String status) {
        send("READY=1\n" + status(status));
    }

    void doing(String status) {
        send(status(status));
    }

    void reloading() {
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(Posix.monotonicTime().toNanos()));
    }

    void stopping(String status) {
        send("STOPPING=1\n" + status(status));
    }

    private static String status(String text) {
        String line = text.replace('\n', ' ');
        return "STATUS=" + (line.length() > LONGEST_STATUS ? line.substring(0, LONGEST_STATUS) + "..." : line);
    }

    private void send(String message) {
        if (manager.isEmpty()) {
            return;
        }
        try {
            manager.get().send(message.getBytes(StandardCharsets.UTF_8));
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                log.warn("Cannot tell the service manager how the daemon fares: " + e.getMessage());
            }
            failed = true;
        }
    }
}
