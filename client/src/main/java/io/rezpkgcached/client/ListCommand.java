package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.Status;
import io.rezpkgcached.cache.listing.ListedVariant;
import io.rezpkgcached.cache.listing.Listing;
import io.rezpkgcached.client.syntax.UsageException;
import io.rezpkgcached.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists a cache as rez does: at a terminal with headers and colours, else without. */
final class ListCommand {
    static final List<String> USUAL_COLUMNS = List.of("status", "package", "variant_uri", "cache_path");

    private final Session session;
    private final CacheLayout layout;
    private final List<String> columns;
    private Optional<OriginalPaths> originals = Optional.empty();

    ListCommand(Session session, CacheLayout layout, List<String> columns) {
        this.session = session;
        this.layout = layout;
        this.columns = columns;
    }

    /** @param name of the cache as it was given, or as it is configured */
    int run(String name) throws UsageException, SettingsException, IOException {
        PrintStream out = session.out();
        boolean terminal = session.isTerminal();
        if (terminal) {
            out.println("Package cache at " + name + ":\n");
            out.flush();
        }
        List<ListedVariant> variants = new Listing(layout, session.time()).list();
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
        for (int i = 0; i < lines.size(); i++) {
            out.println(terminal && i >= headers
                    ? style(variants.get(i - headers).status()).of(lines.get(i))
                    : lines.get(i));
        }
        return ExitCode.OK;
    }

    private List<String> row(ListedVariant variant) throws SettingsException {
        List<String> row = new ArrayList<>();
        for (String column : columns) {
            row.add(switch (column) {
                case "status" -> variant.status().word();
                case "package" -> variant.handle().qualifiedName();
                case "variant_uri" -> variant.uri();
                case "orig_path" -> originalPath(variant);
                default -> variant.payload().map(Path::toString).orElse("-");
            });
        }
        return row;
    }

    private String originalPath(ListedVariant variant) throws SettingsException {
        if (originals.isEmpty()) {
            originals = Optional.of(new OriginalPaths(session.policies(), layout));
        }
        return originals.get().of(variant.handle()).map(Path::toString).orElse("-");
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
