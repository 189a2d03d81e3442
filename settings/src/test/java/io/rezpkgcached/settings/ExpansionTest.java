package io.rezpkgcached.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expansions, as a real rez was seen to make them. */
final class ExpansionTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"$HOME/a|ROOT/home/a", "${HOME}/a$HOME|ROOT/home/aROOT/home",
            "$NOT_SET/${NOT_SET}/a|$NOT_SET/${NOT_SET}/a", "$LOOP|$LOOP", "$|$", "~|ROOT/home",
            "~/a|ROOT/home/a", "~ada/x//y|~ada/x/y", "a~/b|a~/b", "/a ~/b;~:~|/a ROOT/home/b;ROOT/home:~",
            "//a/~/../../c|//c", "x/./y|x/./y", "~//x/..|ROOT/home", "{system.platform}-{system.arch}|linux-x86_64",
            "{system.os}|CentOS-7.9", "{system.user}@{system.hostname}|ada@box",
            "{system.fqdn} {system.domain}|box.studio.example studio.example", "{system.home}|ROOT/home",
            "{system.nothing}{other}{a b}|{system.nothing}{other}{a b}", "{{system.os}}|{system.os}"})
    void expand_text_asRez(String text, String expanded) throws Exception {
        assertEquals("\"" + expanded + "\"", value(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a{b|has a { without a }, in \"a{b\"; write {{ for the character itself",
            "a}b|has a } without a {, in \"a}b\"; write }} for the character itself",
            "{}|has {}, which cannot be expanded; write {{ and }} for the characters",
            "{0}|has {0}, which cannot be expanded; write {{ and }} for the characters",
            "{a:b}|has {a:b}, which cannot be expanded; write {{ and }} for the characters",
            "{system.shell}|uses {system.shell}, which only rez itself knows; write the value instead"})
    void expand_badText_isRefused(String text, String wrong) throws Exception {
        assertEquals("$REZ_TMPDIR: tmpdir " + wrong, value(text));
    }

    @Test
    void expand_withPlatformMap_usesTheFirstRuleThatMatches() throws Exception {
        Place place = new Place(folder).variable("REZ_TMPDIR", "{system.os} {system.arch}").file("home/.rezconfig", """
                platform_map:
                  os: {'Ubuntu.*': x, 'C(?P<n>[a-z]+)OS-(.*)': 'c\\g<n>-$\\2!', '.*': never}
                  arch: {'86': '-86-'}
                """);
        assertEquals("\"cent-_7.9_ x-86-_64\"", place.value("tmpdir"));
    }

    @Test
    void expand_platformMapThatIsNoExpression_isRefused() throws Exception {
        Place place = new Place(folder).file("home/.rezconfig", "platform_map: {os: {'(': x}}\n");
        assertEquals(
                "ROOT/home/.rezconfig:1: platform_map holds \"(\", which is not a regular expression that this program"
                        + " understands",
                place.value("platform_map"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"-.Debian-12.-|Debian-12.", "a..b--c|a.b-c", "a b!|a_b_", "''|''", "a.-b|a.b"})
    void safe_text_keepsWhatAVersionMayHold(String found, String safe) {
        assertEquals(safe, SystemFacts.safe(found));
    }

    @Test
    void user_byVariable_goesOverTheAccount() throws Exception {
        Place place = new Place(folder).variable("LOGNAME", "").variable("USER", "eve").variable("REZ_TMPDIR",
                "{system.user}");
        assertEquals("\"eve\"", place.value("tmpdir"));
    }

    @Test
    void home_withoutVariable_isThatOfTheAccount() throws Exception {
        Surroundings surroundings = new Surroundings(Map.of(), Path.of("/home/eve"), Path.of("/"),
                Machine.of(Map.of()));
        assertEquals("/home/eve", surroundings.home());
    }

    @Test
    void osName_partsInSeveralPlaces_areCompleted() {
        OsName name = new OsName(Optional.empty(), Optional.empty())
                .or("DISTRIB_ID=\"Rocky\"\n", "DISTRIB_ID=", "DISTRIB_RELEASE=")
                .or("ID=debian\nVERSION_ID='9.4'\n", "ID=", "VERSION_ID=");
        assertEquals(new OsName(Optional.of("Rocky"), Optional.of("9.4")), name);
    }

    private String value(String text) throws Exception {
        return new Place(folder).variable("LOOP", "$LOOP").variable("REZ_TMPDIR", text).value("tmpdir");
    }
}
