package io.rezpkgcached.cache.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.OurFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyRecordsTest {
    private static final Handle FOO = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(0));
    private static final Handle BAR = Handle.of("/svr/packages", "bar", Optional.empty(), OptionalInt.empty());

    @TempDir
    Path cache;

    private CacheLayout layout;
    private CopyRecords records;

    @BeforeEach
    void makeCache() throws IOException {
        layout = CacheLayout.of(cache);
        OurFolder.prepare(layout);
        records = new CopyRecords(layout);
    }

    private static CopyRecord record(Handle handle) {
        return new CopyRecord(handle, "foo/1.0/abcd/a", "/svr/packages/foo/1.0/package.py[0]",
                "/svr/packages/foo/1.0/caf\u00e9", List.of("python-3.7", "a \"b\""), 3, 2, 1, 1L << 40,
                Instant.parse("2026-11-22T12:00:00.123456789Z"), Duration.ofMillis(1234),
                Instant.parse("1969-12-31T23:59:59.5Z"));
    }

    @Test
    void put_records_readBack() throws IOException {
        records.put(record(FOO));
        records.put(record(BAR));
        assertEquals(Optional.of(record(FOO)), records.get(FOO));
        assertEquals(Set.of(record(FOO), record(BAR)), Set.copyOf(records.all()));
        records.remove(FOO);
        records.remove(FOO);
        assertEquals(List.of(record(BAR)), records.all());
    }

    @Test
    void get_corruptFile_absent() throws IOException {
        records.put(record(FOO));
        Path file = layout.records().resolve(FOO.sha1() + ".json");
        String whole = Files.readString(file).strip();
        for (int length = 0; length < whole.length(); length++) {
            Files.writeString(file, whole.substring(0, length));
            assertEquals(Optional.empty(), records.get(FOO), "length " + length);
        }
        for (String key : List.of("handle", "entry", "uri", "root", "requirements", "files", "directories", "links",
                "bytes", "started", "milliseconds", "source_time")) {
            Files.writeString(file, whole.replace("\"" + key + "\": ", "\"" + key + "\": null, \"was\": "));
            assertEquals(Optional.empty(), records.get(FOO), key);
            Files.writeString(file, whole.replace("\"" + key + "\": ", "\"" + key + "\": true, \"was\": "));
            assertEquals(Optional.empty(), records.get(FOO), key);
        }
        assertEquals(List.of(), records.all());
        Files.writeString(file, whole);
        assertEquals(Optional.of(record(FOO)), records.get(FOO));
    }

    @Test
    void get_recordOfAnotherHandleUnderItsName_absent() throws IOException {
        CopyRecords.write(layout.records().resolve(FOO.sha1() + ".json"), record(BAR));
        assertEquals(Optional.empty(), records.get(FOO));
    }
}
