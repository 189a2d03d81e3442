package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.listing.ListedVariant;
import io.rezpkgcached.cache.listing.Listing;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists a cache as rez does: at a terminal with headers and colours, else without. */
final class ListCommand {
    static final List<String> USUAL_COLUMNS = List.of("status", "package", "variant_uri", "cache_path");

    private final Session session;
    private final CacheName cache;
    private final List<String> columns;
    private Optional<OriginalPaths> originals = Optional.empty();

    ListCommand(Session session, CacheName cache, List<String> columns) {
        this.session = session;
        this.cache = cache;
        this.columns = columns;
    }

    int run() throws UsageException, SettingsException, IOException {
        PrintStream out = session.out();
        boolean terminal = session.isTerminal();
        if (terminal) {
            out.println("Package cache at " + cache + ":\n");
            out.flush();
        }
        List<ListedVariant> variants = new Listing(cache.layout(), session.time()).list();
        if (variants.isEmpty()) {
            session.err().println("No cached packages.");
            return ExitCode.OK;
        }
        List<List<String>> rows = new ArrayList<>();
        if (terminal) {
            rows.add(columns.stream().map(column -> column.replace('_', ' ')).toList());
            rows.add(columns.stream().map(column -> "-".repeat(column.length())).toList());
        }
        for (ListedVariant variant : variants) {
            rows.add(row(variant));
        }
        List<String> lines = Columns.lines(rows);
        int headers = terminal ? 2 : 0;
        StringBuilder text = new StringBuilder(); // a stream takes its time with each line
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            text.append(i >= headers ? session.styled(style(variants.get(i - headers).status()), line) : line)
                    .append('\n');
        }
        out.writeBytes(text.toString().getBytes(StandardCharsets.UTF_8)); // faster than as text
        return ExitCode.OK;
    }

    private List<String> row(ListedVariant variant) throws SettingsException, IOException {
        List<String> row = new ArrayList<>();
        for (String column : columns) {
            row.add(switch (column) {
                case "status" -> variant.status().word();
                case "package" -> variant.qualifiedName();
                case "variant_uri" -> variant.uri();
                case "orig_path" -> originalPath(variant);
                default -> variant.payload().isPresent() ? cache.shown(variant.payload().get()) : "-";
            });
        }
        return row;
    }

    private String originalPath(ListedVariant variant) throws SettingsException, IOException {
        if (originals.isEmpty()) {
            originals = Optional.of(new OriginalPaths(session.policies(), cache.layout()));
        }
        try {
            return originals.get().of(variant.handle()).map(Path::toString).orElse("-");
        } catch (NoSuchFileException _) {
            return "-"; // gone since it was listed
        }
    }

    private static Terminal.Style style(Status status) {
        return switch (status) {
            case CACHED -> Terminal.Style.GREEN;
            case COPYING -> Terminal.Style.YELLOW;
            case STALLED -> Terminal.Style.RED;
            case PENDING -> Terminal.Style.DIM;
        };
    }
}
