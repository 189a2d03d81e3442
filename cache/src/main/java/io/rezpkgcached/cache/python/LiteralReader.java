package io.rezpkgcached.cache.python;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads an expression that is written out: constants, and lists, tuples, sets and dictionaries of them.
 *
 * <p>Any other expression is computed. Each container that it returns is an object of its own, so that identity tells aliases.
 */
final class LiteralReader {
    /** What stands for an expression that only Python could evaluate. */
    private static final Object COMPUTED = new Object();

    private final List<Token> tokens;
    private int at;
    private String why = "an expression";

    private LiteralReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** The value of an expression, which is all of the tokens, for names bound at {@code line}. */
    static PythonValue read(List<Token> tokens, int line) {
        LiteralReader reader = new LiteralReader(tokens);
        Object value = reader.all();
        return value == COMPUTED ? new PythonValue.Computed(line, reader.why) : new PythonValue.Literal(value, line);
    }

    private Object all() {
        Object value = expression();
        if (value != COMPUTED && at < tokens.size() && tokens.get(at).isOp(",")) {
            at++;
            List<Object> items = new ArrayList<>();
            items.add(value);
            value = items(items, "");
        }
        return value != COMPUTED && at < tokens.size() ? computed() : value;
    }

    private Object expression() {
        if (at >= tokens.size()) {
            return computed();
        }
        Token token = tokens.get(at);
        return switch (token.kind()) {
            case STRING -> strings();
            case NUMBER -> number(1);
            case NAME -> constant();
            case OP -> switch (token.text()) {
                case "-" -> sign(-1);
                case "+" -> sign(1);
                case "[" -> bracketed("]");
                case "(" -> bracketed(")");
                case "{" -> braced();
                default -> computed();
            };
            case FSTRING_START, FSTRING_END, NEWLINE, INDENT, DEDENT, END -> computed();
        };
    }

    private Object strings() {
        StringBuilder text = new StringBuilder();
        while (at < tokens.size() && tokens.get(at).kind() == Token.Kind.STRING) {
            if (!(tokens.get(at).value() instanceof String part)) {
                return computed();
            }
            text.append(part);
            at++;
        }
        return text.toString();
    }

    private Object sign(int factor) {
        at++;
        return at < tokens.size() && tokens.get(at).kind() == Token.Kind.NUMBER ? number(factor) : computed();
    }

    private Object number(int factor) {
        Object value = tokens.get(at).value();
        Object signed = switch (value) {
            case Long number -> factor * number;
            case BigInteger number when factor < 0 -> narrow(number.negate());
            case BigInteger number -> number;
            case Double number -> factor * number;
            case null, default -> computed();
        };
        at++;
        return signed;
    }

    private static Object narrow(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    private Object constant() {
        Object value = switch (tokens.get(at).text()) {
            case "None" -> null;
            case "True" -> true;
            case "False" -> false;
            default -> computed();
        };
        at++;
        return value;
    }

    private Object bracketed(String closer) {
        at++;
        boolean parenthesised = closer.equals(")");
        List<Object> items = new ArrayList<>();
        if (parenthesised && !at(closer)) {
            Object value = expression();
            if (value == COMPUTED || at(closer)) {
                at++;
                return value;
            }
            if (!at(",")) {
                return computed();
            }
            at++;
            items.add(value);
        }
        Object value = items(items, closer);
        at++;
        return value;
    }

    /** Reads items up to {@code closer}, or up to the end where that is empty. */
    private Object items(List<Object> items, String closer) {
        while (!ends(closer)) {
            Object item = expression();
            if (item == COMPUTED) {
                return item;
            }
            items.add(item);
            if (!ends(closer) && !comma()) {
                return computed();
            }
        }
        return Collections.unmodifiableList(items);
    }

    private Object braced() {
        at++;
        Map<Object, Object> entries = new LinkedHashMap<>();
        Set<Object> members = new LinkedHashSet<>();
        while (!ends("}")) {
            Object key = expression();
            if (key == COMPUTED || key instanceof List || key instanceof Map) {
                return key == COMPUTED ? key : computed();
            }
            if (at(":")) {
                at++;
                Object value = expression();
                if (value == COMPUTED) {
                    return value;
                }
                entries.put(key, value);
            } else {
                members.add(key);
            }
            if (!ends("}") && !comma()) {
                return computed();
            }
        }
        at++;
        if ((!entries.isEmpty() && !members.isEmpty()) || mixed(entries.keySet()) || mixed(members)) {
            return computed();
        }
        return members.isEmpty()
                ? Collections.unmodifiableMap(entries)
                : Collections.unmodifiableList(new ArrayList<>(members));
    }

    /** Whether keys might be equal to Python that are not to Java: 1, 1.0 and True are one key, as are 0.0 and -0.0. */
    private static boolean mixed(Set<Object> keys) {
        Set<Class<?>> kinds = new HashSet<>();
        for (Object key : keys) {
            if (key instanceof Double) {
                return true;
            }
            if (key instanceof Number || key instanceof Boolean) {
                kinds.add(key.getClass());
            }
        }
        return kinds.size() > 1;
    }

    private boolean ends(String closer) {
        return at >= tokens.size() || at(closer);
    }

    private boolean at(String operator) {
        return at < tokens.size() && tokens.get(at).isOp(operator);
    }

    private boolean comma() {
        boolean comma = at(",");
        at += comma ? 1 : 0;
        return comma;
    }

    private Object computed() {
        if (at < tokens.size()) {
            Token token = tokens.get(at);
            why = switch (token.kind()) {
                case NAME ->
                    token.isIdentifier() ? "refers to " + token.shown() : "an expression with " + token.shown();
                case FSTRING_START, FSTRING_END -> "formats a string";
                case STRING -> "a string that is not plain text";
                case NUMBER, OP, NEWLINE, INDENT, DEDENT, END -> "an expression with " + token.shown();
            };
        }
        return COMPUTED;
    }
}
