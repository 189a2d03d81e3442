package io.rezpkgcached.client.reference;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.HelpText;
import io.rezpkgcached.client.syntax.Option;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The completion for zsh: specifications for its own {@code _arguments}. */
final class ZshCompletion {
    private static final String SCRIPT = """
            #compdef rez-pkg-cache
            # Completion of rez-pkg-cache for zsh. Written by the build from the declarations of the commands.

            _rez-pkg-cache_first() {
              local -a commands=(
            @COMMANDS@  )
              _alternative 'commands:command:{_describe command commands}'@FOLDERS@
            }

            # _arguments takes all words after an option with several values for values: the next option is offered here.
            _rez-pkg-cache_option() {
              [[ $PREFIX == -* ]] || return
              local -a names=(${(M)specs:#\\(*})
              names=(${names#*\\)})
              names=(${names%%\\[*})
              compadd -- ${names%[=+]}
            }

            _rez-pkg-cache() {
              local -a specs
              local command=
              if (( CURRENT > 2 )); then
                case $words[2] in
                  (@NAMES@)
                    command=$words[2]
                    shift words
                    (( CURRENT-- ))
                    ;;
                esac
              fi
              case $command in
            @SPECS@  esac
              _arguments -s -S : $specs
            }

            _rez-pkg-cache "$@"
            """;

    private ZshCompletion() {}

    static String of(List<Command> all) {
        List<Command> named = all.stream().filter(command -> !command.name().isEmpty()).toList();
        String program = all.getFirst().program();
        boolean takesFolder = Offer.of(all.getFirst().operands()).paths() == Offer.Paths.FOLDERS;
        return SCRIPT.replace("rez-pkg-cache", program)
                .replace("@FOLDERS@", takesFolder ? " 'directories:DIR:_directories'" : "")
                .replace("@COMMANDS@",
                        named.stream().map(command -> "    " + quoted(command.name() + ":" + command.summary()) + "\n")
                                .collect(Collectors.joining()))
                .replace("@NAMES@", named.stream().map(Command::name).collect(Collectors.joining("|")))
                .replace("@SPECS@", all.stream().map(ZshCompletion::specs).collect(Collectors.joining()));
    }

    private static String specs(Command command) {
        String pattern = command.name().isEmpty() ? "''" : command.name();
        List<String> specs = new ArrayList<>();
        for (Option option : command.options()) {
            if (!option.isHidden()) {
                option.names().forEach(name -> specs.add(spec(command, option, name)));
            }
        }
        if (command.name().isEmpty()) {
            specs.add("1:" + message(command.operands().metavar()) + ":_" + command.program() + "_first");
        } else if (command.operands().most() > 0) {
            specs.add((command.operands().most() == 1 ? "1" : "*") + ":" + message(command.operands().metavar()) + ":"
                    + action(Offer.of(command.operands())));
        }
        return "    (" + pattern + ")\n      specs=(\n"
                + specs.stream().map(spec -> "        " + quoted(spec) + "\n").collect(Collectors.joining())
                + "      )\n      ;;\n";
    }

    /** An option that was given is not offered again, nor are those that it excludes. */
    private static String spec(Command command, Option option, String name) {
        String excluded = command.options().stream()
                .filter(other -> (isGivenOnce(option) && other.equals(option)) || option.excludes(other))
                .filter(other -> !other.isHidden()).flatMap(other -> other.names().stream())
                .collect(Collectors.joining(" "));
        String form = option.arity() == Option.Arity.NONE ? "" : name.startsWith("--") ? "=" : "+";
        return (excluded.isEmpty() ? "" : "(" + excluded + ")") + (isGivenOnce(option) ? "" : "*") + name + form + "["
                + brief(option) + "]"
                + value(command, option);
    }

    private static boolean isGivenOnce(Option option) {
        return option.arity() != Option.Arity.EACH;
    }

    private static String value(Command command, Option option) {
        String message = message(option.metavar());
        Offer offer = Offer.of(option);
        return switch (option.arity()) {
            case NONE -> "";
            case ONE, EACH -> ":" + message + ":" + action(offer);
            case SOME -> ":*-*:" + message + ":{_" + command.program() + "_option" + (offer.words().isEmpty()
                    ? ""
                    : " || compadd -- " + String.join(" ", offer.words())) + "}";
        };
    }

    private static String action(Offer offer) {
        String paths = switch (offer.paths()) {
            case NONE -> "";
            case FILES -> "_files";
            case FOLDERS -> "_directories";
        };
        if (offer.words().isEmpty()) {
            return paths.isEmpty() ? " " : paths;
        }
        String words = "(" + String.join(" ", offer.words()) + ")";
        return paths.isEmpty() ? words : "_alternative \"words:word:" + words + "\" \"files:path:" + paths + "\"";
    }

    /** A menu has room for what comes first. */
    private static String brief(Option option) {
        return HelpText.help(option).split("[;:.] ", 2)[0].replaceAll("[\\[\\]\\\\]", "\\\\$0");
    }

    private static String message(String metavar) {
        return metavar.isEmpty() ? "value" : metavar.replace(":", "\\:");
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
