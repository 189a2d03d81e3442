package io.rezpkgcached.client.reference;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Option;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The completion for bash 4 and newer: a table of the declarations, and a walk over the words before the cursor. Paths are left to
 * readline, which knows how to quote them.
 */
final class BashCompletion {
    private static final String SCRIPT = """
            # Completion of rez-pkg-cache for bash 4 and newer. Written by the build from the declarations of the commands.
            # shellcheck shell=bash disable=SC2034 # the tables set variables of their caller

            # What follows an option: sets values to none, one or some, and words and paths to what they can be.
            _rez_pkg_cache_values() { # command option
                values=none words=() paths=none
                case $1:$2 in
            @VALUES@    esac
            }

            # What a command takes besides options: sets most to how many, and words and paths to what they can be.
            _rez_pkg_cache_operands() { # command
                most=0 words=() paths=none
                case $1 in
            @OPERANDS@    esac
            }

            _rez_pkg_cache_options() { # command
                case $1 in
            @OPTIONS@    esac
            }

            _rez_pkg_cache() {
                local cur=${COMP_WORDS[COMP_CWORD]-} command='' word ended='' values=none paths=none
                local -i i=1 most=0 operands=0
                local -a words=()
                COMPREPLY=()
                if ((COMP_CWORD > 1)); then
                    case ${COMP_WORDS[1]} in
                        @COMMANDS@) command=${COMP_WORDS[1]} i=2 ;;
                    esac
                fi
                for (( ; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    if [[ -n $ended ]]; then
                        operands+=1
                    elif [[ $word == '=' && $values != none ]]; then
                        values=one # bash makes three words of --name=value
                    elif [[ $word == -- ]]; then
                        ended=yes values=none
                    elif [[ $word == -?* ]]; then
                        _rez_pkg_cache_values "$command" "$word"
                    elif [[ $values == one ]]; then
                        values=none
                    elif [[ $values == none ]]; then
                        operands+=1
                    fi
                done
                if [[ $cur == '=' && $values != none ]]; then
                    values=one cur=''
                fi
                if [[ $cur == -* && -z $ended && $values != one ]]; then
                    paths=none
                    _rez_pkg_cache_options "$command"
                elif [[ $values == none ]]; then
                    _rez_pkg_cache_operands "$command"
                    ((operands < most)) || words=() paths=none
                    ((COMP_CWORD > 1)) || words+=(@WORDS@)
                fi
                # Before bash 4.4 an empty array counts as unset.
                for word in ${words[@]+"${words[@]}"}; do
                    [[ $word != "$cur"* ]] || COMPREPLY+=("$word")
                done
                case $paths in
                    files) compopt -o default ;;
                    folders) compopt -o filenames -o plusdirs ;;
                esac
            }

            complete -F _rez_pkg_cache rez-pkg-cache
            """;

    private BashCompletion() {}

    static String of(List<Command> all) {
        List<String> names = all.stream().map(Command::name).filter(name -> !name.isEmpty()).toList();
        String program = all.getFirst().program();
        return SCRIPT.replace("rez-pkg-cache", program).replace("rez_pkg_cache", program.replace('-', '_'))
                .replace("@VALUES@", all.stream().map(BashCompletion::values).collect(Collectors.joining()))
                .replace("@OPERANDS@", all.stream().map(BashCompletion::operands).collect(Collectors.joining()))
                .replace("@OPTIONS@", all.stream().map(BashCompletion::options).collect(Collectors.joining()))
                .replace("@COMMANDS@", String.join(" | ", names)).replace("@WORDS@", String.join(" ", names));
    }

    private static String values(Command command) {
        StringBuilder cases = new StringBuilder();
        for (Option option : command.options()) {
            String values = switch (option.arity()) {
                case NONE -> "";
                case ONE, EACH -> "one";
                case SOME -> "some";
            };
            if (!values.isEmpty()) {
                String names = option.names().stream().map(name -> command.name() + ":" + name)
                        .collect(Collectors.joining(" | "));
                cases.append(line(names, "values=" + values + sets(Offer.of(option))));
            }
        }
        return cases.toString();
    }

    private static String operands(Command command) {
        int most = command.operands().most();
        return most == 0
                ? ""
                : line(pattern(command), "most=" + most + sets(Offer.of(command.operands())));
    }

    private static String options(Command command) {
        return line(pattern(command), "words=(" + command.options().stream().filter(option -> !option.isHidden())
                .map(Option::name).collect(Collectors.joining(" ")) + ")");
    }

    private static String pattern(Command command) {
        return command.name().isEmpty() ? "''" : command.name();
    }

    private static String sets(Offer offer) {
        return (offer.words().isEmpty() ? "" : " words=(" + String.join(" ", offer.words()) + ")")
                + (offer.paths() == Offer.Paths.NONE ? "" : " paths=" + offer.paths().word());
    }

    private static String line(String pattern, String does) {
        return "        " + pattern + ") " + does + " ;;\n";
    }
}
