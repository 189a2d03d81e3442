package io.rezpkgcached.cache.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariantLocatorTest {
    private static final String HASH = "26fa0fc10f4b0e10f5a703873a5ff18aed952103";

    @TempDir
    private Path folder;

    private VariantLocation locate(OptionalInt index, boolean hashed, Shortlinks links, List<List<String>> variants)
            throws IOException {
        Definition definition = new Definition(folder.resolve("package.py"), Optional.of(variants), hashed,
                Optional.empty(), Optional.empty(),
                OptionalLong.empty());
        return new VariantLocator(links, requirement -> requirement).locate(definition, index);
    }

    private VariantLocation hashed(Shortlinks links) throws IOException {
        return locate(OptionalInt.of(0), true, links, List.of(List.of("python-3")));
    }

    private VariantLocation at(String root) {
        return new VariantLocation.At(folder.resolve(root), folder + "/package.py[0]");
    }

    @Test
    void locate_indexThatDoesNotFit_isNoSuchVariant() throws IOException {
        List<List<String>> one = List.of(List.of("a"));
        assertInstanceOf(VariantLocation.NoSuchVariant.class,
                locate(OptionalInt.empty(), false, Shortlinks.defaults(), one));
        assertInstanceOf(VariantLocation.NoSuchVariant.class,
                locate(OptionalInt.of(1), false, Shortlinks.defaults(), one));
        assertInstanceOf(VariantLocation.NoSuchVariant.class,
                locate(OptionalInt.of(-1), false, Shortlinks.defaults(), one));
        assertInstanceOf(VariantLocation.NoSuchVariant.class,
                locate(OptionalInt.of(0), false, Shortlinks.defaults(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a/b", "/etc", "../../x", "a\0"})
    void locate_requirementThatLeadsOut_hasNoFolder(String requirement) throws IOException {
        assertInstanceOf(VariantLocation.NoFolder.class,
                locate(OptionalInt.of(0), false, Shortlinks.defaults(), List.of(List.of("a", requirement))));
    }

    @Test
    void locate_requirementThatIsNone_hasNoFolder() throws IOException {
        Definition definition = new Definition(folder.resolve("package.py"), Optional.of(List.of(List.of("-"))), true,
                Optional.empty(),
                Optional.empty(), OptionalLong.empty());
        VariantLocator refusing = new VariantLocator(Shortlinks.defaults(), requirement -> {
            throw new IllegalArgumentException(requirement);
        });
        assertInstanceOf(VariantLocation.NoFolder.class, refusing.locate(definition, OptionalInt.of(0)));
    }

    @Test
    void locate_hashedWithoutLinks_isHash() throws IOException {
        assertEquals(at(HASH), hashed(Shortlinks.defaults()));
        Files.writeString(folder.resolve("_v"), "a file");
        assertEquals(at(HASH), hashed(Shortlinks.defaults()));
    }

    @Test
    void locate_hashedWithoutRequirements_isHashOfEmptyList() throws IOException {
        assertEquals(at("97d170e1550eee4afc0af065b78cda302a97674c"),
                locate(OptionalInt.of(0), true, Shortlinks.defaults(), List.of(List.of())));
    }

    @Test
    void locate_hashedWithLink_isLink() throws IOException {
        Path links = Files.createDirectory(folder.resolve("_v"));
        Files.createSymbolicLink(links.resolve("a"), Path.of("../0000000000"));
        Files.writeString(links.resolve("b"), HASH);
        Files.createSymbolicLink(links.resolve("c"), Path.of("..", HASH));
        assertEquals(at("_v/c"), hashed(Shortlinks.defaults()));
        assertEquals(at(HASH), hashed(new Shortlinks(false, "_v")));
        assertEquals(at(HASH), hashed(new Shortlinks(true, "_w")));
    }

    @Test
    void locate_hashedWithAbsoluteLink_isLink() throws IOException {
        Path links = Files.createDirectory(folder.resolve("_x"));
        Files.createSymbolicLink(links.resolve("a"), folder.resolve(HASH));
        assertEquals(at("_x/a"), hashed(new Shortlinks(true, "_x")));
    }

    @Test
    void shortlinks_folderThatLeadsOut_isRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Shortlinks(true, "../x"));
    }
}
