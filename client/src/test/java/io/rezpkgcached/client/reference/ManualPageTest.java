package io.rezpkgcached.client.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.testing.Child;
import io.rezpkgcached.client.Program;
import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ManualPageTest {
    private static final LocalDate DATE = LocalDate.of(2026, 11, 24);

    @TempDir
    Path folder;

    private Path page(Command command, List<Command> all) throws Exception {
        return Files.writeString(folder.resolve(ManualPage.name(command) + ".1"),
                ManualPage.of(command, all, "0.1.0", DATE));
    }

    @Test
    void source_ofACommand_isEscaped() {
        assertEquals(
                """
                        .\\" Written by the build from the declaration of the command.
                        .TH REZ\\-PKG\\-CACHE\\-ENQUEUE 1 2026-11-24 "rez-pkg-cached 0.1.0" "rez package cache"
                        .ad l
                        .SH NAME
                        rez\\-pkg\\-cache\\-enqueue \\- request variants to be cached
                        .SH SYNOPSIS
                        .SY "rez\\-pkg\\-cache enqueue"
                        [\\fB\\-h\\fR]\\&
                        [\\fB\\-\\-cache\\fR\\~\\fIDIR\\fR]\\&
                        [\\fB\\-o\\fR\\~\\fIFORMAT\\fR]\\&
                        [\\fB\\-\\-timeout\\fR\\~\\fISECONDS\\fR]\\&
                        \\fIURI\\fR|\\fIFILE\\fR|\\-\\~...\\&
                        .YS
                        .nh
                        .SH DESCRIPTION
                        Request the variants of contexts: it\\(aqs quick. Never waits for the daemon.
                        .PP
                        \\&.sys holds what \\(gais\\(ga \\(dqasked\\(dq for; \\(ha and \\(ti stay, \\(rs too, and so does \\[u00E4].
                        .PP
                        \\&\\(aqThat\\(aq was it.
                        .SH ARGUMENTS
                        .TP
                        \\fIURI\\fR|\\fIFILE\\fR|\\-
                        A variant, a context file (.rxt), or a context on standard input.
                        .SH OPTIONS
                        .TP
                        \\fB\\-h\\fR, \\fB\\-\\-help\\fR
                        Print this help.
                        .TP
                        \\fB\\-\\-cache\\fR \\fIDIR\\fR
                        Package cache directory; default: [the] setting \\(rsx.
                        .TP
                        \\fB\\-o\\fR, \\fB\\-\\-format\\fR \\fIFORMAT\\fR
                        Print for a program: sh or json.
                        .TP
                        \\fB\\-\\-timeout\\fR \\fISECONDS\\fR
                        Give up after that long.
                        .SH EXAMPLES
                        .TP
                        \\fBrez\\-env foo \\-\\- rez\\-pkg\\-cache enqueue \\-\\-cache \\(aq/a b\\(aq \\-\\fR
                        Request it all.
                        .TP
                        \\fBrez\\-pkg\\-cache enqueue \\(rs\\(rssrv\\fR
                        Nothing \\(aquseful\\(aq.
                        .SH EXIT STATUS
                        .TP
                        \\fB0\\fR
                        Done.
                        .TP
                        \\fB1\\fR
                        Not done; the reason is on stderr.
                        .TP
                        \\fB2\\fR
                        Bad command line.
                        .SH SEE ALSO
                        .BR \\%rez\\-pkg\\-cache (1),
                        .BR \\%rez\\-pkg\\-cache\\-requests (1),
                        .BR \\%rez\\-pkg\\-cache\\-status (1),
                        .BR \\%rez\\-pkg\\-cached (8)
                        """,
                ManualPage.of(Sample.ENQUEUE, Sample.ALL, "0.1.0", DATE));
    }

    @Test
    void page_ofTheProgram_readsWell() throws Exception {
        assertEquals(new Child.Ended(0, """
                REZ-PKG-CACHE(1)               rez package cache              REZ-PKG-CACHE(1)

                NAME
                       rez-pkg-cache - list a package cache

                SYNOPSIS
                       rez-pkg-cache [-h] [-a URI ... | --clean]
                                     [--pkg-cache-mode {sync,async}] [-c COLUMN ...] [-v]
                                     [DIR]

                       rez-pkg-cache COMMAND ...

                DESCRIPTION
                       List the variants in a package cache.

                ARGUMENTS
                       DIR    Package cache directory.

                OPTIONS
                       -h, --help
                              Print this help.

                       -a, --add-variants URI ...
                              Add variants to the cache.

                       --clean
                              Remove unused variants.

                       --pkg-cache-mode {sync,async}
                              If 'sync', it is waited for. If 'async', it is not.

                       -c, --columns COLUMN ...
                              Columns to print: status, package, variant_uri.

                       -v, --verbose
                              Verbose mode, repeat for more verbosity.

                COMMANDS
                       rez-pkg-cache-enqueue(1)
                              Request variants to be cached.

                       rez-pkg-cache-requests(1)
                              Show what was asked for.

                       rez-pkg-cache-status(1)
                              Show a context.

                EXIT STATUS
                       0      Done.

                       1      Not done; the reason is on stderr.

                       2      Bad command line.

                SEE ALSO
                       rez-pkg-cache-enqueue(1), rez-pkg-cache-requests(1),
                       rez-pkg-cache-status(1), rez-pkg-cached(8)

                rez-pkg-cached 0.1.0              2026-11-24                  REZ-PKG-CACHE(1)
                """, ""), Child.run(List.of("man", "-l", page(Sample.REZ, Sample.ALL).toString()),
                Map.of("LC_ALL", "C.UTF-8", "MANWIDTH", "80"), new byte[0]));
    }

    @Test
    void pages_inManGroffAndMandoc_giveNoWarning() throws Exception {
        List<Path> pages = new ArrayList<>();
        for (List<Command> all : List.of(Sample.ALL, Program.PKG_CACHE.all(), Program.MEMCACHE.all())) {
            for (Command command : all) {
                pages.add(page(command, all));
            }
            Written.assertNothingFound(pages.stream()
                    .flatMap(page -> Stream.of(List.of("man", "--warnings", "-l", page.toString()),
                            List.of("groff", "-man", "-ww", "-Tutf8", page.toString()))));
            for (Path page : pages) {
                assertEquals(new Child.Ended(0, "", ""),
                        Child.run(List.of("mandoc", "-T", "lint", "-W", "warning", page.toString()), Map.of(),
                                new byte[0]));
            }
        }
    }
}
