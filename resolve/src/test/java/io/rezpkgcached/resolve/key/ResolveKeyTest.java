package io.rezpkgcached.resolve.key;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.Vectors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResolveKeyTest {
    @TempDir
    private Path folder;

    private static String rezText(Map<?, ?> vector, boolean timestamped) {
        Map<?, ?> first = (Map<?, ?>) vector.get("first");
        for (Object key : (List<?>) first.get("keys")) {
            List<?> pair = (List<?>) key;
            if (pair.get(0).equals(timestamped)) {
                return (String) pair.get(1);
            }
        }
        throw new AssertionError("no such key in " + vector.get("label"));
    }

    private static ResolveRequest request(Map<?, ?> request, Path repository) throws UnprintableException {
        List<String> words = ((List<?>) request.get("package_requests")).stream().map(String.class::cast).toList();
        OptionalLong timestamp = request.get("timestamp") instanceof Long time
                ? OptionalLong.of(time)
                : OptionalLong.empty();
        return new ResolveRequest(ResolveRequest.canonical(words), List.of(RepositoryFolder.of(repository)), "", "",
                Boolean.TRUE.equals(request.get("building")), true, timestamp);
    }

    /** The vectors' repository was elsewhere: its uid is put in. */
    @Test
    void key_vectors_asRezMadeThem() throws Exception {
        Path repository = Files.createDirectory(folder.toRealPath().resolve("packages"));
        String here = "('filesystem', '" + repository + "', " + Files.getAttribute(repository, "unix:ino") + ")";
        String there = "('filesystem', '/svr/packages', 9207810)";
        List<Map<String, Object>> vectors = Vectors.objects("resolve-entries.json");
        int timestamped = 0;
        for (Map<String, Object> vector : vectors) {
            if (!(vector.get("request") instanceof Map<?, ?> asked)) {
                assertEquals(vector.get("memcached_key"),
                        new ResolveKey(rezText(vectors.getFirst(), false)).hashed(true));
                continue;
            }
            ResolveRequest request = request(asked, repository);
            assertEquals(rezText(vector, false), request.plainKey().text().replace(here, there));
            if (request.timestamp().isPresent()) {
                timestamped++;
                assertEquals(rezText(vector, true), request.timestampedKey().text().replace(here, there));
            }
            boolean isOwn = vector.get("label").equals("old timestamp");
            assertEquals(vector.get("memcached_key"), new ResolveKey(rezText(vector, isOwn)).hashed(false));
        }
        assertEquals(2, timestamped);
    }

    @Test
    void hashed_readable_isCutAndPlain() {
        ResolveKey key = new ResolveKey("('resolve', ('" + "é-x".repeat(200) + "',), (), '', '', False, False, True)");
        String hashed = key.hashed(true);
        assertTrue(hashed.length() <= 250 && hashed.matches("[0-9a-zA-Z_]+"), hashed);
    }

    @Test
    void uid_repositoryThatIsNotThere_hasNoInode() throws Exception {
        Path real = Files.createDirectory(folder.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertEquals("('filesystem', '" + real + "', " + Files.getAttribute(real, "unix:ino") + ")",
                RepositoryFolder.of(link).uid());
        Files.delete(real);
        assertEquals("('filesystem', '" + real + "')", RepositoryFolder.of(link).uid());
        assertEquals("('filesystem', '" + real + "/deeper')", RepositoryFolder.of(link.resolve("deeper")).uid());
    }

    @Test
    void lastRelease_foldersAndFiles_areTheLatest() throws Exception {
        Path one = Files.createDirectories(folder.resolve("one/foo")).getParent();
        Path two = Files.createDirectories(folder.resolve("two/foo")).getParent();
        Files.writeString(one.resolve("bar.yaml"), "versions: [1]");
        Files.setLastModifiedTime(one.resolve("foo"), FileTime.from(Instant.ofEpochSecond(1795375981, 772869300)));
        Files.setLastModifiedTime(two.resolve("foo"), FileTime.from(Instant.ofEpochSecond(1795375900)));
        Files.setLastModifiedTime(one.resolve("bar.yaml"), FileTime.from(Instant.ofEpochSecond(5)));
        ResolveRequest request = new ResolveRequest(List.of(),
                List.of(RepositoryFolder.of(two), RepositoryFolder.of(one)), "", "", false, true, OptionalLong.empty());
        assertEquals(1795375981.7728693, request.lastRelease("foo"));
        assertEquals(5.0, request.lastRelease("bar"));
        assertEquals(0.0, request.lastRelease("no"));
        assertEquals(OptionalDouble.empty(), RepositoryFolder.of(one).lastRelease("../one/foo"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "foo bar", "-1", "foo-1..2<", ".", "__pycache__", ""})
    void canonical_whatRezWouldNotTake_isRefused(String word) {
        assertThrows(UnprintableException.class, () -> ResolveRequest.canonical(List.of(word)));
    }
}
