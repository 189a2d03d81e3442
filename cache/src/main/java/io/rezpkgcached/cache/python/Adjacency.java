package io.rezpkgcached.cache.python;

import java.util.List;
import java.util.Set;

/**
 * Refuses words that cannot stand beside each other.
 *
 * <p>It finds what a text that is no Python mostly shows; it does not prove that Python would take the text.
 */
final class Adjacency {
    /** Words that are names elsewhere, and keywords at the start of a statement. */
    private static final Set<String> SOFT_KEYWORDS = Set.of("match", "case", "type");
    private static final Set<String> NEEDS_OPERAND = Set.of("=", "+", "-", "%", "==", "!=", "<", ">", "<=", ">=", "&",
            "|", "^", "~", "@",
            ".", "->", ":=", "+=", "-=");

    private Adjacency() {}

    static void check(List<Token> tokens) throws PythonSyntaxException {
        Token last = Token.of(Token.Kind.NEWLINE, "", 1);
        boolean first = true;
        for (Token token : tokens) {
            boolean strings = (last.kind() == Token.Kind.STRING || last.kind() == Token.Kind.FSTRING_END)
                    && (token.kind() == Token.Kind.STRING || token.kind() == Token.Kind.FSTRING_START);
            boolean soft = first && SOFT_KEYWORDS.contains(last.text());
            if (last.endsOperand() && token.startsOperand() && !strings && !soft) {
                throw new PythonSyntaxException(token.line(), token.shown() + " after " + last.shown());
            }
            boolean ends = token.closes() || token.kind() == Token.Kind.NEWLINE;
            if (ends && last.kind() == Token.Kind.OP && NEEDS_OPERAND.contains(last.text())) {
                throw new PythonSyntaxException(token.line(), token.shown() + " after " + last.shown());
            }
            first = switch (last.kind()) {
                case NEWLINE, INDENT, DEDENT -> true;
                case NAME, NUMBER, STRING, FSTRING_START, FSTRING_END, OP, END -> last.isOp(";") || last.isOp(":");
            };
            last = token;
        }
    }
}
