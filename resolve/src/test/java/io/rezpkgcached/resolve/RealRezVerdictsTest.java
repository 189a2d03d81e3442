package io.rezpkgcached.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.resolve.RealRez.Asked;
import io.rezpkgcached.resolve.key.RequestFactory;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.resolve.testing.TestMemcached;
import io.rezpkgcached.settings.ResolveCacheSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kinds of change, after each of which a real rez and ours must say the same of an entry that rez has stored. */
@Tag("rez")
final class RealRezVerdictsTest {
    private static final Instant NEWER = Repository.OLD.plusSeconds(1000);
    private static final List<String> TABLE = new ArrayList<>();

    @TempDir
    private Path folder;
    private TestMemcached server;
    private Repository one;
    private Repository two;
    private RealRez rez;

    @BeforeEach
    void start() throws Exception {
        folder = folder.toRealPath();
        server = TestMemcached.start();
        rez = new RealRez(folder, server.uri());
        one = new Repository(folder.resolve("one"));
        two = new Repository(folder.resolve("two"));
        one.add("foo", "1.0", "requires = ['bar', 'solo', 'comb']");
        one.add("bar", "1.0");
        one.add("bar", "2.0", "variants = [['platform-linux']]");
        one.add("platform", "linux");
        one.add("other", "1.0");
        one.addUnversioned("solo");
        one.addCombined("comb");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void writeTable() throws IOException {
        Files.writeString(Path.of("target", "verdicts.md"),
                "| change | rez | ours | because |\n|---|---|---|---|\n" + String.join("\n", TABLE) + "\n");
    }

    /** Changes something, and says what is asked for then. */
    interface Change {
        Asked make(RealRezVerdictsTest lab, Asked first) throws Exception;
    }

    record Case(String name, String verdict, Change before, Change change) {
        static Case of(String verdict, String name, Change change) {
            return new Case(name, verdict, (_, asked) -> asked, change);
        }

        static Case of(String verdict, String name, Change before, Change change) {
            return new Case(name, verdict, before, change);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A file or folder of the first repository. */
    private Path at(String place) {
        return one.folder().resolve(place);
    }

    private static Case touched(String verdict, String name, String place, Instant time) {
        return Case.of(verdict, name, (lab, asked) -> {
            Repository.age(lab.at(place), time);
            return asked;
        });
    }

    private static void copy(Path source, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : all.toList()) {
                Path to = target.resolve(source.relativize(path));
                Files.copy(path, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        try (Stream<Path> all = Files.walk(source)) {
            for (Path path : all.toList()) {
                Repository.age(target.resolve(source.relativize(path)), Files.getLastModifiedTime(path).toInstant());
            }
        }
    }

    private static void remove(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    static List<Case> files() {
        return List.of(Case.of("hit", "nothing", (_, asked) -> asked),
                Case.of("stale", "new version of a requested package", (lab, asked) -> {
                    lab.one.add("foo", "2.0");
                    Repository.age(lab.at("foo"), NEWER);
                    return asked;
                }), Case.of("stale", "new version of a package that is required", (lab, asked) -> {
                    lab.one.add("bar", "3.0");
                    Repository.age(lab.at("bar"), NEWER);
                    return asked;
                }), Case.of("hit", "new version, the family's time put back", (lab, asked) -> {
                    lab.one.add("bar", "3.0");
                    return asked;
                }), Case.of("hit", "new version of a package that is not needed", (lab, asked) -> {
                    lab.one.add("other", "2.0");
                    Repository.age(lab.at("other"), NEWER);
                    return asked;
                }), Case.of("hit", "new package", (lab, asked) -> {
                    lab.one.add("more", "1.0");
                    return asked;
                }), Case.of("stale", "definition changed", (lab, asked) -> {
                    Files.writeString(lab.at("foo/1.0/package.py"), "description = 'x'\n", StandardOpenOption.APPEND);
                    return asked;
                }), Case.of("hit", "definition changed, its time put back", (lab, asked) -> {
                    Files.writeString(lab.at("foo/1.0/package.py"), "description = 'x'\n", StandardOpenOption.APPEND);
                    Repository.age(lab.at("foo/1.0/package.py"), Repository.OLD);
                    return asked;
                }), Case.of("hit", "definition replaced by one of the same time", (lab, asked) -> {
                    Path next = lab.at("foo/1.0/next");
                    Files.copy(lab.at("foo/1.0/package.py"), next);
                    Repository.age(next, Repository.OLD);
                    Files.move(next, lab.at("foo/1.0/package.py"), StandardCopyOption.REPLACE_EXISTING);
                    return asked;
                }), Case.of("hit", "package.py replaced by package.yaml of the same time", (lab, asked) -> {
                    Files.delete(lab.at("bar/2.0/package.py"));
                    Files.writeString(lab.at("bar/2.0/package.yaml"),
                            "name: bar\nversion: '2.0'\nvariants:\n- [platform-linux]\n");
                    Repository.age(lab.at("bar/2.0/package.yaml"), Repository.OLD);
                    return asked;
                }), Case.of("hit", "package.yaml beside package.py", (lab, asked) -> {
                    Files.writeString(lab.at("bar/2.0/package.yaml"), "name: bar\nversion: '2.0'\n");
                    return asked;
                }), touched("stale", "definition touched", "foo/1.0/package.py", NEWER),
                touched("stale", "definition a microsecond later", "foo/1.0/package.py",
                        Repository.OLD.plusNanos(1000)),
                touched("hit", "definition a nanosecond later, which a double cannot tell", "foo/1.0/package.py",
                        Repository.OLD.plusNanos(1)),
                touched("stale", "definition older than it was", "bar/2.0/package.py",
                        Repository.OLD.minusSeconds(5)),
                touched("hit", "definition of a version that is not used touched", "bar/1.0/package.py", NEWER),
                touched("stale", "folder of a package touched", "foo", NEWER),
                touched("hit", "folder of a version touched", "foo/1.0", NEWER),
                touched("hit", "folder of the repository touched", "", NEWER),
                touched("stale", "definition of a package without versions touched", "solo/package.py", NEWER),
                touched("stale", "folder of a package without versions touched", "solo", NEWER),
                touched("stale", "package of all versions in one file touched", "comb.yaml", NEWER),
                Case.of("hit", "payload changed", (lab, asked) -> {
                    Files.writeString(lab.at("foo/1.0/payload"), "x");
                    return asked;
                }), Case.of("stale", "file in the folder of a package", (lab, asked) -> {
                    Files.writeString(lab.at("foo/README"), "x");
                    return asked;
                }), Case.of("stale", "version ignored by .ignore<version>", (lab, asked) -> {
                    Files.writeString(lab.at("bar/.ignore2.0"), "");
                    return asked;
                }), Case.of("stale", "older version removed", (lab, asked) -> {
                    remove(lab.at("bar/1.0"));
                    return asked;
                }), Case.of("stale", "definition removed", (lab, asked) -> {
                    Files.delete(lab.at("bar/2.0/package.py"));
                    return asked;
                }), Case.of("stale", "version removed", (lab, asked) -> {
                    remove(lab.at("bar/2.0"));
                    return asked;
                }), Case.of("stale", "version removed, the family's time put back", (lab, asked) -> {
                    remove(lab.at("bar/2.0"));
                    Repository.age(lab.at("bar"), Repository.OLD);
                    return asked;
                }), Case.of("stale", "package removed and released elsewhere", (lab, asked) -> {
                    copy(lab.at("bar"), lab.two.folder().resolve("bar"));
                    remove(lab.at("bar"));
                    return asked;
                }));
    }

    static List<Case> repositories() {
        return List.of(Case.of("hit", "repository moved away and back", (lab, asked) -> {
            Files.move(lab.one.folder(), lab.folder.resolve("away"));
            Files.move(lab.folder.resolve("away"), lab.one.folder());
            return asked;
        }), Case.of("miss", "repository replaced by a copy of it", (lab, asked) -> {
            Files.move(lab.one.folder(), lab.folder.resolve("away"));
            copy(lab.folder.resolve("away"), lab.one.folder());
            return asked;
        }), Case.of("hit", "repository reached through a link", (lab, asked) -> asked
                .in(Files.createSymbolicLink(lab.folder.resolve("link"), lab.one.folder()), lab.two.folder())),
                Case.of("miss", "order of paths", (lab, asked) -> asked.in(lab.two.folder(), lab.one.folder())),
                Case.of("miss", "one path less", (lab, asked) -> asked.in(lab.one.folder())),
                Case.of("miss", "one path more", (lab,
                        asked) -> asked.in(lab.one.folder(), lab.two.folder(),
                                Files.createDirectory(lab.folder.resolve("three")))),
                Case.of("miss", "one path more, which is not there",
                        (lab, asked) -> asked.in(lab.one.folder(), lab.two.folder(), lab.folder.resolve("no"))),
                Case.of("hit", "one path twice",
                        (lab, asked) -> asked.in(lab.one.folder(), lab.two.folder(), lab.one.folder())),
                Case.of("miss", "one repository twice, through a link", (lab, asked) -> asked.in(lab.one.folder(),
                        lab.two.folder(), Files.createSymbolicLink(lab.folder.resolve("link"), lab.one.folder()))),
                Case.of("stale", "package released in the other repository", (lab, asked) -> {
                    lab.two.add("bar", "3.0");
                    Repository.age(lab.two.folder().resolve("bar"), NEWER);
                    return asked;
                }), Case.of("hit", "package released in the other repository, earlier than in the first",
                        (lab, asked) -> {
                            lab.two.add("bar", "0.5");
                            Repository.age(lab.two.folder().resolve("bar"), Repository.OLD.minusSeconds(9));
                            return asked;
                        }));
    }

    static List<Case> requests() {
        long before = Repository.OLD.getEpochSecond() - 100;
        long after = Repository.OLD.getEpochSecond() + 100;
        return List.of(Case.of("miss", "requests in another order", (_, asked) -> asked.asking("bar", "foo-1.0+")),
                Case.of("hit", "request in other words", (_, asked) -> asked.asking("foo>=1.0", "bar")),
                Case.of("miss", "request twice", (_, asked) -> asked.asking("foo-1.0+", "bar", "bar")),
                Case.of("miss", "for a build", (_, asked) -> asked.forBuild()),
                Case.of("miss", "without implicit packages", (_, asked) -> asked.withoutImplicit()),
                Case.of("miss", "other implicit packages",
                        (_, asked) -> asked.with("REZ_IMPLICIT_PACKAGES", "~arch==x86_64")),
                Case.of("miss", "with a filter",
                        (_, asked) -> asked.filtered(List.of(Map.of("excludes", List.of("*.beta", "other<3"))))),
                Case.of("hit", "with a filter that excludes nothing",
                        (_, asked) -> asked.filtered(List.of(Map.of("includes", List.of("foo"))))),
                Case.of("miss", "with an orderer",
                        (_, asked) -> asked.ordered(List.of(Map.of("type", "sorted", "descending", false)))),
                Case.of("miss", "readable keys", (_, asked) -> asked.with("REZ_DEBUG_MEMCACHE", "1")),
                Case.of("miss", "prune_failed_graph", (_, asked) -> asked.with("REZ_PRUNE_FAILED_GRAPH", "0")),
                Case.of("miss", "resolve_caching off", (_, asked) -> asked.with("REZ_RESOLVE_CACHING", "0")),
                Case.of("hit", "timestamp after all releases", (_, asked) -> asked.at(after)),
                Case.of("miss", "timestamp before a release", (_, asked) -> asked.at(before)),
                Case.of("hit", "stored with a timestamp after all releases, asked without",
                        (_, asked) -> asked.at(after), (lab, asked) -> Asked.of(asked.requests(), lab.one.folder(),
                                lab.two.folder())),
                Case.of("miss", "stored with a timestamp before a release, asked without",
                        (_, asked) -> asked.at(before), (lab, asked) -> Asked.of(asked.requests(), lab.one.folder(),
                                lab.two.folder())),
                Case.of("hit", "stored with a timestamp before a release, a package released since",
                        (_, asked) -> asked.at(before), (lab, asked) -> {
                            Repository.age(lab.at("bar"), NEWER);
                            return asked;
                        }),
                Case.of("stale", "stored with a timestamp before a release, a definition touched since",
                        (_, asked) -> asked.at(before), (lab, asked) -> {
                            Repository.age(lab.at("bar/2.0/package.py"), NEWER);
                            return asked;
                        }),
                Case.of("miss", "another timestamp before a release", (_, asked) -> asked.at(before),
                        (_, asked) -> asked.at(before - 1)),
                Case.of("stale",
                        "timestamp after a release, released again since", (_, asked) -> asked.at(after),
                        (lab, asked) -> {
                            Repository.age(lab.at("bar"), NEWER);
                            return asked;
                        }),
                Case.of("miss", "memcached started again", (lab, asked) -> {
                    lab.server.kill();
                    lab.server.restart();
                    return asked;
                }));
    }

    static List<Case> cases() {
        return Stream.of(files(), repositories(), requests()).flatMap(List::stream).toList();
    }

    private Verdict ours(Asked asked) throws Exception {
        return ours(asked, server.uri());
    }

    private Verdict ours(Asked asked, String uri) throws Exception {
        Map<String, String> variables = asked.variables();
        ResolveCacheSettings settings = new ResolveCacheSettings(List.of(uri),
                !variables.containsKey("REZ_RESOLVE_CACHING"), variables.containsKey("REZ_DEBUG_MEMCACHE"),
                List.of(variables.getOrDefault("REZ_IMPLICIT_PACKAGES", "~platform==linux")), asked.filter(),
                asked.orderers(), !variables.containsKey("REZ_PRUNE_FAILED_GRAPH"), Duration.ofSeconds(10));
        ResolveRequest request = new RequestFactory(settings, RequestFactory.folders(asked.paths(), folder))
                .of(asked.requests(), asked.implicit(), asked.building(), asked.timestamp());
        try (ResolveCache cache = ResolveCache.open(settings, _ -> {}).orElse(null)) {
            return cache == null ? new Verdict.Miss("", "the cache is off") : cache.lookup(request, false);
        }
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Hit _ -> "hit";
            case Verdict.Miss _ -> "miss";
            case Verdict.Stale _ -> "stale";
        };
    }

    @ParameterizedTest
    @MethodSource("cases")
    void verdict_afterAChange_isRezs(Case each) throws Exception {
        Asked first = each.before().make(this,
                Asked.of(List.of("foo-1.0+", "bar"), one.folder(), two.folder()));
        Map<?, ?> solved = rez.resolve(first);
        assertEquals("solved", solved.get("status"));
        assertEquals(false, solved.get("from_cache"));
        Verdict.Hit stored = assertInstanceOf(Verdict.Hit.class, ours(first));
        assertEquals(solved.get("packages"),
                stored.resolve().variants().stream().map(handle -> handle.qualifiedName()
                        + (handle.index().isPresent() ? "[" + handle.index().getAsInt() + "]" : "[]")).toList());
        Asked then = each.change().make(this, first);
        Verdict ours = ours(then);
        Map<?, ?> again = rez.resolve(then);
        TABLE.add("| " + each.name() + " | " + (again.get("from_cache").equals(true)
                ? "hit"
                : again.get("status").equals("solved") ? "solves" : "solves, and fails") + " | "
                + word(ours) + " | " + ours.reason().replace(folder.toString(), "") + " |");
        assertEquals(each.verdict(), word(ours), ours.reason());
        assertEquals(again.get("from_cache"), ours instanceof Verdict.Hit, ours.reason());
        if (ours instanceof Verdict.Hit hit) {
            assertEquals(stored.resolve(), hit.resolve());
        }
    }

    @Test
    void entry_thatWeStored_isAHitForRez() throws Exception {
        Asked asked = Asked.of(List.of("foo"), one.folder(), two.folder());
        Path file = folder.resolve("context.rxt");
        Map<?, ?> solved = rez.resolve(asked, file);
        Resolve resolve = assertInstanceOf(Verdict.Hit.class, ours(asked)).resolve();
        String graph = (String) ((Map<?, ?>) Json.read(Files.readAllBytes(file))).get("graph");
        server.kill();
        server.restart();
        ResolveCacheSettings settings = new ResolveCacheSettings(List.of(server.uri()), true, false,
                List.of("~platform==linux"), List.of(), List.of(), true, Duration.ofSeconds(10));
        ResolveRequest request = new RequestFactory(settings, RequestFactory.folders(asked.paths(), folder))
                .of(asked.requests(), true, false, asked.timestamp());
        try (ResolveCache cache = ResolveCache.open(settings, _ -> {}).orElseThrow()) {
            assertInstanceOf(ResolveCache.Stored.Under.class,
                    cache.store(request, resolve, ResolveGraph.parse(graph), 0.1, 0.0, OptionalDouble.empty()));
        }
        Map<?, ?> again = rez.resolve(asked);
        assertEquals(true, again.get("from_cache"));
        assertEquals(solved.get("packages"), again.get("packages"));
        assertEquals(solved.get("graph"), again.get("graph"));
        assertTrue((Long) again.get("dot") > 0);
    }

    /** Keys that are cut, and with characters that are replaced. */
    @Test
    void readableKey_whateverIsInIt_isTheOneThatRezStoredUnder() throws Exception {
        Repository far = new Repository(folder.resolve("ü€😀 '\"" + "x".repeat(200)));
        far.add("foo", "1.0");
        for (Asked asked : List.of(Asked.of(List.of("foo"), one.folder()), Asked.of(List.of("foo==1.0"), far.folder()),
                Asked.of(List.of("foo", "!bar-9+"), far.folder(), one.folder()))) {
            Asked readable = asked.with("REZ_DEBUG_MEMCACHE", "1");
            assertEquals(false, rez.resolve(readable).get("from_cache"));
            Verdict ours = ours(readable);
            assertInstanceOf(Verdict.Hit.class, ours, ours.reason());
            assertTrue(ours.key().matches("[0-9a-f]{16}_1_59_2_resolve_foo_[0-9a-zA-Z_]+"), ours.key());
            assertEquals("there is no entry", ours(asked).reason());
        }
    }

    @Test
    void entry_inAServerAtAUnixSocket_isFoundByBoth() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path socket = folder.resolve("s");
        String uri = "unix:" + socket;
        try (TestMemcached local = TestMemcached.start("-s", socket.toString())) {
            RealRez there = new RealRez(folder, uri);
            Asked asked = Asked.of(List.of("foo"), one.folder());
            assertEquals(false, there.resolve(asked).get("from_cache"));
            assertInstanceOf(Verdict.Hit.class, ours(asked, uri));
            assertEquals(true, there.resolve(asked).get("from_cache"));
            local.kill();
            assertEquals(new Verdict.Miss(ours(asked, uri).key(), "memcached " + uri + " does not answer", false),
                    ours(asked, uri));
        }
    }
}
