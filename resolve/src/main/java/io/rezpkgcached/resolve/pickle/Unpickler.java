package io.rezpkgcached.resolve.pickle;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The machine that a pickle is a program of, without all that could do harm. Source: CPython's {@code pickletools}. */
final class Unpickler {
    /** Python's own limit is 4300; nothing that rez stores comes near. */
    private static final int MOST_DIGITS = 100;

    /** Digits that a long always holds. */
    private static final int DIGITS_OF_LONG = 18;

    /** In a graph an edge, of two nodes. */
    private static final int LONGEST_KEY = 8;

    /** A digraph has five fields. */
    private static final int MOST_FIELDS = 16;

    /** rez's largest value, of 1 MiB, has about 200,000; each takes at most some 60 bytes of memory. */
    private static final int MOST_STEPS = 500_000;

    /** Values that wait for others, and marks, in rez's values some 30. */
    private static final int DEEPEST = 256;

    /** What stands for everything in a graph that is not wanted. */
    private static final Object NOT_WANTED = new Object();

    private final byte[] bytes;
    private final boolean withGraphs;

    /** How many values are below the graph that is being passed over; -1: none is. */
    private int belowGraph = -1;

    private int at;
    private final Object[] stack = new Object[DEEPEST];
    private int height;
    private final int[] marks = new int[DEEPEST];
    private int markCount;
    private Object[] memo = new Object[256];

    Unpickler(byte[] bytes, boolean withGraphs) {
        this.bytes = bytes;
        this.withGraphs = withGraphs;
    }

    Object read() throws PickleException {
        for (int steps = 0; at < bytes.length; steps++) {
            if (steps == MOST_STEPS) {
                throw problem("takes more than " + MOST_STEPS + " steps to build");
            }
            char code = (char) (bytes[at++] & 0xff);
            if (code == '.') {
                Object result = pop();
                if (height > 0 || markCount > 0 || belowGraph >= 0) {
                    throw problem("ends with values left over");
                }
                return result;
            }
            step(code);
        }
        throw problem("is cut short");
    }

    private void step(char code) throws PickleException {
        switch (code) {
            case '(' -> mark();
            case '0' -> pop();
            case '1' -> dropMarked();
            case '2' -> push(top());
            case 'N' -> push(null);
            case 'I' -> integer();
            case 'L' -> number();
            case 'F' -> push(real(line()));
            case 'V' -> push(unicode(line()));
            case 'p' -> remember();
            case 'g' -> recall();
            case 'c' -> global(line(), line());
            case 'b' -> build();
            default -> {
                if (belowGraph < 0) {
                    put(code);
                } else {
                    passOver(code);
                }
            }
        }
    }

    private void put(char code) throws PickleException {
        switch (code) {
            case 't' -> push(PickledTuple.of(marked()));
            case ')' -> push(PickledTuple.of());
            case 'l' -> push(new ArrayList<>(Arrays.asList(marked())));
            case ']' -> push(new ArrayList<>());
            case 'd' -> push(dictionary(marked()));
            case '}' -> push(new LinkedHashMap<>());
            case 'a' -> append();
            case 's' -> set();
            case 'R' -> reduce();
            default -> throw unknown(code);
        }
    }

    /** Does to the stack what {@link #put} does, without making what is put together: three quarters of a value are its graph. */
    private void passOver(char code) throws PickleException {
        switch (code) {
            case ')', ']', '}' -> push(NOT_WANTED);
            case 't', 'l', 'd' -> {
                dropMarked();
                push(NOT_WANTED);
            }
            case 'a' -> {
                pop();
                top();
            }
            case 's' -> {
                pop();
                pop();
                top();
            }
            case 'R' -> {
                pop();
                pop();
                push(NOT_WANTED);
            }
            default -> throw unknown(code);
        }
        if (height <= belowGraph) {
            throw problem("has a graph that takes what is not its own");
        }
    }

    private PickleException unknown(char code) {
        return problem("does what rez's values do not (code " + (int) code + ")");
    }

    // ---- what a value is

    private void integer() throws PickleException {
        int start = at;
        int end = end();
        if (end - start == 2 && bytes[start] == '0' && (bytes[start + 1] == '0' || bytes[start + 1] == '1')) {
            push(bytes[start + 1] == '1');
        } else {
            push(number(start, end));
        }
    }

    private void number() throws PickleException {
        int start = at;
        int end = end();
        push(number(start, end > start && bytes[end - 1] == 'L' ? end - 1 : end));
    }

    private Object number(int start, int end) throws PickleException {
        if (end - start > MOST_DIGITS) {
            throw problem("has a number of " + (end - start) + " digits");
        }
        String text = text(start, end);
        try {
            if (text.length() <= DIGITS_OF_LONG) {
                return Long.parseLong(text);
            }
            BigInteger number = new BigInteger(text);
            return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
        } catch (NumberFormatException _) {
            throw problem("has a number that is none");
        }
    }

    private double real(String text) throws PickleException {
        if (text.length() > MOST_DIGITS) {
            throw problem("has a number of " + text.length() + " digits");
        }
        return switch (text) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> decimal(text);
        };
    }

    private double decimal(String text) throws PickleException {
        for (int i = 0; i < text.length(); i++) { // Java takes more than Python does
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && "+-.Ee".indexOf(c) < 0) {
                throw problem("has a number that is none");
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException _) {
            throw problem("has a number that is none");
        }
    }

    /** Python's raw-unicode-escape: Latin-1, with backslash u and U. */
    private String unicode(String text) throws PickleException {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(i + 1) : 0;
            if (next == 'u' || next == 'U') {
                int digits = next == 'u' ? 4 : 8;
                result.appendCodePoint(codePoint(text, i + 2, digits));
                i += 1 + digits;
            } else {
                result.append(c);
                if (next != 0) {
                    result.append(next);
                    i++;
                }
            }
        }
        return result.toString();
    }

    private int codePoint(String text, int from, int digits) throws PickleException {
        if (from + digits > text.length()) {
            throw problem("has a character that is cut short");
        }
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw problem("has a character that is none");
            }
            value = value * 16 + digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw problem("has a character that is none");
        }
        return (int) value;
    }

    private void global(String module, String name) throws PickleException {
        KnownClass known = KnownClass.of(module, name).orElseThrow(() -> problem(
                "names " + shortened(module) + "." + shortened(name) + ", which is not data"));
        if (known == KnownClass.RECONSTRUCTOR && !withGraphs && belowGraph < 0) {
            belowGraph = height;
        }
        push(known);
    }

    // ---- what comes again

    private void remember() throws PickleException {
        int index = index();
        if (index >= memo.length) {
            memo = Arrays.copyOf(memo, Math.max(index + 1, 2 * memo.length));
        }
        memo[index] = top();
    }

    private void recall() throws PickleException {
        int index = index();
        Object value = index < memo.length ? memo[index] : null;
        if (value == null) {
            throw problem("refers to something that it has not said");
        }
        push(value);
    }

    /** Python counts them; there cannot be more than steps. */
    private int index() throws PickleException {
        int start = at;
        int index = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9' && index < MOST_STEPS) {
            index = 10 * index + bytes[at++] - '0';
        }
        if (at == bytes.length || bytes[at] != '\n' || at == start || index >= MOST_STEPS) {
            throw problem("refers to something by what is no number of it");
        }
        at++;
        return index;
    }

    // ---- what is put together

    private void append() throws PickleException {
        Object item = pop();
        list(top()).add(item);
    }

    private void set() throws PickleException {
        Object value = pop();
        Object key = pop();
        put(map(top()), key, value);
    }

    private Map<Object, Object> dictionary(Object[] items) throws PickleException {
        if (items.length % 2 != 0) {
            throw problem("has a key without a value");
        }
        Map<Object, Object> result = new LinkedHashMap<>();
        for (int i = 0; i < items.length; i += 2) {
            put(result, items[i], items[i + 1]);
        }
        return result;
    }

    /**
     * Hashing is where a value of a few bytes could cost years: by a tuple of itself, of itself, ... And by thousands of keys of the same
     * hash, unless they are of one kind, and so have an order.
     */
    private void put(Map<Object, Object> map, Object key, Object value) throws PickleException {
        if (!isScalar(key) && !(key instanceof PickledTuple tuple && isShort(tuple))) {
            throw problem("has a key that is neither text, nor a number, nor a short tuple of such");
        }
        if (!map.isEmpty() && map.keySet().iterator().next().getClass() != key.getClass()) {
            throw problem("has keys of several kinds");
        }
        map.put(key, value);
    }

    private static boolean isScalar(Object value) {
        return value instanceof String || value instanceof Long;
    }

    private static boolean isShort(PickledTuple tuple) {
        List<Object> items = tuple.items();
        boolean isShort = items.size() <= LONGEST_KEY;
        for (int i = 0; isShort && i < items.size(); i++) {
            isShort = isScalar(items.get(i));
        }
        return isShort;
    }

    private void reduce() throws PickleException {
        Object arguments = pop();
        Object callable = pop();
        if (!(arguments instanceof PickledTuple tuple)) {
            throw problem("calls something without arguments");
        }
        List<Object> items = tuple.items();
        if (callable == KnownClass.RECONSTRUCTOR && items.size() == 3 && items.get(0) == KnownClass.GRAPH
                && items.get(1) == KnownClass.OBJECT && items.get(2) == null) {
            push(new PickledObject(KnownClass.GRAPH));
        } else if (callable == KnownClass.STATUS && items.size() == 1 && items.get(0) instanceof PickledTuple value
                && value.items().size() == 1 && value.items().get(0) instanceof String text
                && PickledEnum.NAMES.containsKey(text)) {
            push(new PickledEnum(PickledEnum.NAMES.get(text)));
        } else if (callable == KnownClass.GETATTR && items.size() == 2 && items.get(0) == KnownClass.STATUS
                && items.get(1) instanceof String name && PickledEnum.NAMES.containsValue(name)) {
            push(new PickledEnum(name));
        } else {
            throw problem("calls something that rez's values do not call");
        }
    }

    private void build() throws PickleException {
        Object state = pop();
        if (belowGraph >= 0) {
            top();
            if (height != belowGraph + 1) {
                throw problem("has a graph that is none");
            }
            belowGraph = -1;
            return;
        }
        if (!(top() instanceof PickledObject object && state instanceof Map<?, ?> fields)) {
            throw problem("gives fields to something that has none");
        }
        if (fields.size() > MOST_FIELDS) {
            throw problem("gives something " + fields.size() + " fields");
        }
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (!(field.getKey() instanceof String name)) {
                throw problem("has a field whose name is not text");
            }
            object.fields().put(name, field.getValue());
        }
    }

    // ---- the stack

    private void push(Object value) throws PickleException {
        if (height == DEEPEST) {
            throw problem("is nested too deeply");
        }
        stack[height++] = value;
    }

    private void mark() throws PickleException {
        if (markCount == DEEPEST) {
            throw problem("is nested too deeply");
        }
        marks[markCount++] = height;
    }

    private Object pop() throws PickleException {
        Object value = top();
        height--;
        return value;
    }

    private Object top() throws PickleException {
        if (height == (markCount == 0 ? 0 : marks[markCount - 1])) {
            throw problem("takes a value that is not there");
        }
        return stack[height - 1];
    }

    /** Those since the last mark, which goes too. */
    private Object[] marked() throws PickleException {
        int to = height;
        dropMarked();
        return Arrays.copyOfRange(stack, height, to);
    }

    private void dropMarked() throws PickleException {
        if (markCount == 0) {
            throw problem("takes values that are not there");
        }
        height = marks[--markCount];
    }

    @SuppressWarnings("unchecked") // all lists are made here
    private List<Object> list(Object value) throws PickleException {
        if (value instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw problem("appends to something that is no list");
    }

    @SuppressWarnings("unchecked") // all maps are made here
    private Map<Object, Object> map(Object value) throws PickleException {
        if (value instanceof Map<?, ?> map) {
            return (Map<Object, Object>) map;
        }
        throw problem("sets a key of something that is no dictionary");
    }

    // ---- lines

    /** Where the line ends that begins here, and after which it goes on. */
    private int end() throws PickleException {
        int start = at;
        int end = start;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        if (end == bytes.length) {
            throw problem("is cut short");
        }
        if (end - start > Pickle.LONGEST_LINE) {
            throw problem("has a text of " + (end - start) + " bytes");
        }
        at = end + 1;
        return end;
    }

    private String line() throws PickleException {
        int start = at;
        return text(start, end());
    }

    /** Latin-1, as which raw-unicode-escape and all else is read. */
    private String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static String shortened(String text) {
        String plain = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return plain.replaceAll("[^ -~]", "?");
    }

    private PickleException problem(String what) {
        return new PickleException("the value " + what + ", at byte " + at);
    }
}
