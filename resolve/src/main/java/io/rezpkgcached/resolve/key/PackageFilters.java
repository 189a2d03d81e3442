package io.rezpkgcached.resolve.key;

import io.rezpkgcached.cache.python.PythonText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Package filters, hashed as rez does. Source: {@code PackageFilterList} of rez 3.4.0. */
public final class PackageFilters {
    private PackageFilters() {}

    /**
     * The hash in a key; empty where nothing is excluded.
     *
     * @param filters dictionaries, as in the setting {@code package_filter} or in a context
     * @param printed whether they are a context's, in which rez printed them
     */
    public static String hash(List<?> filters, boolean printed) throws UnprintableException {
        List<Filter> parsed = new ArrayList<>();
        for (Object filter : filters) {
            if (!(filter instanceof Map<?, ?> rules)) {
                throw new UnprintableException("a package filter that is no dictionary");
            }
            parsed.add(new Filter(rules(rules, "excludes", printed), rules(rules, "includes", printed)));
        }
        if (parsed.stream().allMatch(filter -> filter.excludes().isEmpty())) {
            return "";
        }
        parsed.sort(Comparator.comparingDouble(Filter::cost).thenComparing(Filter::text, PackageFilters::byCodePoint));
        String texts = parsed.stream().map(filter -> "PackageFilter(" + filter.text() + ")")
                .collect(Collectors.joining(", ", "(", parsed.size() == 1 ? ",)" : ")"));
        return Digests.sha1(texts);
    }

    private static Map<Optional<String>, List<FilterRule>> rules(Map<?, ?> filter, String kind, boolean printed)
            throws UnprintableException {
        Object written = filter.get(kind);
        List<?> texts = written instanceof String text
                ? List.of(text)
                : written instanceof List<?> list ? list : List.of();
        Map<Optional<String>, List<FilterRule>> byFamily = new LinkedHashMap<>();
        for (Object text : texts) {
            if (!(text instanceof String rule)) {
                throw new UnprintableException("a rule of a package filter that is no text");
            }
            FilterRule parsed = FilterRule.parse(rule, printed);
            List<FilterRule> rules = byFamily.computeIfAbsent(parsed.family(), _ -> new ArrayList<>());
            rules.add(parsed);
            rules.sort(Comparator.comparingInt(FilterRule::cost));
        }
        return byFamily;
    }

    private record Filter(Map<Optional<String>, List<FilterRule>> excludes,
            Map<Optional<String>, List<FilterRule>> includes) {

        double cost() {
            double total = 0;
            for (Map.Entry<Optional<String>, List<FilterRule>> entry : excludes.entrySet()) {
                double cost = entry.getValue().stream().mapToInt(FilterRule::cost).sum();
                total += entry.getKey().filter(family -> !family.isEmpty()).isPresent() ? cost / 10 : cost;
            }
            return total;
        }

        String text() {
            return "(" + text(excludes) + ", " + text(includes) + ")";
        }

        private static String text(Map<Optional<String>, List<FilterRule>> rules) {
            return rules.entrySet().stream()
                    .sorted((one, other) -> byCodePoint(one.getKey().orElse(""), other.getKey().orElse("")))
                    .map(entry -> "(" + entry.getKey().map(PythonText::repr).orElse("None") + ", "
                            + entry.getValue().stream().map(FilterRule::text)
                                    .collect(Collectors.joining(", ", "[", "]"))
                            + ")")
                    .collect(Collectors.joining(", ", "[", "]"));
        }
    }

    /** As Python compares texts. */
    static int byCodePoint(String one, String other) {
        return java.util.Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
    }
}
