package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.Option;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.resolve.key.RequestFactory;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.key.UnprintableException;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What words ask of the resolve cache, as the same words would ask it of {@code rez-env}. */
final class ResolveRequests {
    static final Option PATHS = Option.one("P:P", "repositories to search; default: the setting packages_path",
            "--paths");
    static final Option TIMESTAMP = Option.one("T",
            "ignore what was released later: seconds since 1970, or before now, as -12s, -5.4m, -2h, -1d",
            "--timestamp");
    static final Option BUILDING = Option.flag("as for a build", "--building");
    static final Option NO_IMPLICIT = Option.flag("without the requests of the setting implicit_packages",
            "--no-implicit");
    private static final Pattern AGO = Pattern.compile("-([0-9]+(?:\\.[0-9]*)?)([smhd])");
    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3600, "d", 86_400);

    private ResolveRequests() {}

    static ResolveRequest of(Parsed words, ResolveCacheSettings settings, Session session)
            throws UsageException, SettingsException, IOException {
        try {
            return of(factory(words, settings, session), words.operands(), words, session);
        } catch (UnprintableException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** What makes requests in the repositories that the words name, else in the configured ones. */
    static RequestFactory factory(Parsed words, ResolveCacheSettings settings, Session session)
            throws SettingsException, IOException {
        try {
            Optional<String> paths = words.value(PATHS);
            return paths.isPresent()
                    ? new RequestFactory(settings, RequestFactory.folders(
                            Arrays.stream(paths.get().split(":", -1)).filter(path -> !path.isEmpty())
                                    .map(session::expanded).toList(),
                            session.surroundings().workingDirectory()))
                    : new RequestFactory(settings, session.settings().packages());
        } catch (UnprintableException e) {
            throw new IOException("cannot tell what rez stores resolves under: " + e.getMessage(), e);
        }
    }

    /** One request by the other words. */
    static ResolveRequest of(RequestFactory factory, List<String> requests, Parsed words, Session session)
            throws UsageException, UnprintableException {
        return factory.of(requests, !words.has(NO_IMPLICIT), words.has(BUILDING),
                timestamp(words.value(TIMESTAMP), session.time().instant()));
    }

    private static OptionalLong timestamp(Optional<String> text, Instant now) throws UsageException {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        Matcher ago = AGO.matcher(text.get());
        if (text.get().matches("-?[0-9]{1,12}")) {
            return OptionalLong.of(Long.parseLong(text.get()));
        }
        if (ago.matches()) {
            double seconds = Double.parseDouble(ago.group(1)) * SECONDS.get(ago.group(2));
            return OptionalLong.of(Math.max((long) (now.getEpochSecond() - seconds), 0)); // 0: none, as in rez
        }
        throw new UsageException("argument --timestamp: not a time: '" + text.get() + "'");
    }
}
