package io.rezpkgcached.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.client.syntax.Command;
import io.rezpkgcached.client.syntax.Option;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What help, manual pages and completion rely on. */
final class DeclarationsTest {
    static List<Command> commands() {
        return Arrays.stream(Program.values()).flatMap(program -> program.all().stream()).toList();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void texts_ofACommand_areThereAndEndAsTheyShould(Command command) {
        assertFalse(command.description().isBlank());
        assertTrue(command.description().strip().endsWith("."), command.description());
        Stream<String> phrases = Stream.of(
                Stream.of(command.summary()), command.options().stream().filter(option -> !option.isHidden())
                        .map(Option::help),
                command.operands().most() == 0 ? Stream.<String>of() : Stream.of(command.operands().help()),
                command.examples().stream().map(Command.Example::does),
                command.exits().stream().map(Command.Exit::meaning)).flatMap(texts -> texts);
        assertEquals(List.of(), phrases.filter(text -> text.isBlank() || text.endsWith(".") || text.contains("\n"))
                .toList());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void exits_ofACommand_haveSuccessFailureAndUsageInOrder(Command command) {
        List<Integer> exits = command.exits().stream().map(Command.Exit::status).toList();
        assertTrue(exits.containsAll(List.of(ExitCode.OK, ExitCode.FAILURE, ExitCode.USAGE)), exits::toString);
        assertEquals(List.copyOf(new TreeSet<>(exits)), exits);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void options_ofACommand_haveNamesOfTheirOwn(Command command) {
        List<String> names = command.options().stream().flatMap(option -> option.names().stream()).toList();
        assertEquals(names.size(), new HashSet<>(names).size(), names::toString);
        assertEquals(List.of(), names.stream().filter(name -> !name.matches("-[a-zA-Z]|--[a-z][a-z-]+")).toList());
        assertEquals(List.of(), command.options().stream()
                .filter(option -> option.arity() != Option.Arity.NONE && option.metavar().isEmpty()
                        && option.choices().isEmpty())
                .toList());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void examples_ofACommand_runIt(Command command) {
        assertEquals(List.of(), command.examples().stream().map(Command.Example::line)
                .filter(line -> !line.contains(command.line())).toList());
    }

    @ParameterizedTest
    @EnumSource
    void named_everyDeclaration_isThatOfItsAction(Program program) {
        program.all().forEach(command -> {
            assertEquals(command, command.name().isEmpty()
                    ? program.unnamed().declaration()
                    : program.named(command.name()).orElseThrow().declaration());
            assertEquals(program, Program.of(command));
        });
        assertEquals(program.all().size(), Set.copyOf(program.all()).size());
    }

    /** A command that was written, and forgotten in one of the two lists, would be found here. */
    @Test
    void actions_ofThisModule_areAllDeclared() throws Exception {
        Path classes = Path.of(Commands.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Set<Class<?>> written = new HashSet<>();
        try (Stream<Path> files = Files.list(classes.resolve("io/rezpkgcached/client"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = classes.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", "");
                Class<?> found = Class.forName(name, false, Commands.class.getClassLoader());
                if (Action.class.isAssignableFrom(found) && !found.isInterface()) {
                    written.add(found);
                }
            }
        }
        Set<Class<?>> declared = new HashSet<>();
        for (Program program : Program.values()) {
            declared.add(program.unnamed().getClass());
            program.all().stream().flatMap(command -> program.named(command.name()).stream()).map(Action::getClass)
                    .forEach(declared::add);
        }
        assertEquals(written, declared);
    }
}
