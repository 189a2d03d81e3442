package io.rezpkgcached.client;

import io.rezpkgcached.cache.handle.Handle;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Variants that somebody waits for, and what is to be expected of each. Is told how much time has passed, and never waits
 * itself. One that was seen cached is not looked at again before all others are decided.
 */
final class Awaited {
    /** From one file to the next of whoever requests or caches it takes milliseconds. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private final List<Handle> variants;
    private final Outlook outlook;
    private final Map<Handle, Duration> unasked = new HashMap<>();
    private final Map<Handle, Outlook.Expected> expected = new LinkedHashMap<>();

    Awaited(List<Handle> variants, Outlook outlook) {
        this.variants = List.copyOf(variants);
        this.outlook = outlook;
    }

    /** @param passed since the beginning; never less than at the last look */
    void look(Duration passed) throws IOException {
        boolean wasOver = !expected.isEmpty() && isOver();
        look(passed, wasOver);
        if (!wasOver && isOver()) {
            look(passed, true); // a clean may have removed one meanwhile
        }
    }

    private void look(Duration passed, boolean again) throws IOException {
        Set<Handle> requested = outlook.requested();
        for (Handle handle : variants) {
            if (again || !(expected.get(handle) instanceof Outlook.Expected.Cached)) {
                expected.put(handle, decide(handle, outlook.of(handle, requested), passed));
            }
        }
    }

    private Outlook.Expected decide(Handle handle, Outlook.Expected found, Duration passed) {
        if (!(found instanceof Outlook.Expected.Unasked)) {
            unasked.remove(handle);
            return found;
        }
        Duration since = unasked.computeIfAbsent(handle, _ -> passed);
        return passed.minus(since).compareTo(GRACE) > 0
                ? new Outlook.Expected.Never("neither cached nor requested: declined by rez's rules (the log says why),"
                        + " or never asked for")
                : found;
    }

    /** Whether nothing is to be expected any more. */
    boolean isOver() {
        return cached() + count(Outlook.Expected.Never.class) == variants.size();
    }

    int size() {
        return variants.size();
    }

    long cached() {
        return count(Outlook.Expected.Cached.class);
    }

    long copying() {
        return count(Outlook.Expected.Copying.class);
    }

    long requested() {
        return count(Outlook.Expected.Requested.class);
    }

    private long count(Class<? extends Outlook.Expected> kind) {
        return expected.values().stream().filter(kind::isInstance).count();
    }

    /** What was found at the last look, in the order of the variants. */
    Map<Handle, Outlook.Expected> expected() {
        return expected;
    }
}
