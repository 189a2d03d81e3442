package io.rezpkgcached.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the files read so far say, by setting; a later file goes over an earlier one as rez's {@code deep_update} does. */
record Layer(Map<String, Raw> values) {

    static final Layer EMPTY = new Layer(Map.of());

    Layer {
        values = Map.copyOf(values);
    }

    Layer with(Layer later) {
        Map<String, Raw> merged = new LinkedHashMap<>(values);
        later.values.forEach((name, raw) -> merged.put(name, merge(values.get(name), raw)));
        return new Layer(merged);
    }

    /** The settings of which no value can be told. */
    Set<String> unknown() {
        return values.entrySet().stream().filter(setting -> setting.getValue() instanceof Raw.Unknown)
                .map(Map.Entry::getKey).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Raw merge(Raw earlier, Raw later) {
        return switch (later) {
            case Raw.Unknown unknown -> unknown;
            case Raw.Modify modify -> modified(earlier, modify);
            case Raw.Known(Map<?, ?> added, Origin origin) -> switch (earlier) {
                case Raw.Known(Map<?, ?> base, Origin _) -> new Raw.Known(merge(base, added), origin);
                // What a dictionary was computed to be still shows through in the keys that the later file leaves alone.
                case Raw.Unknown unknown -> unknown;
                case null, default -> later;
            };
            case Raw.Known known -> known;
        };
    }

    private static Raw modified(Raw earlier, Raw.Modify modify) {
        List<Object> list = new ArrayList<>(modify.prepend());
        switch (earlier) {
            case null -> {
                // Nothing before: the same as an empty list.
            }
            case Raw.Known(List<?> base, Origin _) -> list.addAll(base);
            case Raw.Known(Object base, Origin _) -> {
                if (base != null) {
                    return new Raw.Unknown("ModifyList is applied to something that is not a list", modify.origin());
                }
            }
            case Raw.Unknown unknown -> {
                return unknown;
            }
            case Raw.Modify(List<?> prepend, List<?> append, Origin _) -> {
                list.addAll(prepend);
                list.addAll(append);
            }
        }
        list.addAll(modify.append());
        return new Raw.Known(list, modify.origin());
    }

    private static Map<Object, Object> merge(Map<?, ?> earlier, Map<?, ?> later) {
        Map<Object, Object> merged = new LinkedHashMap<>(earlier);
        later.forEach((key, value) -> merged.put(key,
                merged.get(key) instanceof Map<?, ?> base && value instanceof Map<?, ?> added
                        ? merge(base, added)
                        : value));
        return merged;
    }
}
