package io.rezpkgcached.settings;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML configuration file of rez.
 *
 * <p>Only wanted settings are turned into values, so that a tag of Python's under another name is not our concern.
 */
record YamlFile(Set<String> names) implements FileFormat {

    private static final int MAX_CODE_POINTS = 4 << 20;
    private static final int MAX_DEPTH = 50;
    private static final int MAX_ALIASES = 100;

    YamlFile {
        names = Set.copyOf(names);
    }

    @Override
    public Layer read(Path file, String text) throws BadValue {
        PythonYaml yaml = new PythonYaml(limits());
        try {
            Node root = yaml.compose(new StringReader(text));
            return switch (root) {
                case null -> Layer.EMPTY;
                case MappingNode mapping -> layer(file, yaml, mapping);
                default -> empty(yaml, root);
            };
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            throw new BadValue((mark == null ? 1 : mark.getLine() + 1) + ": is not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new BadValue("1: is not YAML: " + e.getMessage());
        }
    }

    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setAllowDuplicateKeys(true);
        options.setAllowRecursiveKeys(false);
        // Tags are let through the tree so that one elsewhere in the file does no harm; the constructor makes nothing of them.
        options.setTagInspector(_ -> true);
        return options;
    }

    private Layer layer(Path file, PythonYaml yaml, MappingNode root) {
        Map<String, Raw> values = new LinkedHashMap<>();
        for (NodeTuple tuple : yaml.flattened(root)) {
            if (tuple.getKeyNode() instanceof ScalarNode key && key.getTag().equals(Tag.STR)
                    && names.contains(key.getValue())) {
                Origin origin = new Origin.FileLine(file, key.getStartMark().getLine() + 1);
                values.put(key.getValue(), raw(yaml, tuple.getValueNode(), origin));
            }
        }
        return new Layer(values);
    }

    private static Raw raw(PythonYaml yaml, Node node, Origin origin) {
        try {
            return new Raw.Known(yaml.value(node), origin);
        } catch (MarkedYAMLException e) {
            return new Raw.Unknown("it has a YAML tag that only Python understands", origin);
        } catch (YAMLException e) {
            return new Raw.Unknown(e.getMessage(), origin);
        }
    }

    /** rez takes everything that is false in Python for an empty file. */
    private static Layer empty(PythonYaml yaml, Node root) throws BadValue {
        Object value = yaml.value(root);
        if (Truth.of(value)) {
            throw new BadValue((root.getStartMark().getLine() + 1) + ": must hold pairs of names and values, not "
                    + Rendering.text(value));
        }
        return Layer.EMPTY;
    }
}
