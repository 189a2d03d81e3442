package io.rezpkgcached.client.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HelpTextTest {
    @Test
    void program_eightyColumns_optionsThenCommands() {
        assertEquals("""
                usage: rez-pkg-cache [-h] [-a URI ... | --clean] [--pkg-cache-mode {sync,async}]
                                     [-c COLUMN ...] [-v] [DIR]
                       rez-pkg-cache COMMAND ...

                List the variants in a package cache.

                arguments:
                  DIR  package cache directory

                options:
                  -h, --help                print this help
                  -a, --add-variants URI ...
                                            add variants to the cache
                  --clean                   remove unused variants
                  --pkg-cache-mode {sync,async}
                                            if 'sync', it is waited for. If 'async', it is not
                  -c, --columns COLUMN ...  columns to print: status, package, variant_uri
                  -v, --verbose             verbose mode, repeat for more verbosity

                commands:
                  enqueue   request variants to be cached
                  requests  show what was asked for
                  status    show a context

                'rez-pkg-cache COMMAND --help' explains a command.

                exit status:
                  0  done
                  1  not done; the reason is on stderr
                  2  bad command line
                """, HelpText.of(Sample.REZ, Sample.withWord(), 80));
    }

    @Test
    void command_eightyColumns_paragraphsAndExamples() {
        assertEquals("""
                usage: rez-pkg-cache enqueue [-h] [--cache DIR] [-o FORMAT] [--timeout SECONDS]
                                             URI|FILE|- ...

                Request the variants of contexts: it's quick. Never waits for the daemon.

                .sys holds what `is` "asked" for; ^ and ~ stay, \\ too, and so does ä.

                'That' was it.

                arguments:
                  URI|FILE|-  a variant, a context file (.rxt), or a context on standard input

                options:
                  -h, --help           print this help
                  --cache DIR          package cache directory; default: [the] setting \\x
                  -o, --format FORMAT  print for a program: sh or json
                  --timeout SECONDS    give up after that long

                examples:
                  rez-env foo -- rez-pkg-cache enqueue --cache '/a b' -
                      request it all
                  rez-pkg-cache enqueue \\\\srv
                      nothing 'useful'

                exit status:
                  0  done
                  1  not done; the reason is on stderr
                  2  bad command line
                """, HelpText.of(Sample.ENQUEUE, 80));
    }

    @Test
    void command_twentyColumns_staysReadable() {
        assertEquals("""
                usage: rez-pkg-cache
                    requests [-h]
                    [--output FILE]
                    [retry|discard
                    ...]

                Show what was asked
                for.

                arguments:
                  retry|discard
                      what to do
                      with them

                options:
                  -h, --help
                      print this
                      help
                  --output FILE
                      write it there

                exit status:
                  0  done
                  1  not done; the
                     reason is on
                     stderr
                  2  bad command
                     line
                """, HelpText.of(Sample.REQUESTS, 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 21, 33, 40, 47, 60, 80, 99, 100})
    void help_anyWidth_onlyWordsAndExamplesAreWider(int width) {
        String text = HelpText.of(Sample.REZ, Sample.withWord(), width) + HelpText.of(Sample.REQUESTS, width);
        assertEquals(List.of(), text.lines().filter(line -> line.length() > width)
                .filter(line -> line.strip().contains(" ")).toList());
        assertEquals(List.of(), text.lines().filter(line -> !line.equals(line.stripTrailing())).toList());
    }

    @Test
    void usage_manyWidths_sameWords() {
        List<String> words = Wrap.words(HelpText.usage(Sample.ENQUEUE, 100));
        IntStream.rangeClosed(20, 100).forEach(
                width -> assertEquals(words, Wrap.words(HelpText.usage(Sample.ENQUEUE, width)), width + " columns"));
    }
}
