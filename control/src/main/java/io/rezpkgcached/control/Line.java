package io.rezpkgcached.control;

import io.rezpkgcached.cache.json.Json;
import io.rezpkgcached.cache.json.JsonException;
import io.rezpkgcached.cache.layout.StateFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** One message: a JSON object on a line of its own, with the number of the protocol in it. */
final class Line {
    /** 1 is the first there ever was. It changes when an old client could misunderstand a daemon, or the other way round. */
    static final int PROTOCOL = 1;

    /** Of a request: a handle has a few hundred bytes. */
    static final int MOST_OF_REQUEST = 1 << 16;

    /** Of a reply: the status names all copies under way. */
    static final int MOST_OF_REPLY = 1 << 20;

    private Line() {}

    static byte[] of(Map<String, Object> object) {
        return (Json.write(object) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The next object; empty at the end of the stream.
     *
     * @param most bytes of a line
     */
    static Optional<Map<String, Object>> read(InputStream in, int most) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                if (line.size() > 0) {
                    throw new ProtocolException("the line ends early");
                }
                return Optional.empty();
            }
            if (line.size() == most) {
                throw new ProtocolException("the line is longer than " + most + " bytes");
            }
            line.write(b);
        }
        try {
            return Optional.of(StateFile.object(Json.read(line.toByteArray()))
                    .orElseThrow(() -> new ProtocolException("the line is no JSON object")));
        } catch (JsonException e) {
            throw new ProtocolException("the line is no JSON: " + e.getMessage(), e);
        }
    }

    static void checkProtocol(Map<String, Object> object) throws ProtocolException {
        if (!(object.get("protocol") instanceof Long number) || number != PROTOCOL) {
            throw new ProtocolException(
                    "protocol " + Json.write(object.get("protocol")) + "; this one speaks " + PROTOCOL);
        }
    }
}
