package io.rezpkgcached.cache.add;

import io.rezpkgcached.cache.layout.Entry;
import io.rezpkgcached.cache.records.CopyRecord;
import java.time.Duration;
import java.util.List;

/** How the wish to have a variant cached ended. */
public sealed interface AddOutcome {
    /**
     * It was copied.
     *
     * @param took until it could be used
     */
    record Cached(Entry entry, CopyRecord record, Duration took, List<String> warnings) implements AddOutcome {
        public Cached {
            warnings = List.copyOf(warnings);
        }
    }

    /** It was cached before. */
    record AlreadyCached(Entry entry) implements AddOutcome {}

    /** Somebody else is copying it. */
    record Copying(Entry entry) implements AddOutcome {}

    /** A copy of it stalled; it is not copied again until a clean has removed that. */
    record Stalled(Entry entry) implements AddOutcome {}

    /** Not cached by rez's own rules; the reason is in rez's words. */
    record Declined(String reason) implements AddOutcome {}

    /** Not served because of what the request, or the definition that it names, is. */
    record Refused(String reason) implements AddOutcome {}

    /** Cannot be served now, through no fault of the variant: no space, no repository, no lock. */
    record NotNow(String reason) implements AddOutcome {}

    /** The copy failed, and may succeed another time. Nothing of it is in the cache. */
    record Failed(String reason) implements AddOutcome {}

    /** The copy failed for good: it was the last try, or can never succeed. The entry stalls, if there was one. */
    record GivenUp(String reason) implements AddOutcome {}

    /** The copy was cancelled from outside. Nothing of it is in the cache. */
    record Cancelled() implements AddOutcome {}
}
