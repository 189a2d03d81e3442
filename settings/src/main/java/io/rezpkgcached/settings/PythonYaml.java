package io.rezpkgcached.settings;

import java.io.Reader;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** SnakeYAML's safe constructor, telling the types of unquoted values apart as the PyYAML inside rez does. */
final class PythonYaml {

    private static final int MAX_VALUES = 100_000;
    private static final int MAX_DEPTH = 50;

    private final PlainConstructor constructor;
    private final Yaml yaml;

    PythonYaml(LoaderOptions limits) {
        DumperOptions dumper = new DumperOptions();
        this.constructor = new PlainConstructor(limits);
        this.yaml = new Yaml(constructor, new Representer(dumper), dumper, limits, new PythonResolver());
    }

    /** The tree of the one document in a text; null where there is none. */
    Node compose(Reader text) {
        return yaml.compose(text);
    }

    /** The pairs of a mapping, with those that {@code <<} merges into it. */
    List<NodeTuple> flattened(MappingNode mapping) {
        constructor.flatten(mapping);
        return mapping.getValue();
    }

    /**
     * The plain value of a node.
     *
     * @throws YAMLException if it has a tag that only Python understands, or is larger than a setting can be, as it becomes where
     *         aliases multiply themselves
     */
    Object value(Node node) {
        return new Copy().of(constructor.construct(node), 0);
    }

    private static final class Copy {

        private int values;

        private Object of(Object value, int depth) {
            values++;
            if (values > MAX_VALUES || depth > MAX_DEPTH) {
                throw new YAMLException("it is too large, or holds itself");
            }
            return switch (value) {
                case Integer number -> number.longValue();
                case BigInteger number -> PythonScalar.fitted(number);
                case List<?> list -> {
                    List<Object> result = new ArrayList<>();
                    list.forEach(item -> result.add(of(item, depth + 1)));
                    yield result;
                }
                case Map<?, ?> map -> {
                    Map<Object, Object> result = new LinkedHashMap<>();
                    map.forEach((key, item) -> result.put(of(key, depth + 1), of(item, depth + 1)));
                    yield result;
                }
                case null, default -> value;
            };
        }
    }

    private static final class PlainConstructor extends SafeConstructor {

        PlainConstructor(LoaderOptions limits) {
            super(limits);
        }

        Object construct(Node node) {
            return constructDocument(node);
        }

        void flatten(MappingNode mapping) {
            flattenMapping(mapping);
        }
    }

    /** The patterns of YAML 1.1 in the form that PyYAML gives them: 1e3 is text there, and so is 08. */
    private static final class PythonResolver extends Resolver {

        private static final Pattern FLOAT_LIKE_PYTHON = Pattern
                .compile("[-+]?[0-9][0-9_]*\\.[0-9_]*(?:[eE][-+][0-9]+)?"
                        + "|\\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\\.[0-9_]*"
                        + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
        private static final Pattern INT_LIKE_PYTHON = Pattern.compile("[-+]?0b[0-1_]+|[-+]?0[0-7_]+"
                + "|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.FLOAT, FLOAT_LIKE_PYTHON, "-+0123456789.");
            addImplicitResolver(Tag.INT, INT_LIKE_PYTHON, "-+0123456789");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
            addImplicitResolver(Tag.TIMESTAMP, TIMESTAMP, "0123456789");
        }
    }
}
