package io.rezpkgcached.client;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.listing.ListedVariant;
import io.rezpkgcached.cache.listing.Listing;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Lists a cache as rez does when its output is no terminal. */
final class ListCommand {
    private final CacheLayout layout;
    private final InstantSource time;

    ListCommand(CacheLayout layout, InstantSource time) {
        this.layout = layout;
        this.time = time;
    }

    int run(PrintStream out, PrintStream err) throws IOException {
        List<ListedVariant> variants = new Listing(layout, time).list();
        if (variants.isEmpty()) {
            err.println("No cached packages.");
            return ExitCode.OK;
        }
        Columns.lines(variants.stream().map(ListCommand::row).toList()).forEach(out::println);
        return ExitCode.OK;
    }

    private static List<String> row(ListedVariant variant) {
        return List.of(variant.status().word(), variant.handle().qualifiedName(), variant.uri(),
                variant.payload().map(Path::toString).orElse("-"));
    }
}
