package io.rezpkgcached.cache.python;

import java.util.Set;

/**
 * One word of a Python source text.
 *
 * @param value of a STRING its text, of a NUMBER its value; null where it is no value that this package represents (bytes, complex numbers,
 *        lone surrogates)
 */
record Token(Kind kind, String text, Object value, int line) {
    /** FSTRING_START and FSTRING_END enclose the expressions in an f-string, each of them followed by a comma. */
    enum Kind {
        NAME, NUMBER, STRING, FSTRING_START, FSTRING_END, OP, NEWLINE, INDENT, DEDENT, END
    }

    private static final Set<String> KEYWORDS = Set.of("False", "None", "True", "and", "as", "assert", "async", "await",
            "break", "class",
            "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
            "in", "is", "lambda",
            "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield");
    private static final Set<String> CONSTANTS = Set.of("None", "True", "False");

    static Token of(Kind kind, String text, int line) {
        return new Token(kind, text, null, line);
    }

    boolean is(String operatorOrName) {
        return (kind == Kind.OP || kind == Kind.NAME) && text.equals(operatorOrName);
    }

    boolean isOp(String operator) {
        return kind == Kind.OP && text.equals(operator);
    }

    /** Whether this is a name that a program can bind. */
    boolean isIdentifier() {
        return kind == Kind.NAME && !KEYWORDS.contains(text);
    }

    boolean opens() {
        return kind == Kind.FSTRING_START || isOp("(") || isOp("[") || isOp("{");
    }

    boolean closes() {
        return kind == Kind.FSTRING_END || isOp(")") || isOp("]") || isOp("}");
    }

    boolean endsOperand() {
        return isIdentifier() || kind == Kind.NUMBER || kind == Kind.STRING || closes()
                || (kind == Kind.NAME && CONSTANTS.contains(text));
    }

    boolean startsOperand() {
        return isIdentifier() || kind == Kind.NUMBER || kind == Kind.STRING || kind == Kind.FSTRING_START || isOp("{")
                || (kind == Kind.NAME && CONSTANTS.contains(text));
    }

    /** How a message names it. */
    String shown() {
        return switch (kind) {
            case NEWLINE -> "the end of the line";
            case INDENT -> "an indented line";
            case DEDENT, END -> "the end of a block";
            case FSTRING_START, FSTRING_END -> "an f-string";
            case STRING -> "a string";
            case NAME, NUMBER, OP -> "'" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "'";
        };
    }
}
