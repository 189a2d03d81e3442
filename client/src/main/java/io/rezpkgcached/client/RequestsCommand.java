package io.rezpkgcached.client;

import io.rezpkgcached.cache.aside.AsideRequests;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.posix.Posix;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.cache.spool.SpoolFolder;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.InvalidChoiceException;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lists requests that are not served yet, or will not be, and has them tried again or dropped. */
final class RequestsCommand implements Action {
    static final Command DECLARATION = new Command(Commands.PROGRAM, "requests",
            "list requests that are not served, with reasons; retry or discard them",
            "List the requests that are pending, prefetched when nothing else waits, deferred until another try, refused, or failed for good: state, age, user"
                    + " id of who asked, variant, and why.\n\nWith retry, deferred ones are tried now, and failed and refused ones are requested"
                    + " again. With discard they are dropped. Both take the URIs of variants, or all.",
            List.of(Sources.CACHE, Sources.JSON),
            Operands.any("list|retry|discard|all|URI",
                    "what to do, and with which, by the URIs that are listed; default:"
                            + " list"),
            List.of(new Command.Example("rez-pkg-cache requests retry all", "try everything again, now")),
            List.of(new Command.Exit(ExitCode.OK, "done, also where there are none"),
                    new Command.Exit(ExitCode.FAILURE, "not done; the reason is on stderr"),
                    new Command.Exit(ExitCode.USAGE, "bad command line")));

    @Override
    public Command declaration() {
        return DECLARATION;
    }

    @Override
    public int run(Parsed words, Session session)
            throws UsageException, SettingsException, IOException, InterruptedException {
        CacheLayout layout = session.cache(words.value(Sources.CACHE));
        List<String> operands = words.operands();
        if (operands.isEmpty() || operands.equals(List.of("list"))) {
            return list(layout, words.has(Sources.JSON), session);
        }
        boolean retry = operands.getFirst().equals("retry");
        if (operands.getFirst().equals("list")) {
            throw new UsageException("list takes no URIs: it lists all requests");
        }
        if (!retry && !operands.getFirst().equals("discard")) {
            throw new InvalidChoiceException("list|retry|discard", operands.getFirst(),
                    List.of("list", "retry", "discard"));
        }
        if (operands.size() == 1) {
            throw new UsageException("the following arguments are required: URI or all");
        }
        long changed = 0;
        List<Optional<Handle>> meant = new ArrayList<>(); // all of them, before anything is changed
        for (String word : operands.subList(1, operands.size())) {
            meant.add(word.equals("all") ? Optional.empty() : Optional.of(find(word, layout, session)));
        }
        for (Optional<Handle> handle : meant) {
            changed += change(retry, handle, layout, session);
        }
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(Map.of("changed", changed)));
        } else {
            session.err().println((retry ? "requested again: " : "discarded: ") + changed);
        }
        return ExitCode.OK;
    }

    /** By what the list says of it, since the package of a request that failed may be gone. */
    private static Handle find(String uri, CacheLayout layout, Session session) throws SettingsException, IOException {
        Optional<Handle> listed = KnownRequests.read(layout, session.time()).find(uri);
        return listed.isPresent()
                ? listed.get()
                : VariantUri.parse(uri, session.settings().packages().packagesPath());
    }

    private static long change(boolean retry, Optional<Handle> handle, CacheLayout layout, Session session)
            throws SettingsException, IOException, InterruptedException {
        ControlRequest request = retry ? new ControlRequest.Retry(handle) : new ControlRequest.Discard(handle);
        Optional<Reply> answer = DaemonAnswer.of(session, layout, request, _ -> {});
        if (answer.isPresent() && answer.get() instanceof Reply.Done done) {
            return Long.parseLong(done.outcome());
        }
        new SharedUse(session, layout).requireOwn();
        AsideRequests aside = new AsideRequests(layout, new CacheLock(layout, session::warning), session.time());
        // What was refused because of who asked would be asked for by us: no daemon would refuse it then.
        int user = Posix.geteuid();
        boolean everyone = session.policies().areForOthers();
        if (retry) {
            return aside.retry(handle, owner -> everyone || owner == user).size();
        }
        Set<Object> discarded = aside.discard(handle, _ -> true);
        discarded.addAll(discardPending(handle, layout, session));
        return discarded.size();
    }

    private static List<Handle> discardPending(Optional<Handle> handle, CacheLayout layout, Session session)
            throws IOException {
        List<Handle> discarded = new ArrayList<>();
        RequestReader reader = RequestReader.plain(session.time());
        for (Path path : SpoolFolder.files(layout)) {
            if (reader.read(path) instanceof RequestFile.Complete complete
                    && (handle.isEmpty() || handle.get().equals(complete.handle()))
                    && Files.deleteIfExists(path)) {
                new RequestNotes(layout.deferred()).remove(complete.handle());
                discarded.add(complete.handle());
            }
        }
        return discarded;
    }

    private static int list(CacheLayout layout, boolean json, Session session) throws IOException {
        KnownRequests requests = KnownRequests.read(layout, session.time());
        if (json) {
            session.out().println(Json.write(requests.all().stream().map(RequestsCommand::object).toList()));
        } else {
            Columns.lines(requests.all().stream().map(known -> row(known, session.time().instant())).toList())
                    .forEach(line -> session.out().println(line.stripTrailing()));
        }
        if (!requests.isComplete()) {
            session.err().println("what the daemon deferred, refused or gave up can be seen by its own user only");
        } else if (!json && requests.all().isEmpty()) {
            session.err().println("No requests.");
        }
        return ExitCode.OK;
    }

    private static Map<String, Object> object(KnownRequests.Known known) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("state", known.state());
        object.put("uri", known.uri());
        object.put("reason", known.reason());
        known.tries().ifPresent(tries -> object.put("tries", (long) tries));
        known.nextTry().ifPresent(time -> object.put("next_try", time.toString()));
        known.time().ifPresent(time -> object.put("time", time.toString()));
        known.owner().ifPresent(owner -> object.put("owner", owner));
        return object;
    }

    /** State, age, who asked, URI, and why. */
    private static List<String> row(KnownRequests.Known known, Instant now) {
        List<String> why = new ArrayList<>();
        if (!known.reason().isEmpty()) {
            why.add(known.reason());
        }
        known.tries().ifPresent(tries -> why.add(tries + (tries == 1 ? " try" : " tries")));
        known.nextTry().ifPresent(time -> why.add(time.isAfter(now)
                ? "the next in " + Progress.time(Duration.between(now, time))
                : "the next is due"));
        return List.of(known.state(),
                known.time().map(time -> age(time, now)).orElse("-"),
                known.owner().isPresent() && known.owner().getAsLong() >= 0
                        ? Long.toString(known.owner().getAsLong())
                        : "-",
                known.uri(), String.join("; ", why));
    }

    /** In the largest unit that is full: {@code 7s}, {@code 3m}, {@code 5h}, {@code 12d}. */
    static String age(Instant time, Instant now) {
        Duration age = time.isAfter(now) ? Duration.ZERO : Duration.between(time, now);
        if (age.toDays() > 0) {
            return age.toDays() + "d";
        }
        return age.toHours() > 0
                ? age.toHours() + "h"
                : age.toMinutes() > 0 ? age.toMinutes() + "m" : age.toSeconds() + "s";
    }
}
