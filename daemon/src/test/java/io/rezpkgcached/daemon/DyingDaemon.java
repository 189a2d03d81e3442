package io.rezpkgcached.daemon;

import io.rezpkgcached.cache.layout.CacheLayout;
import io.rezpkgcached.cache.layout.CacheWalk;
import io.rezpkgcached.cache.publish.Step;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** The daemon, killed by SIGKILL when some step was done for so many times: {@code STEP TIMES keep|delete WORDS...}. */
final class DyingDaemon {
    private static final int SIGKILL = 9;

    private DyingDaemon() {}

    @SuppressWarnings("restricted")
    public static void main(String[] words) throws Exception {
        Step last = Step.valueOf(words[0]);
        AtomicInteger left = new AtomicInteger(Integer.parseInt(words[1]));
        boolean requestsGo = words[2].equals("delete");
        if (!(Arguments.parse(Arrays.copyOfRange(words, 3, words.length)) instanceof Arguments.Serve arguments)) {
            throw new IllegalArgumentException(Arrays.toString(words));
        }
        Linker linker = Linker.nativeLinker();
        MethodHandle kill = linker.downcallHandle(linker.defaultLookup().find("kill").orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        int pid = (int) ProcessHandle.current().pid();
        CacheDaemon.Manner dying = new CacheDaemon.Manner(step -> {
            if (step == last && left.decrementAndGet() == 0) {
                if (requestsGo) {
                    deleteRequests(arguments.cache().orElseThrow());
                }
                try {
                    int _ = (int) kill.invokeExact(pid, SIGKILL);
                } catch (Throwable e) {
                    throw new AssertionError(e);
                }
            }
        }, Workers.HUNG_AFTER, false);
        System.exit(Foreground.of(arguments, dying, () -> {}).run());
    }

    private static void deleteRequests(Path cache) throws IOException {
        for (Path file : CacheWalk.children(CacheLayout.of(cache).pending())) {
            Files.delete(file);
        }
    }
}
