package io.rezpkgcached.daemon;

import java.util.Map;
import org.apache.logging.log4j.message.Message;

/**
 * A line of the log, with fields for those who search it: the journal keeps them, files have the text alone.
 *
 * @param fields by names that the journal takes: capitals, digits and underscores
 */
record LogLine(String text, Map<String, String> fields) implements Message {
    LogLine {
        fields = Map.copyOf(fields);
    }

    @Override
    public String getFormattedMessage() {
        return text;
    }

    @Override
    public Object[] getParameters() {
        return new Object[0];
    }

    @Override
    public Throwable getThrowable() {
        return null;
    }
}
