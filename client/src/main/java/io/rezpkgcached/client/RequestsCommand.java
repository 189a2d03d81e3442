package io.rezpkgcached.client;

import io.rezpkgcached.cache.aside.AsideRequests;
import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.listing.VariantNames;
import io.rezpkgcached.cache.lock.CacheLock;
import io.rezpkgcached.cache.spool.RefusedRequest;
import io.rezpkgcached.cache.spool.RefusedRequests;
import io.rezpkgcached.cache.spool.RequestFile;
import io.rezpkgcached.cache.spool.RequestNote;
import io.rezpkgcached.cache.spool.RequestNotes;
import io.rezpkgcached.cache.spool.RequestReader;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Operands;
import io.rezpkgcached.client.syntax.Parsed;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.control.ControlRequest;
import io.rezpkgcached.control.Reply;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists requests that are not served yet, or will not be, and has them tried again or dropped. */
final class RequestsCommand implements Action {
    static final Command DECLARATION = new Command(Commands.PROGRAM, "requests",
            "list requests that are not served, with reasons; retry or discard them",
            "List the requests that are pending, deferred until another try, refused, or failed for good, each with its"
                    + " reason.\n\nWith retry, deferred ones are tried now, and failed and refused ones are requested"
                    + " again. With discard they are dropped. Both take the URIs of variants, or all.",
            List.of(Sources.CACHE, Sources.JSON),
            Operands.any("retry|discard|all|URI", "what to do, and with which; default: list all"),
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
        if (operands.isEmpty()) {
            return list(layout, words.has(Sources.JSON), session);
        }
        boolean retry = operands.getFirst().equals("retry");
        if (!retry && !operands.getFirst().equals("discard")) {
            throw new UsageException("argument " + operands.getFirst() + ": choose from 'retry', 'discard'");
        }
        if (operands.size() == 1) {
            throw new UsageException("the following arguments are required: URI or all");
        }
        long changed = 0;
        for (String word : operands.subList(1, operands.size())) {
            Optional<Handle> handle = word.equals("all")
                    ? Optional.empty()
                    : Optional.of(VariantUri.parse(word, session.settings().packages().packagesPath()));
            changed += change(retry, handle, layout, session);
        }
        if (words.has(Sources.JSON)) {
            session.out().println(Json.write(Map.of("changed", changed)));
        } else {
            session.err().println((retry ? "requested again: " : "discarded: ") + changed);
        }
        return ExitCode.OK;
    }

    private static long change(boolean retry, Optional<Handle> handle, CacheLayout layout, Session session)
            throws IOException, InterruptedException {
        ControlRequest request = retry ? new ControlRequest.Retry(handle) : new ControlRequest.Discard(handle);
        Optional<Reply> answer = DaemonAnswer.of(session, layout, request, _ -> {});
        if (answer.isPresent() && answer.get() instanceof Reply.Done done) {
            return Long.parseLong(done.outcome());
        }
        AsideRequests aside = new AsideRequests(layout, new CacheLock(layout, session::warning), session.time());
        return retry ? aside.retry(handle).size() : aside.discard(handle) + discardPending(handle, layout, session);
    }

    private static int discardPending(Optional<Handle> handle, CacheLayout layout, Session session)
            throws IOException {
        int discarded = 0;
        RequestReader reader = RequestReader.plain(session.time());
        for (Path path : CacheWalk.children(layout.pending())) {
            if (reader.read(path) instanceof RequestFile.Complete complete
                    && (handle.isEmpty() || handle.get().equals(complete.handle()))
                    && Files.deleteIfExists(path)) {
                new RequestNotes(layout.deferred()).remove(complete.handle());
                discarded++;
            }
        }
        return discarded;
    }

    private static int list(CacheLayout layout, boolean json, Session session) throws IOException {
        List<Map<String, Object>> rows = rows(layout, session);
        if (json) {
            session.out().println(Json.write(rows));
            return ExitCode.OK;
        }
        if (rows.isEmpty()) {
            session.err().println("No requests.");
            return ExitCode.OK;
        }
        Columns.lines(rows.stream().map(row -> List.of(row.get("state").toString(), row.get("uri").toString(),
                row.get("reason").toString())).toList()).forEach(line -> session.out().println(line.stripTrailing()));
        return ExitCode.OK;
    }

    private static List<Map<String, Object>> rows(CacheLayout layout, Session session) throws IOException {
        VariantNames names = new VariantNames(layout);
        RequestNotes deferred = new RequestNotes(layout.deferred());
        RequestReader reader = RequestReader.plain(session.time());
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Path path : CacheWalk.sorted(layout.pending())) {
            switch (reader.read(path)) {
                case RequestFile.Complete complete -> {
                    Optional<RequestNote> note = deferred.get(complete.handle());
                    Map<String, Object> row = row(note.isPresent() ? "deferred" : "pending",
                            names.uri(complete.handle()), note.map(RequestNote::reason).orElse(""));
                    note.ifPresent(known -> {
                        row.put("tries", (long) known.tries());
                        row.put("next_try", known.time().toString());
                    });
                    row.put("owner", (long) complete.owner());
                    rows.add(row);
                }
                case RequestFile.Malformed bad -> rows.add(row("pending", path.toString(), bad.reason()));
                case RequestFile.Unreadable bad -> rows.add(row("pending", path.toString(), bad.cause().toString()));
                case RequestFile.BeingWritten _,RequestFile.Gone _ -> {
                    // not yet, or no longer
                }
            }
        }
        for (RequestNote note : new RequestNotes(layout.failed()).all()) {
            Map<String, Object> row = row("failed", names.uri(note.handle()), note.reason());
            row.put("tries", (long) note.tries());
            row.put("time", note.time().toString());
            rows.add(row);
        }
        for (RefusedRequest request : new RefusedRequests(layout, session.time()).all()) {
            Map<String, Object> row = row("refused", request.handle().map(names::uri).orElse(request.file()),
                    request.reason());
            row.put("owner", request.owner());
            row.put("time", request.time().toString());
            rows.add(row);
        }
        return rows;
    }

    private static Map<String, Object> row(String state, String uri, String reason) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("state", state);
        row.put("uri", uri);
        row.put("reason", reason);
        return row;
    }
}
