package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.log.LogFolder;
import io.rezpkgcached.cache.log.LogText;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.CachePolicies;
import io.rezpkgcached.settings.InstalledFile;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.Settings;
import io.rezpkgcached.settings.SettingsException;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a command has around it: streams, environment, time, and the settings, which are read when they are first asked for. */
final class Session {
    private static final int LEVEL_WIDTH = 8;
    private static final int OUT = 1;
    private static final int ERR = 2;

    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final Surroundings surroundings;
    private final InstantSource time;
    private final Set<Integer> terminals;
    private final boolean colours;
    private Optional<Settings> settings = Optional.empty();
    private boolean logFailed;

    /** @param terminals which of 1 (out) and 2 (err) are terminals */
    Session(InputStream in, PrintStream out, PrintStream err, Set<Integer> terminals, Surroundings surroundings,
            InstantSource time) {
        this.terminals = Set.copyOf(terminals);
        this.colours = Terminal.colours(surroundings.variables());
        this.in = in;
        this.out = out;
        this.err = err;
        this.surroundings = surroundings;
        this.time = time;
    }

    InputStream in() {
        return in;
    }

    /** For results. */
    PrintStream out() {
        return out;
    }

    /** For words about them. */
    PrintStream err() {
        return err;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    InstantSource time() {
        return time;
    }

    /** Whether results go to a terminal. */
    boolean isTerminal() {
        return terminals.contains(OUT);
    }

    /** Whether words about them do. */
    boolean isErrTerminal() {
        return terminals.contains(ERR);
    }

    /** Whether results go to somebody who reads them no more. */
    boolean isReaderGone() {
        return Posix.isReaderGone(OUT);
    }

    /** The width of the terminal that results go to, in columns; 80 where they go to none. */
    int width() {
        return Terminal.width(surroundings.variables(), OUT, isTerminal());
    }

    /** The same of words about them. */
    int errWidth() {
        return Terminal.width(surroundings.variables(), ERR, isErrTerminal());
    }

    /** A line for stdout, in a colour where those are wanted. */
    String styled(Terminal.Style style, String line) {
        return styled(OUT, style, line);
    }

    private String styled(int descriptor, Terminal.Style style, String line) {
        return colours && terminals.contains(descriptor) ? style.of(line) : line;
    }

    /** A path of a list of them, of which a shell expands the first alone. */
    String expanded(String path) {
        return path.equals("~") || path.startsWith("~/")
                ? surroundings.variables().getOrDefault("HOME", surroundings.accountHome().toString())
                        + path.substring(1)
                : path;
    }

    /** As rez writes what it is asked to write for debugging. */
    void debug(String message) {
        say("DEBUG", Terminal.Style.BLUE, message);
    }

    /** What takes the lines of {@code debug_memcache}. */
    Consumer<String> memcacheTrace(ResolveCacheSettings settings) {
        return settings.debugKeys() ? this::debug : _ -> {};
    }

    /** A line in the form of rez's own messages: {@code 19:33:18 INFO     Variant successfully removed}. */
    void info(String message) {
        say("INFO", Terminal.Style.GREEN, message);
    }

    void warning(String message) {
        say("WARNING", Terminal.Style.YELLOW, message);
    }

    void error(String message) {
        say("ERROR", Terminal.Style.RED, message);
    }

    private void say(String level, Terminal.Style style, String message) {
        String line = LogText.clock(time.instant().atZone(ZoneId.systemDefault())) + " " + level
                + " ".repeat(LEVEL_WIDTH - level.length()) + " " + message;
        err.println(styled(ERR, style, line));
    }

    /** A line in the form of the cache's log, which rez prints as well. */
    void logged(boolean isWarning, String message) {
        printed(isWarning, message);
    }

    private String printed(boolean isWarning, String message) {
        ZonedDateTime now = time.instant().atZone(ZoneId.systemDefault());
        String line = LogText.line(now.toInstant(), now.getZone(), ProcessHandle.current().pid(),
                isWarning ? "WARNING" : "INFO",
                message);
        err.println(styled(ERR, isWarning ? Terminal.Style.YELLOW : Terminal.Style.GREEN, line));
        return line;
    }

    /** The same, and into the log; that it cannot be written down is no reason to stop. */
    void log(LogFolder folder, boolean isWarning, String message) {
        String line = printed(isWarning, message);
        try {
            folder.append(time.instant().atZone(ZoneId.systemDefault()), line);
        } catch (IOException e) {
            if (!logFailed) {
                logFailed = true;
                warning("Cannot write the log: " + Main.reason(e));
            }
        }
    }

    CachePolicies policies() throws SettingsException {
        return new CachePolicies(settings());
    }

    Settings settings() throws SettingsException {
        if (settings.isEmpty()) {
            settings = Optional.of(SettingsReader.read(surroundings, InstalledFile.or(Optional.empty())));
        }
        return settings.get();
    }

    /** The servers of the resolve cache. */
    List<String> memcachedUri() throws SettingsException {
        return SettingsReader.readMemcachedUri(surroundings, InstalledFile.or(Optional.empty()));
    }

    /** The settings of the resolve cache, which only some commands need. */
    ResolveCacheSettings resolveCache() throws SettingsException {
        return SettingsReader.readResolveCache(surroundings, InstalledFile.or(Optional.empty()));
    }

    /** The cache that is given, else the configured one. */
    CacheLayout cache(Optional<String> given) throws UsageException, SettingsException, NotDirectoryException {
        return CacheLayout.of(Path.of(cacheName(given)));
    }

    /** Its name, as it was given or configured; it need not exist. */
    String cacheName(Optional<String> given) throws UsageException, SettingsException {
        if (given.isPresent() && !given.get().isEmpty()) { // an empty word is none, as in rez
            return given.get();
        }
        Optional<Path> configured = settings().cache().path();
        if (configured.isEmpty()) {
            throw new UsageException("DIR must be specified, as there is no configured 'cache_packages_path'");
        }
        return configured.get().toString();
    }
}
