package io.rezpkgcached.resolve.key;

import io.rezpkgcached.cache.python.PythonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Package orderers, hashed as rez does. Source: {@code package_order.py} of rez 3.4.0. */
public final class PackageOrderers {
    private static final int DEEPEST = 20;

    private PackageOrderers() {}

    /**
     * The hash in a key; empty where there is no orderer.
     *
     * @param orderers dictionaries, as in the setting {@code package_orderers} or in a context
     * @throws UnprintableException if one is of a kind that rez does not come with
     */
    public static String hash(List<?> orderers) throws UnprintableException {
        if (orderers.isEmpty()) {
            return "";
        }
        StringBuilder hashes = new StringBuilder();
        for (Object orderer : orderers) {
            Printed printed = print(orderer, 0);
            hashes.append(Digests.sha1(printed.type() + "(" + printed.text() + ")"));
        }
        return Digests.sha1(hashes.toString());
    }

    /** The name of rez's class, and what its {@code str} gives. */
    private record Printed(String type, String text) {}

    private static Printed print(Object orderer, int depth) throws UnprintableException {
        if (depth > DEEPEST) {
            throw new UnprintableException("package orderers in each other, deeper than " + DEEPEST);
        }
        Object type;
        Map<?, ?> data;
        if (orderer instanceof Map<?, ?> map) {
            type = map.get("type");
            data = map;
        } else if (orderer instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof Map<?, ?> map) {
            type = pair.get(0); // an older form
            data = map;
        } else {
            throw new UnprintableException("a package orderer that is no dictionary");
        }
        return switch (String.valueOf(type)) {
            case "no_order" -> new Printed("NullPackageOrder", "{}");
            case "sorted" -> new Printed("SortedOrder", truth(data, "descending"));
            case "version_split" -> new Printed("VersionSplitPackageOrder", text(data, "first_version"));
            case "soft_timestamp" -> new Printed("TimestampPackageOrder",
                    "(" + whole(data, "timestamp") + ", " + (data.containsKey("rank") ? whole(data, "rank") : "0")
                            + ")");
            case "per_family" -> new Printed("PerFamilyOrder", perFamily(data, depth));
            default ->
                throw new UnprintableException("a package orderer of type " + type + ", which rez does not come with");
        };
    }

    private static String perFamily(Map<?, ?> data, int depth) throws UnprintableException {
        if (!(data.get("orderers") instanceof List<?> orderers)) {
            throw missing("orderers");
        }
        Map<String, String> byFamily = new TreeMap<>(PackageFilters::byCodePoint);
        for (Object each : orderers) {
            if (!(each instanceof Map<?, ?> orderer && orderer.get("packages") instanceof List<?> families)) {
                throw missing("packages");
            }
            String text = print(orderer, depth + 1).text();
            for (Object family : families) {
                byFamily.put(String.valueOf(family), text);
            }
        }
        Object otherwise = data.get("default_order");
        boolean none = otherwise == null || (otherwise instanceof Map<?, ?> map && map.isEmpty());
        List<String> items = new ArrayList<>();
        byFamily.forEach(
                (family, text) -> items.add("(" + PythonText.repr(family) + ", " + PythonText.repr(text) + ")"));
        return "(" + items.stream().collect(Collectors.joining(", ", "[", "]")) + ", "
                + PythonText.repr(none ? "None" : print(otherwise, depth + 1).text()) + ")";
    }

    private static String truth(Map<?, ?> data, String name) throws UnprintableException {
        if (data.get(name) instanceof Boolean value) {
            return value ? "True" : "False";
        }
        throw missing(name);
    }

    private static String text(Map<?, ?> data, String name) throws UnprintableException {
        if (data.get(name) instanceof String value) {
            return value;
        }
        throw missing(name);
    }

    private static String whole(Map<?, ?> data, String name) throws UnprintableException {
        if (data.get(name) instanceof Long || data.get(name) instanceof Integer) {
            return String.valueOf(data.get(name));
        }
        throw missing(name);
    }

    private static UnprintableException missing(String name) {
        return new UnprintableException(
                "a package orderer without " + name + ", or with one of another kind than rez writes");
    }
}
