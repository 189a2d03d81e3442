package io.rezpkgcached.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.resolve.Resolve;
import io.rezpkgcached.resolve.ResolveCache;
import io.rezpkgcached.resolve.ResolveGraph;
import io.rezpkgcached.resolve.key.RequestFactory;
import io.rezpkgcached.resolve.testing.TestMemcached;
import io.rezpkgcached.settings.PackagesSettings;
import io.rezpkgcached.settings.ResolveCacheSettings;
import io.rezpkgcached.settings.SettingsReader;
import io.rezpkgcached.settings.Surroundings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the daemon looks up by itself, with a real memcached. */
final class PrefetcherTest {
    private static final String GRAPH = "{'nodes': [((('fontsize', 10),), [('_1', 'foo')])], 'edges': []}";

    @TempDir
    private Path folder;
    private TestMemcached server;

    @BeforeEach
    void start() throws Exception {
        server = TestMemcached.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Lab lab(String... lines) throws Exception {
        Lab lab = Lab.in(folder, "memcached_uri = [\"" + server.uri() + "\"]", "implicit_packages = []",
                "packages_path = [\"" + folder.toRealPath().resolve("repository") + "\"]", "prefetch_interval = 100 ms",
                "memcached_timeout = 5 s");
        Files.write(lab.config(), List.of(lines), StandardOpenOption.APPEND);
        return lab;
    }

    /** What a rez that solves stores; the repository is as old as those that rez is used with. */
    private static void store(Lab lab, String request, Handle... variants) throws Exception {
        for (Handle variant : variants) {
            FileTime old = FileTime.from(Instant.ofEpochSecond(1_700_000_000));
            Files.setLastModifiedTime(lab.payload(variant.name()).resolve("package.py"), old);
            Files.setLastModifiedTime(lab.payload(variant.name()).getParent(), old);
        }
        Optional<Path> config = Optional.of(lab.config());
        ResolveCacheSettings settings = SettingsReader.readResolveCache(Surroundings.ofProcess(), config);
        PackagesSettings packages = SettingsReader.read(Surroundings.ofProcess(), config).packages();
        try (ResolveCache cache = ResolveCache.open(settings, _ -> {}).orElseThrow()) {
            assertInstanceOf(ResolveCache.Stored.Under.class,
                    cache.store(new RequestFactory(settings, packages).of(List.of(request.split(" ")), true, false,
                            OptionalLong.empty()), new Resolve(List.of(variants), List.of()), ResolveGraph.parse(GRAPH),
                            0, 0, OptionalDouble.empty()));
        }
    }

    private static long said(Lab lab, String text) {
        return lab.log().lines().filter(line -> line.contains(text)).count();
    }

    @Test
    void requestsOfTheSettings_whatTheyNeedIsCachedAndEachChangeIsSaidOnce() throws Exception {
        Lab lab = lab("prefetch_requests = [\"maya mtoa\", { request: nuke, paths: [\""
                + folder.toRealPath().resolve("repository") + "\"] }]");
        Handle maya = lab.install("maya", 3, 10);
        Handle mtoa = lab.install("mtoa", 3, 10);
        Handle nuke = lab.install("nuke", 3, 10);
        store(lab, "maya mtoa", maya, mtoa);
        try (Child daemon = lab.start()) {
            lab.awaitLog(" INFO Prefetch of maya mtoa: 2 variants, of which 2 are requested now\n");
            lab.awaitLog(" WARNING Prefetch of nuke: miss: there is no entry\n");
            Await.until("both are cached", Await.LONG, lab::log, () -> lab.isCached(maya) && lab.isCached(mtoa));
            store(lab, "nuke", nuke); // somebody has solved it
            lab.awaitLog(" INFO Prefetch of nuke: 1 variants, of which 1 are requested now\n");
            Await.until("it is cached", Await.LONG, lab::log, () -> lab.isCached(nuke));
            Files.setLastModifiedTime(lab.payload("nuke").getParent(), FileTime.from(Instant.now())); // a release
            lab.awaitLog(" WARNING Prefetch of nuke: stale: nuke has been released or removed since: ");
            lab.assertCachedAndTidy(List.of(maya, mtoa, nuke));
            assertEquals(Set.of(), Lab.names(lab.layout().prefetch()));
            Await.always("each is said once", Duration.ofSeconds(1), () -> said(lab, "Prefetch of ") == 4);
            daemon.stop();
        }
    }

    @Test
    void variantThatIsDeclined_isRequestedOnceAndAgainAfterAReload() throws Exception {
        Lab lab = lab("prefetch_requests = [maya]", "default_cachable = false");
        Handle maya = lab.install("maya", 3, 10);
        store(lab, "maya", maya);
        try (Child daemon = lab.start()) {
            lab.awaitLog("Not cached - package is not cachable");
            Await.always("it is not requested again", Duration.ofSeconds(1),
                    () -> said(lab, "Not cached - package is not cachable") == 1);
            Files.write(lab.config(), List.of("default_cachable = true"), StandardOpenOption.APPEND);
            daemon.signal("HUP");
            Await.until("it is cached", Await.LONG, lab::log, () -> lab.isCached(maya));
            daemon.stop();
        }
    }

    @Test
    void memcachedDownAndBack_isSaidOnceEach_andRequestsAreServedMeanwhile() throws Exception {
        Lab lab = lab("prefetch_requests = [maya, nuke]");
        Handle maya = lab.install("maya", 3, 10);
        Handle other = lab.install("other", 3, 10);
        server.kill();
        try (Child daemon = lab.start().awaitStart()) {
            lab.awaitLog(" WARNING memcached " + server.uri() + " does not answer");
            lab.request(other);
            lab.awaitServed();
            Await.always("that is all it says", Duration.ofSeconds(1),
                    () -> said(lab, "memcached") == 1 && said(lab, "Prefetch of") == 0);
            server.restart();
            store(lab, "maya", maya);
            daemon.signal("HUP"); // a server that was silent is left alone for half a minute
            Files.write(lab.config(), List.of("memcached_timeout = 6 s"), StandardOpenOption.APPEND);
            daemon.signal("HUP");
            Await.until("it is cached", Await.LONG, lab::log, () -> lab.isCached(maya));
            assertTrue(said(lab, "does not answer") == 1, lab::log);
            daemon.stop();
        }
    }

    @Test
    void settingsThatCannotBe_areRefusedWithTheirPlaceOrSaidOnce() throws Exception {
        Lab bad = lab("prefetch_requests = [{ request: maya, path: [\"/x\"] }]");
        try (Child daemon = bad.start()) {
            assertEquals(ExitCode.CONFIG, daemon.awaitExit(Await.LONG), daemon::output);
            assertTrue(daemon.output().contains(", and"
                    + " there is no path in a request: it has request, and may have paths"), daemon::output);
        }
        Lab off = lab("prefetch_requests = [maya]", "resolve_caching = false");
        try (Child daemon = off.start()) {
            off.awaitLog(" WARNING Nothing is prefetched: the resolve cache is off (resolve_caching is false)");
            daemon.stop();
        }
    }
}
