package io.rezpkgcached.cache.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.posix.Xattrs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AclTest {
    @TempDir
    private Path folder;

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void bytes_areWhatTheKernelTakes_andToolsRead() throws Exception {
        Xattrs.set(folder, Xattrs.DEFAULT_ACL, Acl.openTo(4711).bytes());
        assertEquals("user::rwx,user:4711:rwx,group::r-x,mask::rwx,other::r-x", String.join(",",
                run("getfacl", "-ndp", "--omit-header", folder.toString()).strip().lines().toList()));
        assertArrayEquals(Acl.openTo(4711).bytes(), Xattrs.get(folder, Xattrs.DEFAULT_ACL).orElseThrow());
        assertEquals(Optional.of(Acl.openTo(4711)), Acl.parse(Acl.openTo(4711).bytes()));
    }

    @Test
    void parse_whatToolsSet() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        run("setfacl", "--set", "u::rw,u:1:r,g::-,g:7:rw,m::r,o::r", file.toString());
        assertEquals(
                Optional.of(new Acl(List.of(new Acl.Entry(Acl.Tag.OWNER, 6, -1), new Acl.Entry(Acl.Tag.USER, 4, 1),
                        new Acl.Entry(Acl.Tag.GROUP, 0, -1), new Acl.Entry(Acl.Tag.NAMED_GROUP, 6, 7),
                        new Acl.Entry(Acl.Tag.MASK, 4, -1), new Acl.Entry(Acl.Tag.OTHERS, 4, -1)))),
                Acl.parse(Xattrs.get(file, Xattrs.ACL).orElseThrow()));
    }

    @Test
    void parse_whatIsNone_isEmpty() {
        assertEquals(Optional.empty(), Acl.parse(new byte[0]));
        assertEquals(Optional.empty(), Acl.parse(new byte[]{3, 0, 0, 0}));
        assertEquals(Optional.empty(), Acl.parse(new byte[]{2, 0, 0, 0, 9}));
        assertEquals(Optional.empty(), Acl.parse(new byte[]{2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0}));
    }
}
