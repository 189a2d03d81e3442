package io.rezpkgcached.resolve;

import io.rezpkgcached.cache.python.PythonModule;
import io.rezpkgcached.cache.python.PythonSyntaxException;
import io.rezpkgcached.cache.python.PythonValue;
import io.rezpkgcached.resolve.pickle.KnownClass;
import io.rezpkgcached.resolve.pickle.PickledObject;
import io.rezpkgcached.resolve.pickle.PickledTuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The graph of a resolve, as the object that rez keeps of it. Source: {@code read_graph_from_string} of rez 3.4.0, and the
 * {@code digraph} that it carries.
 */
public final class ResolveGraph {
    private final Map<Object, Object> properties = new LinkedHashMap<>();
    private final Map<Object, Object> edgeAttributes = new LinkedHashMap<>();
    private final Map<Object, Object> nodeAttributes = new LinkedHashMap<>();
    private final Map<Object, List<Object>> neighbours = new LinkedHashMap<>();
    private final Map<Object, List<Object>> incidence = new LinkedHashMap<>();

    private ResolveGraph() {}

    /**
     * Reads the graph of a context file.
     *
     * @throws IllegalArgumentException if it is not in rez's compact form
     */
    public static ResolveGraph parse(String compact) {
        ResolveGraph graph = new ResolveGraph();
        Map<?, ?> parts = literal(compact);
        for (Object group : list(parts.get("nodes"))) {
            List<Object> attributes = attributes(list(group).getFirst());
            for (Object node : list(list(group).getLast())) {
                graph.addNode(node, attributes);
            }
        }
        for (Object group : list(parts.get("edges"))) {
            List<Object> attributes = attributes(list(group).getFirst());
            for (Object edge : list(list(group).getLast())) {
                graph.addEdge(list(edge), attributes);
            }
        }
        return graph;
    }

    private static Map<?, ?> literal(String compact) {
        try {
            Optional<PythonValue> value = PythonModule.parse("graph = " + compact + "\n").get("graph");
            if (value.orElse(null) instanceof PythonValue.Literal(Map<?, ?> map, int _)) {
                return map;
            }
            throw unreadable();
        } catch (PythonSyntaxException e) {
            throw new IllegalArgumentException("its graph cannot be read: " + e.getMessage(), e);
        }
    }

    private void addNode(Object node, List<Object> attributes) {
        String name = node instanceof String text ? text : text(list(node).getFirst());
        List<Object> all = new ArrayList<>(attributes);
        if (!(node instanceof String)) {
            all.add(PickledTuple.of("label", quoted(list(node).getLast())));
        }
        nodeAttributes.put(name, all);
        neighbours.put(name, new ArrayList<>());
        incidence.put(name, new ArrayList<>());
    }

    private void addEdge(List<?> edge, List<Object> attributes) {
        if (edge.size() < 2 || !neighbours.containsKey(edge.get(0)) || !incidence.containsKey(edge.get(1))) {
            throw unreadable();
        }
        PickledTuple ends = PickledTuple.of(edge.get(0), edge.get(1));
        neighbours.get(edge.get(0)).add(edge.get(1));
        incidence.get(edge.get(1)).add(edge.get(0));
        Map<String, Object> property = new LinkedHashMap<>();
        property.put("weight", 1L);
        property.put("label", edge.size() > 2 ? edge.get(2) : "");
        properties.put(ends, property);
        edgeAttributes.put(ends, new ArrayList<>(attributes));
    }

    /** The object with its fields. */
    Object pickled() {
        PickledObject object = new PickledObject(KnownClass.GRAPH);
        object.fields().put("edge_properties", properties);
        object.fields().put("edge_attr", edgeAttributes);
        object.fields().put("node_attr", nodeAttributes);
        object.fields().put("node_neighbors", neighbours);
        object.fields().put("node_incidence", incidence);
        return object;
    }

    private static List<Object> attributes(Object pairs) {
        List<Object> attributes = new ArrayList<>();
        for (Object pair : list(pairs)) {
            attributes.add(PickledTuple.of(text(list(pair).getFirst()), quoted(list(pair).getLast())));
        }
        return attributes;
    }

    /** rez puts the quotes that dot needs around every text. */
    private static Object quoted(Object value) {
        return value instanceof String text ? '"' + text + '"' : value;
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> list && !list.isEmpty()) {
            return list;
        }
        if (value == null || value instanceof List<?>) {
            return List.of();
        }
        throw unreadable();
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw unreadable();
    }

    private static IllegalArgumentException unreadable() {
        return new IllegalArgumentException("its graph is not in the form that rez writes");
    }
}
