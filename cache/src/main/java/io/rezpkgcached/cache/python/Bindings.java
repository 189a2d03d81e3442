package io.rezpkgcached.cache.python;

import io.rezpkgcached.cache.python.PythonValue.Computed;
import io.rezpkgcached.cache.python.PythonValue.Literal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the module's names hold as its statements pass by, in their order.
 *
 * <p>A list or dictionary that any running code mentions is computed from then on: the code could have changed it. What functions and
 * other deferred code do may happen at any time, so it holds whatever the file assigns later.
 */
final class Bindings {
    private Map<String, PythonValue> values = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final IdentityHashMap<Object, List<String>> holders = new IdentityHashMap<>();
    private final Map<String, List<Object>> everHeld = new HashMap<>();
    private final Set<String> mentioned = new LinkedHashSet<>();
    private final Map<String, List<FunctionCode>> functions = new LinkedHashMap<>();
    private final Map<String, Computed> always = new HashMap<>();
    private final Map<String, Computed> deferred = new HashMap<>();
    private Optional<Computed> unbound = Optional.empty();
    private Optional<Computed> everything = Optional.empty();

    void bind(String name, PythonValue value) {
        values.put(name, value);
        names.add(name);
        if (value instanceof Literal(Object held, int _) && isMutable(held)) {
            // 'a = b = []' makes one list with two names. That a is bound anew changes nothing for b: it may not have run.
            holders.computeIfAbsent(held, _ -> new ArrayList<>()).add(name);
            everHeld.computeIfAbsent(name, _ -> new ArrayList<>()).add(held);
        }
    }

    boolean binds(String name) {
        return names.contains(name);
    }

    void function(FunctionCode function) {
        functions.computeIfAbsent(function.name(), _ -> new ArrayList<>()).add(function);
        bind(function.name(), new Computed(function.line(), "a function"));
    }

    /** Notes that running code names this name; {@code later} where the code may run at any later time. */
    void mention(String name, int line, boolean later) {
        mentioned.add(name);
        Computed changed = new Computed(line, "its list or dictionary is used by other code, which may change it");
        if (later) {
            deferred.putIfAbsent(name, changed);
        }
        touch(name, changed);
    }

    private void touch(String name, Computed changed) {
        List<Object> held = everHeld.remove(name);
        for (Object object : held == null ? List.of() : held) {
            List<String> names = holders.remove(object);
            for (String holder : names == null ? List.<String>of() : names) {
                values.computeIfPresent(holder, (_, value) -> holds(value, object) ? changed : value);
            }
        }
    }

    // Two equal lists are not one list.
    @SuppressWarnings("ReferenceEquality")
    private static boolean holds(PythonValue value, Object held) {
        return value instanceof Literal(Object same, int _) && same == held;
    }

    private static boolean isMutable(Object value) {
        return value instanceof List || value instanceof Map;
    }

    /** From here on every name may have been set, until it is assigned again. */
    void anythingSet(Computed by) {
        values = new HashMap<>();
        unbound = Optional.of(by);
    }

    /** Every name may be set at any time. */
    void anythingSetLater(Computed by) {
        everything = everything.or(() -> Optional.of(by));
    }

    /** This name is set at the end, or at any time, whatever the file assigns. */
    void alwaysSet(String name, Computed by) {
        names.add(name);
        always.putIfAbsent(name, by);
    }

    /** Applies what functions and deferred code may do. */
    void finish() {
        Deque<FunctionCode> running = new ArrayDeque<>();
        List.copyOf(functions.values()).forEach(same -> same.stream().filter(FunctionCode::runs).forEach(running::add));
        for (String name : mentioned) {
            running.addAll(called(name));
        }
        while (!running.isEmpty()) {
            FunctionCode function = running.remove();
            run(function);
            for (String name : function.names()) {
                running.addAll(called(name));
            }
        }
        deferred.forEach(this::touch);
        values.putAll(always);
    }

    /** The functions of this name, the first time that somebody asks. */
    private List<FunctionCode> called(String name) {
        List<FunctionCode> code = functions.remove(name);
        return code == null ? List.of() : code;
    }

    private void run(FunctionCode function) {
        Computed by = new Computed(function.line(), "the function " + function.name() + " may set or change it");
        if (function.unbounded()) {
            anythingSetLater(by);
        }
        for (String name : function.globals()) {
            alwaysSet(name, by);
        }
        for (String name : function.names()) {
            deferred.putIfAbsent(name, by);
        }
    }

    Optional<PythonValue> get(String name) {
        Optional<PythonValue> known = Optional.ofNullable(values.get(name));
        return everything.<PythonValue>map(by -> by).or(() -> known).or(() -> unbound);
    }

    Set<String> names() {
        return Set.copyOf(names);
    }
}
