import io.rezpkgcached.resolve.ResolveCache;
import io.rezpkgcached.resolve.Verdict;
import io.rezpkgcached.resolve.key.RepositoryFolder;
import io.rezpkgcached.resolve.key.RequestFactory;
import io.rezpkgcached.resolve.key.ResolveRequest;
import io.rezpkgcached.settings.ResolveCacheSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** Looks one resolve up again and again, over one connection; run by resolve.sh with the jars of the distribution. */
final class Lookups {
    private Lookups() {}

    /** Takes the server, the repository, the request, and how often. */
    public static void main(String[] words) throws Exception {
        ResolveCacheSettings settings = new ResolveCacheSettings(List.of(words[0]), true, false, List.of(), List.of(),
                List.of(), true, Duration.ofSeconds(5));
        ResolveRequest request = new RequestFactory(settings, List.of(RepositoryFolder.of(Path.of(words[1]))))
                .of(List.of(words[2]), false, false, OptionalLong.empty());
        double[] milliseconds = new double[Integer.parseInt(words[3])];
        int variants = 0;
        try (ResolveCache cache = ResolveCache.open(settings, System.err::println).orElseThrow()) {
            for (int i = 0; i < milliseconds.length; i++) {
                long before = System.nanoTime();
                Verdict verdict = cache.lookup(request, false);
                milliseconds[i] = (System.nanoTime() - before) / 1e6;
                if (!(verdict instanceof Verdict.Hit hit)) {
                    throw new IllegalStateException("not a hit: " + verdict);
                }
                variants = hit.resolve().variants().size();
            }
            print("with the JVM's warm-up", variants, milliseconds);
            print("from the 1000th on", variants, Arrays.copyOfRange(milliseconds, 1000, milliseconds.length));
        }
    }

    private static void print(String which, int variants, double[] milliseconds) {
        double first = milliseconds[0];
        double all = Arrays.stream(milliseconds).sum();
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        System.out.printf(Locale.ROOT,
                "ours, %s: %d variants, median %.2f ms, 99%% %.2f ms, the first %.1f ms, %.0f lookups a second%n", which,
                variants, sorted[sorted.length / 2], sorted[sorted.length * 99 / 100], first,
                1000 * milliseconds.length / all);
    }
}
