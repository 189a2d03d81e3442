package io.rezpkgcached.resolve.server;

import net.spy.memcached.compat.log.AbstractLogger;
import net.spy.memcached.compat.log.Level;

/** Keeps spymemcached from writing to stderr, at every try: what there is to say the {@link ServerPool} says, once. */
public final class Quiet extends AbstractLogger {
    /** The system property by which spymemcached finds its logger. */
    static final String PROPERTY = "net.spy.log.LoggerImpl";

    /** Made by spymemcached. */
    public Quiet(String name) {
        super(name);
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return false;
    }

    @Override
    public void log(Level level, Object message, Throwable exception) {
        // see above
    }
}
