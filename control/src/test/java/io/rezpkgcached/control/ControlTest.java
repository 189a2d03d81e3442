package io.rezpkgcached.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rezpkgcached.cache.handle.Handle;
import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both ends over a real socket. */
final class ControlTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Handle HANDLE = Handle.of("/svr/packages", "foo", Optional.of("1.0"), OptionalInt.of(0));

    static final List<ControlRequest> REQUESTS = List.of(new ControlRequest.Status(), new ControlRequest.Watch(),
            new ControlRequest.Clean(),
            new ControlRequest.Remove(HANDLE), new ControlRequest.Retry(Optional.empty()),
            new ControlRequest.Retry(Optional.of(HANDLE)),
            new ControlRequest.Discard(Optional.of(HANDLE)), new ControlRequest.Prefetch(List.of(HANDLE, HANDLE)));

    static final List<Reply> REPLIES = List.of(new Reply.Status(Map.of("pid", 7L, "copies", List.of())),
            new Reply.Watching(), new Reply.Started(HANDLE, "/svr/packages/foo/1.0/package.py[0]"),
            new Reply.Progress(HANDLE, 1, 2, 3, 4), new Reply.Finished(HANDLE, "cached", "/c/foo/1.0/abcd/a", "",
                    new Reply.More(List.of("a", "b"), 1.5, false, "")),
            new Reply.Finished(HANDLE, "deferred", "", "no",
                    new Reply.More(List.of(), 0, true, "2026-01-01T00:00:00Z")),
            new Reply.Cleaned(true, "Deleted \"x\"\n"), new Reply.Alive(), new Reply.Stopping(), new Reply.Done("3"),
            new Reply.Refusal("busy", "é"));

    private static final ControlServer.Rights ALL = (_, _) -> Optional.empty();
    private static final ControlServer.Rights LOOK = (request, _) -> request.isChange()
            ? Optional.of(new Reply.Refusal("forbidden", "may only look"))
            : Optional.empty();

    @TempDir
    private Path folder;
    private CacheLayout layout;
    private ControlServer server;

    @BeforeEach
    void listens() throws IOException {
        layout = CacheLayout.of(folder);
        Files.createDirectories(layout.ours());
        Path socket = folder.resolve("s");
        StateFile.write(layout.daemonFile(), Map.of("socket", socket.toString()));
        server = ControlServer.listen(socket, this::answer, ALL);
    }

    @AfterEach
    void closes() throws IOException {
        server.close();
    }

    private Reply answer(ControlRequest request, Peer peer, ControlServer.Lines lines) throws IOException {
        if (request instanceof ControlRequest.Clean) {
            for (Reply reply : REPLIES) {
                if (!reply.isLast()) {
                    lines.send(reply);
                }
            }
        }
        return switch (request) {
            case ControlRequest.Retry _ -> throw new IOException("disk full");
            case ControlRequest.Discard _ -> throw new IllegalStateException("a bug");
            default -> new Reply.Done(request.toString());
        };
    }

    private List<Reply> ask(ControlRequest request) throws Exception {
        List<Reply> replies = new ArrayList<>();
        try (ControlClient client = ControlClient.ask(layout, request).orElseThrow()) {
            do {
                replies.add(client.next(SOON));
            } while (!replies.getLast().isLast());
        }
        return replies;
    }

    @Test
    void prefetch_ofMany_goesInLinesThatAreTaken() throws IOException {
        List<Handle> handles = new ArrayList<>();
        for (int i = 0; i < 450; i++) {
            // some are so long that a hundred of them are no line
            handles.add(Handle.of("/svr/" + "x".repeat(i < 200 ? 1 : 2000), "p" + i, Optional.of("1.0"),
                    OptionalInt.empty()));
        }
        List<Handle> taken = new ArrayList<>();
        for (ControlRequest.Prefetch batch : ControlRequest.Prefetch.batches(handles)) {
            byte[] line = Line.of(batch.toTree());
            assertTrue(line.length <= Line.MOST_OF_REQUEST, line.length + " bytes");
            ControlRequest parsed = ControlRequest
                    .parse(Line.read(new ByteArrayInputStream(line), Line.MOST_OF_REQUEST).orElseThrow());
            taken.addAll(assertInstanceOf(ControlRequest.Prefetch.class, parsed).handles());
        }
        assertEquals(handles, taken);
        assertEquals(List.of(), ControlRequest.Prefetch.batches(List.of()));
        for (int size : List.of(0, 101)) {
            Map<String, Object> tree = new ControlRequest.Prefetch(handles.subList(0, size)).toTree();
            assertThrows(ProtocolException.class, () -> ControlRequest.parse(tree));
        }
    }

    @ParameterizedTest
    @FieldSource("REQUESTS")
    void request_printedAndParsed_isTheSame(ControlRequest request) throws IOException {
        var line = new ByteArrayInputStream(Line.of(request.toTree()));
        assertEquals(request, ControlRequest.parse(Line.read(line, Line.MOST_OF_REQUEST).orElseThrow()));
    }

    @ParameterizedTest
    @FieldSource("REPLIES")
    void reply_printedAndParsed_isTheSame(Reply reply) throws IOException {
        var line = new ByteArrayInputStream(Line.of(reply.toTree()));
        assertEquals(reply, Reply.parse(Line.read(line, Line.MOST_OF_REPLY).orElseThrow()));
    }

    @Test
    void ask_whatIsAnswered_arrivesInOrder() throws Exception {
        assertEquals(List.of(new Reply.Done("Status[]")), ask(new ControlRequest.Status()));
        List<Reply> expected = new ArrayList<>(REPLIES.stream().filter(reply -> !reply.isLast()).toList());
        expected.add(new Reply.Done("Clean[]"));
        assertEquals(expected, ask(new ControlRequest.Clean()));
        assertEquals(List.of(new Reply.Refusal("failed", "java.io.IOException: disk full")),
                ask(new ControlRequest.Retry(Optional.empty())));
        assertEquals(
                List.of(new Reply.Refusal("failed",
                        "a bug in the daemon: java.lang.IllegalStateException: a bug")),
                ask(new ControlRequest.Discard(Optional.empty())));
    }

    @Test
    void watch_whatIsTold_arrivesUntilTheEnd() throws Exception {
        try (ControlClient client = ControlClient.ask(layout, new ControlRequest.Watch()).orElseThrow()) {
            assertEquals(new Reply.Watching(), client.next(SOON));
            assertTrue(server.isWatched());
            REPLIES.subList(2, 6).forEach(server::tell);
            for (Reply reply : REPLIES.subList(2, 6)) {
                assertEquals(reply, client.next(SOON));
            }
            assertEquals(new Reply.Alive(), client.next(SOON));
            server.tell(new Reply.Stopping());
            assertEquals(new Reply.Stopping(), client.next(SOON));
            assertThrows(DaemonEndedException.class, () -> client.next(SOON));
        }
    }

    @Test
    void watch_readerThatDoesNotRead_isDroppedAndHoldsUpNobody() throws Exception {
        try (SocketChannel stuck = raw("{\"protocol\": 1, \"command\": \"watch\"}\n")) {
            await("it watches", server::isWatched);
            Reply words = new Reply.Cleaned(false, "x".repeat(1000));
            for (int i = 0; i < 1000; i++) {
                server.tell(words); // more than a socket holds, less than what may wait
            }
            await("the thread of the watcher is stuck", ControlTest::isWriting);
            for (int i = 0; i < 2000; i++) {
                server.tell(words);
            }
            assertEquals(List.of(new Reply.Done("Status[]")), ask(new ControlRequest.Status()));
            await("it is dropped", () -> !server.isWatched());
            assertTrue(stuck.isOpen());
        }
    }

    @Test
    void close_watcherThatDoesNotRead_endsInTime() throws Exception {
        try (SocketChannel stuck = raw("{\"protocol\": 1, \"command\": \"watch\"}\n")) {
            await("it watches", server::isWatched);
            for (int i = 0; i < 1000; i++) {
                server.tell(new Reply.Cleaned(false, "x".repeat(1000)));
            }
            await("the thread of the watcher is stuck", ControlTest::isWriting);
            long begin = System.nanoTime();
            server.close();
            Duration took = Duration.ofNanos(System.nanoTime() - begin);
            assertTrue(took.compareTo(Duration.ofSeconds(3)) < 0, took::toString);
            assertTrue(stuck.isOpen());
        }
    }

    @Test
    void request_neverSent_isAnsweredWithALineThatSaysSo() throws IOException {
        try (SocketChannel channel = raw("{\"protocol\"")) {
            assertEquals(new Reply.Refusal("protocol", "nothing was asked within 10 s"), reply(channel));
        }
    }

    @Test
    void answer_readerThatDoesNotRead_letsWhatWasAskedComeToItsEnd() throws Exception {
        server.close();
        CountDownLatch done = new CountDownLatch(1);
        server = ControlServer.listen(server.path(), (_, _, lines) -> {
            try {
                while (true) {
                    lines.send(new Reply.Cleaned(false, "x".repeat(1000)));
                }
            } finally {
                done.countDown();
            }
        }, ALL);
        try (SocketChannel stuck = raw("{\"protocol\": 1, \"command\": \"clean\"}\n")) {
            assertTrue(done.await(SOON.toSeconds(), TimeUnit.SECONDS), "it waits for a client for ever");
            assertTrue(stuck.isOpen());
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, what);
            Thread.onSpinWait();
        }
    }

    /** Many times in a row: once it may just be writing. */
    private static boolean isWriting() {
        return IntStream.range(0, 100).allMatch(_ -> Thread.getAllStackTraces().entrySet().stream()
                .filter(each -> each.getKey().getName().equals("control-client"))
                .anyMatch(each -> Arrays.toString(each.getValue()).contains("SocketChannelImpl.write")));
    }

    @Test
    void close_watcherThatReads_getsAllThatWasToldAndHearsOfTheEnd() throws Exception {
        try (ControlClient client = ControlClient.ask(layout, new ControlRequest.Watch()).orElseThrow()) {
            assertEquals(new Reply.Watching(), client.next(SOON));
            List<Reply> told = IntStream.range(0, 1000)
                    .mapToObj(i -> (Reply) new Reply.Cleaned(false, "Deleted " + i)).toList();
            told.forEach(server::tell);
            server.close();
            for (Reply reply : told) {
                assertEquals(reply, client.next(SOON));
            }
            assertEquals(new Reply.Stopping(), client.next(SOON));
        }
    }

    @Test
    void close_anotherServerHasTakenThePlace_leavesItsSocket() throws Exception {
        ControlServer later = ControlServer.listen(server.path(), this::answer, ALL);
        try {
            server.close();
            assertEquals(List.of(new Reply.Done("Status[]")), ask(new ControlRequest.Status()));
        } finally {
            later.close();
        }
        assertFalse(Files.exists(server.path()));
    }

    @Test
    void listen_socket_otherUsersMayConnect() throws IOException {
        assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(server.path())));
    }

    @Test
    void connections_tooMany_oneIsToldSo_andServedWhenOthersHaveGone() throws Exception {
        List<ControlClient> watching = new ArrayList<>();
        try {
            for (int i = 0; i < 64; i++) {
                watching.add(ControlClient.ask(layout, new ControlRequest.Watch()).orElseThrow());
                assertEquals(new Reply.Watching(), watching.getLast().next(SOON));
            }
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.path()))) {
                assertEquals("busy", assertInstanceOf(Reply.Refusal.class, reply(channel)).kind());
            }
        } finally {
            for (ControlClient client : watching) {
                client.close();
            }
        }
    }

    private static Reply reply(SocketChannel channel) throws IOException {
        return Reply.parse(Line.read(Channels.newInputStream(channel), Line.MOST_OF_REPLY).orElseThrow());
    }

    private SocketChannel raw(String text) throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(server.path()));
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return channel;
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello\n", "\n", "[]\n", "{}\n", "{\"protocol\": 2, \"command\": \"status\"}\n",
            "{\"protocol\": 1, \"command\": \"dance\"}\n", "{\"protocol\": 1}\n",
            "{\"protocol\": 1, \"command\": \"remove\"}\n",
            "{\"protocol\": 1, \"command\": \"remove\", \"handle\": 3}\n",
            "{\"protocol\": \"1\"}\n"})
    void hostileLine_isAnsweredWithOneLineThatSaysWhatIsWrong(String line) throws IOException {
        try (SocketChannel channel = raw(line)) {
            var in = Channels.newInputStream(channel);
            Reply reply = Reply.parse(Line.read(in, Line.MOST_OF_REPLY).orElseThrow());
            assertEquals("protocol", assertInstanceOf(Reply.Refusal.class, reply).kind());
            assertEquals(Optional.empty(), Line.read(in, Line.MOST_OF_REPLY));
        }
    }

    @Test
    void hostileLine_tooLongOrTooDeep_isRefused() throws IOException {
        for (String line : List.of("x".repeat(1 << 17), "[".repeat(60_000) + "\n")) {
            var in = new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8));
            assertThrows(ProtocolException.class, () -> Line.read(in, Line.MOST_OF_REQUEST));
        }
    }

    @Test
    void ask_nobodyListens_isEmpty() throws Exception {
        server.close();
        assertEquals(Optional.empty(), ControlClient.ask(layout, new ControlRequest.Status()));
        StateFile.write(layout.daemonFile(), Map.of("pid", 1));
        assertEquals(Optional.empty(), ControlClient.ask(layout, new ControlRequest.Status()));
        Files.delete(layout.daemonFile());
        assertEquals(Optional.empty(), ControlClient.ask(layout, new ControlRequest.Status()));
    }

    @Test
    void next_daemonThatSaysNothing_isSilent() throws Exception {
        try (ControlClient client = ControlClient.ask(layout, new ControlRequest.Watch()).orElseThrow()) {
            assertEquals(new Reply.Watching(), client.next(SOON));
            assertThrows(SilentDaemonException.class, () -> client.next(Duration.ofMillis(50)));
        }
    }

    @Test
    void ask_userWhoMayOnlyLook_isRefusedChanges() throws Exception {
        server.close();
        server = ControlServer.listen(server.path(), this::answer, LOOK);
        assertEquals(List.of(new Reply.Done("Status[]")), ask(new ControlRequest.Status()));
        for (ControlRequest request : REQUESTS) {
            if (request.isChange()) {
                assertEquals("forbidden", assertInstanceOf(Reply.Refusal.class, ask(request).getFirst()).kind());
            }
        }
    }
}
