package io.rezpkgcached.daemon;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;

/** SIGHUP, by which a service is asked to read its configuration again. */
final class Hangup {
    private static final Path STDIN = Path.of("/proc/self/fd/0");

    private Hangup() {}

    /**
     * Has something run at each SIGHUP, on a thread of its own. In a terminal the signal goes on to end the process, since it then
     * says that the terminal has gone.
     */
    static void whenever(Runnable handler) {
        if (!isTerminal()) {
            handle(handler);
        }
    }

    /** By reflection, since javac warns of {@code sun.misc.Signal} and lets nobody suppress that; Java has no other way. */
    private static void handle(Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> listener = Class.forName("sun.misc.SignalHandler");
            MethodHandle run = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class)).bindTo(handler);
            Object onSignal = MethodHandleProxies.asInterfaceInstance(listener,
                    MethodHandles.dropArguments(run, 0, signal));
            Object _ = signal.getMethod("handle", signal, listener).invoke(null,
                    signal.getConstructor(String.class).newInstance("HUP"), onSignal);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the Java that runs this has no module jdk.unsupported", e);
        }
    }

    private static boolean isTerminal() {
        try {
            String name = Files.readSymbolicLink(STDIN).toString();
            return name.startsWith("/dev/pts/") || name.startsWith("/dev/tty") || name.equals("/dev/console");
        } catch (IOException _) {
            return false;
        }
    }
}
