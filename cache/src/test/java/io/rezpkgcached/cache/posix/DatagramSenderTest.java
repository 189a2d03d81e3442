package io.rezpkgcached.cache.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.rezpkgcached.cache.testing.DatagramReceiver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatagramSenderTest {
    private static final Duration PATIENCE = Duration.ofMillis(200);

    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void send_toPathOrAbstractName_arrives() throws Exception {
        for (String address : List.of(folder.resolve("socket").toString(), "@" + folder)) {
            try (DatagramReceiver receiver = DatagramReceiver.at(address);
                    DatagramSender sender = DatagramSender.to(address, PATIENCE)) {
                sender.send(bytes("one"));
                sender.send(bytes("zw\u00f6lf"));
                assertEquals(List.of("one", "zw\u00f6lf"), receiver.texts());
            }
        }
    }

    @Test
    void send_withoutReceiver_fails() throws Exception {
        try (DatagramSender sender = DatagramSender.to(folder.resolve("none").toString(), PATIENCE)) {
            PosixException e = assertThrows(PosixException.class, () -> sender.send(bytes("x")));
            assertEquals(Errno.ENOENT, e.errno());
        }
    }

    @Test
    void send_toReceiverThatDoesNotRead_endsInTime() throws Exception {
        String address = folder.resolve("socket").toString();
        try (DatagramReceiver _ = DatagramReceiver.at(address);
                DatagramSender sender = DatagramSender.to(address, PATIENCE)) {
            assertThrows(PosixException.class, () -> {
                for (int i = 0; i < 10_000; i++) {
                    sender.send(bytes("x"));
                }
            });
        }
    }

    @Test
    void address_thatIsNone_isRefused() {
        assertThrows(IOException.class, () -> DatagramSender.to("relative", PATIENCE));
        assertThrows(IOException.class, () -> DatagramSender.to("/" + "x".repeat(108), PATIENCE));
    }
}
