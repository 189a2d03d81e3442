package io.rezpkgcached.cache.definition;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.ConstructorException;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a package.yaml; it makes nothing but plain values, within limits of size, nesting and repetition. */
final class YamlFile {
    private static final int MAX_NESTING = 100;
    private static final int MAX_ALIASES = 50;

    private YamlFile() {}

    static Reading read(Path file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            Object loaded = new Yaml(new SafeConstructor(options(bytes.length))).load(text);
            Map<Object, Object> values = new HashMap<>();
            if (loaded instanceof Map<?, ?> map) {
                map.forEach((name, value) -> {
                    if (Attributes.isRead(name)) {
                        values.put(name, value);
                    }
                });
            } else if (loaded != null) {
                return new Reading.Malformed(file, 1, "not a mapping of attributes");
            }
            if (loaded instanceof Map<?, ?> map && map.containsKey(Attributes.REDIRECTION)) {
                return new Reading.Malformed(file, 0,
                        "it sets " + Attributes.REDIRECTION + ", which leads out of the package");
            }
            return new Reading.Found(Attributes.definition(file, values));
        } catch (CharacterCodingException e) {
            return new Reading.Malformed(file, 0, "bytes that are not UTF-8");
        } catch (SchemaException e) {
            return new Reading.Malformed(file, 0, e.getMessage());
        } catch (ConstructorException e) {
            // rez makes tuples and the like of Python's own tags.
            return new Reading.NeedsCode(file, line(e), "a tag", e.getProblem());
        } catch (MarkedYAMLException e) {
            return new Reading.Malformed(file, line(e), e.getProblem());
        } catch (YAMLException e) {
            return new Reading.Malformed(file, 0, e.getMessage());
        }
    }

    private static LoaderOptions options(int bytes) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(bytes + 1);
        options.setNestingDepthLimit(MAX_NESTING);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        // All tags pass here, so that the constructor, which makes plain values only, names the one that it does not know.
        options.setTagInspector(_ -> true);
        return options;
    }

    private static int line(MarkedYAMLException e) {
        return e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
    }
}
