package io.rezpkgcached.client;

import io.rezpkgcached.client.syntax.UnknownWordsException;
import io.rezpkgcached.client.syntax.UsageException;

/** What rez prints of a command line that is wrong, in its words: argparse's, for Python 3.11. */
final class RezUsage {
    private static final String OF_REZ = "usage: rez [-h] [-i] [-V] [-v] COMMAND ...\nrez: error: ";
    private static final String OF_COMMAND = """
            usage: rez pkg-cache [-h] [-a URI [URI ...] | --logs | -r URI [URI ...] |
                                 --clean] [--pkg-cache-mode {sync,async}]
                                 [-c {status,package,variant_uri,orig_path,cache_path} [{status,package,variant_uri,orig_path,cache_path} ...]]
                                 [-f] [-v]
                                 [DIR]
            rez pkg-cache: error:\s""";

    private static final String OF_MEMCACHE = """
            usage: rez memcache [-h] [--flush] [--stats] [--reset-stats] [--poll]
                                [--interval SECS] [--warm] [-v]
            rez memcache: error:\s""";

    private RezUsage() {}

    static String of(Program program, UsageException problem) {
        String usage = program == Program.PKG_CACHE ? OF_COMMAND : OF_MEMCACHE;
        return (problem instanceof UnknownWordsException ? OF_REZ : usage) + problem.getMessage();
    }
}
