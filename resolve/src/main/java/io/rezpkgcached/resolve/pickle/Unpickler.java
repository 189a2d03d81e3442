package io.rezpkgcached.resolve.pickle;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The machine that a pickle is a program of, without all that could do harm. Source: CPython's {@code pickletools}. */
final class Unpickler {
    /** Python's own limit is 4300; nothing that rez stores comes near. */
    private static final int MOST_DIGITS = 100;

    /** In a graph an edge, of two nodes. */
    private static final int LONGEST_KEY = 8;

    private static final Object MARK = new Object();

    /** None: an ArrayDeque holds no null. */
    private static final Object NONE = new Object();

    private final byte[] bytes;
    private int at;
    private final ArrayDeque<Object> stack = new ArrayDeque<>();
    private final Map<String, Object> memo = new HashMap<>();

    Unpickler(byte[] bytes) {
        this.bytes = bytes;
    }

    Object read() throws PickleException {
        while (at < bytes.length) {
            char code = (char) (bytes[at++] & 0xff);
            if (code == '.') {
                Object result = pop();
                if (!stack.isEmpty()) {
                    throw problem("ends with values left over");
                }
                return outside(result);
            }
            step(code);
        }
        throw problem("is cut short");
    }

    private void step(char code) throws PickleException {
        switch (code) {
            case '(' -> stack.push(MARK);
            case '0' -> pop();
            case '1' -> marked();
            case '2' -> stack.push(top());
            case 'N' -> stack.push(NONE);
            case 'I' -> stack.push(integer(line()));
            case 'L' -> stack.push(number(stripped(line())));
            case 'F' -> stack.push(real(line()));
            case 'V' -> stack.push(unicode(line()));
            case 'p' -> memo.put(line(), top());
            case 'g' -> stack.push(Optional.ofNullable(memo.get(line()))
                    .orElseThrow(() -> problem("refers to something that it has not said")));
            case 't' -> stack.push(new PickledTuple(marked()));
            case ')' -> stack.push(new PickledTuple(List.of()));
            case 'l' -> stack.push(marked());
            case ']' -> stack.push(new ArrayList<>());
            case 'd' -> stack.push(dictionary(marked()));
            case '}' -> stack.push(new LinkedHashMap<>());
            case 'a' -> append();
            case 's' -> set();
            case 'c' -> stack.push(global(line(), line()));
            case 'R' -> reduce();
            case 'b' -> build();
            default -> throw problem("does what rez's values do not (code " + (int) code + ")");
        }
    }

    // ---- what a value is

    private Object integer(String text) throws PickleException {
        return switch (text) {
            case "00" -> false;
            case "01" -> true;
            default -> number(text);
        };
    }

    private Object number(String text) throws PickleException {
        if (text.length() > MOST_DIGITS) {
            throw problem("has a number of " + text.length() + " digits");
        }
        try {
            BigInteger number = new BigInteger(text);
            return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
        } catch (NumberFormatException _) {
            throw problem("has a number that is none");
        }
    }

    private static String stripped(String text) {
        return text.endsWith("L") ? text.substring(0, text.length() - 1) : text;
    }

    private Double real(String text) throws PickleException {
        if (text.length() > MOST_DIGITS) {
            throw problem("has a number of " + text.length() + " digits");
        }
        try {
            return Double.valueOf(text);
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

    private KnownClass global(String module, String name) throws PickleException {
        return KnownClass.of(module, name).orElseThrow(() -> problem(
                "names " + shortened(module) + "." + shortened(name) + ", which is not data"));
    }

    // ---- what is put together

    private void append() throws PickleException {
        Object item = outside(pop());
        list(top()).add(item);
    }

    private void set() throws PickleException {
        Object value = pop();
        Object key = pop();
        put(map(top()), key, value);
    }

    private Map<Object, Object> dictionary(List<Object> items) throws PickleException {
        if (items.size() % 2 != 0) {
            throw problem("has a key without a value");
        }
        Map<Object, Object> result = new LinkedHashMap<>();
        for (int i = 0; i < items.size(); i += 2) {
            put(result, items.get(i) == null ? NONE : items.get(i), items.get(i + 1) == null ? NONE : items.get(i + 1));
        }
        return result;
    }

    /** Hashing is where a value of a few bytes could cost years: by a tuple of itself, of itself, ... */
    private void put(Map<Object, Object> map, Object key, Object value) throws PickleException {
        boolean flat = key instanceof String || key instanceof Long || (key instanceof PickledTuple tuple
                && tuple.items().size() <= LONGEST_KEY
                && tuple.items().stream().allMatch(item -> item instanceof String || item instanceof Long));
        if (!flat) {
            throw problem("has a key that is neither text, nor a number, nor a short tuple of such");
        }
        map.put(key, outside(value));
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
            stack.push(new PickledObject(KnownClass.GRAPH));
        } else if (callable == KnownClass.STATUS && items.size() == 1 && items.get(0) instanceof PickledTuple value
                && value.items().size() == 1 && value.items().get(0) instanceof String text
                && PickledEnum.NAMES.containsKey(text)) {
            stack.push(new PickledEnum(PickledEnum.NAMES.get(text)));
        } else if (callable == KnownClass.GETATTR && items.size() == 2 && items.get(0) == KnownClass.STATUS
                && items.get(1) instanceof String name && PickledEnum.NAMES.containsValue(name)) {
            stack.push(new PickledEnum(name));
        } else {
            throw problem("calls something that rez's values do not call");
        }
    }

    private void build() throws PickleException {
        Object state = pop();
        if (!(top() instanceof PickledObject object && state instanceof Map<?, ?> fields)) {
            throw problem("gives fields to something that has none");
        }
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            if (!(field.getKey() instanceof String name)) {
                throw problem("has a field whose name is not text");
            }
            object.fields().put(name, field.getValue());
        }
    }

    // ---- the stack

    private Object pop() throws PickleException {
        Object value = top();
        stack.pop();
        return value;
    }

    private Object top() throws PickleException {
        Object value = stack.peek();
        if (value == null || value == MARK) {
            throw problem("takes a value that is not there");
        }
        return value;
    }

    /** Those since the last mark, which goes too. */
    private List<Object> marked() throws PickleException {
        List<Object> items = new ArrayList<>();
        while (!stack.isEmpty()) {
            Object value = stack.pop();
            if (value == MARK) {
                Collections.reverse(items);
                return items;
            }
            items.add(outside(value));
        }
        throw problem("takes values that are not there");
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

    private static Object outside(Object value) {
        return value == NONE ? null : value;
    }

    /** Up to the line's end; Latin-1, as which raw-unicode-escape and all else is read. */
    private String line() throws PickleException {
        int start = at;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        if (at == bytes.length) {
            throw problem("is cut short");
        }
        if (at - start > Pickle.LONGEST_LINE) {
            throw problem("has a text of " + (at - start) + " bytes");
        }
        return new String(bytes, start, at++ - start, StandardCharsets.ISO_8859_1);
    }

    private static String shortened(String text) {
        String plain = text.length() > 60 ? text.substring(0, 60) + "..." : text;
        return plain.replaceAll("[^ -~]", "?");
    }

    private PickleException problem(String what) {
        return new PickleException("the value " + what + ", at byte " + at);
    }
}
