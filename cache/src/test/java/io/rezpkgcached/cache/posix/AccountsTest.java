package io.rezpkgcached.cache.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AccountsTest {
    private static String id(String... words) throws Exception {
        Process process = new ProcessBuilder(words).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor());
        return output.strip();
    }

    @Test
    void usersAndTheirGroups_areThoseThatTheSystemNames() throws Exception {
        List<String> names = Files.readAllLines(Path.of("/etc/passwd")).stream().map(line -> line.split(":", 2)[0])
                .filter(name -> !name.isEmpty()).toList();
        assertTrue(names.contains("root"), names::toString);
        for (String name : names) {
            assertEquals(OptionalInt.of(Integer.parseUnsignedInt(id("id", "-u", name))), Accounts.userId(name), name);
            Set<Integer> groups = Arrays.stream(id("id", "-G", name).split(" ", -1)).map(Integer::parseUnsignedInt)
                    .collect(Collectors.toSet());
            assertEquals(groups, Accounts.groupsOf(name), name);
        }
    }

    @Test
    void groups_byName() throws Exception {
        for (String line : Files.readAllLines(Path.of("/etc/group"))) {
            String[] fields = line.split(":", -1);
            assertEquals(OptionalInt.of(Integer.parseUnsignedInt(fields[2])), Accounts.groupId(fields[0]), line);
        }
    }

    @Test
    void whoIsNobody_isHisNumber_orNone() {
        assertEquals(OptionalInt.of(64002), Accounts.userId("64002"));
        assertEquals(OptionalInt.empty(), Accounts.userId("no such user"));
        assertEquals(OptionalInt.empty(), Accounts.groupId("no such group"));
        assertEquals(Set.of(), Accounts.groupsOf("64002"));
    }
}
