package io.rezpkgcached.cache.python;

import io.rezpkgcached.cache.python.PythonValue.Computed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One statement of one line: what it does to the module's names. */
final class SimpleStatement {
    private static final Set<String> AUGMENTED = Set.of("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**=",
            "//=", ">>=", "<<=");

    private final List<Token> tokens;
    private final Bindings bindings;
    private final Mentions mentions;
    private final boolean conditional;

    SimpleStatement(List<Token> tokens, Bindings bindings, Mentions mentions, boolean conditional) {
        this.tokens = tokens;
        this.bindings = bindings;
        this.mentions = mentions;
        this.conditional = conditional;
    }

    void apply() throws PythonSyntaxException {
        Token first = tokens.getFirst();
        if (first.is("import")) {
            bind(Targets.imported(rest(1), false), "imported");
        } else if (first.is("from")) {
            from();
        } else if (first.is("del")) {
            mentions.in(rest(1), false);
            bind(Targets.in(rest(1)), "deleted");
        } else if (first.is("type") && tokens.size() > 1 && tokens.get(1).isIdentifier()) {
            mentions.in(rest(2), true);
            bind(tokens.subList(1, 2), "a type");
        } else if (!first.is("global") && !first.is("nonlocal")) {
            expression();
        }
    }

    private void from() throws PythonSyntaxException {
        int start = 0;
        while (start < tokens.size() && !tokens.get(start).is("import")) {
            start++;
        }
        if (start + 1 >= tokens.size()) {
            throw new PythonSyntaxException(tokens.getFirst().line(), "'from' without 'import'");
        }
        if (tokens.get(start + 1).isOp("*")) {
            bindings.anythingSet(new Computed(tokens.getFirst().line(), "'import *' may set any name"));
        } else {
            bind(Targets.imported(rest(start + 1), true), "imported");
        }
    }

    private void expression() throws PythonSyntaxException {
        List<Integer> equals = new ArrayList<>();
        int annotation = -1;
        int augmented = -1;
        int depth = 0;
        boolean lambda = false;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            depth += token.opens() ? 1 : token.closes() ? -1 : 0;
            // What follows a lambda at this level belongs to it: it cannot stand before a '='.
            lambda |= token.is("lambda");
            if (depth != 0 || lambda || token.kind() != Token.Kind.OP) {
                continue;
            }
            if (token.isOp("=")) {
                equals.add(i);
            } else if (token.isOp(":") && annotation < 0 && equals.isEmpty()) {
                annotation = i;
            } else if (AUGMENTED.contains(token.text()) && augmented < 0) {
                augmented = i;
            }
        }
        if (augmented >= 0) {
            mentions.in(tokens, false);
            bind(Targets.in(tokens.subList(0, augmented)), "changed by '" + tokens.get(augmented).text() + "'");
        } else if (annotation >= 0) {
            annotated(annotation, equals);
        } else if (equals.isEmpty()) {
            mentions.in(tokens, false);
        } else {
            assignment(equals, 0);
        }
    }

    private void annotated(int colon, List<Integer> equals) throws PythonSyntaxException {
        if (equals.isEmpty()) {
            mentions.in(tokens, false);
            return;
        }
        mentions.in(tokens.subList(colon + 1, equals.getFirst()), false);
        List<Token> plain = new ArrayList<>(tokens.subList(0, colon));
        plain.addAll(rest(equals.getFirst()));
        new SimpleStatement(plain, bindings, mentions, conditional).assignment(List.of(colon), 0);
    }

    private void assignment(List<Integer> equals, int start) throws PythonSyntaxException {
        List<Token> value = rest(equals.getLast() + 1);
        Token first = tokens.getFirst();
        if (value.isEmpty() || equals.getFirst() == 0) {
            throw new PythonSyntaxException(first.line(), "'=' with nothing on one side");
        }
        PythonValue literal = LiteralReader.read(value, first.line());
        if (literal instanceof Computed) {
            mentions.in(value, false);
        }
        int from = start;
        for (int end : equals) {
            target(tokens.subList(from, end), literal);
            from = end + 1;
        }
    }

    private void target(List<Token> target, PythonValue value) throws PythonSyntaxException {
        List<Token> names = Targets.in(target);
        boolean one = names.size() == 1
                && target.stream().allMatch(t -> t.equals(names.getFirst()) || t.isOp("(") || t.isOp(")"));
        if (one && !conditional) {
            bindings.bind(names.getFirst().text(), value);
        } else if (one) {
            bind(names, "set within a block");
        } else {
            Token first = target.isEmpty() ? tokens.getFirst() : target.getFirst();
            if (target.isEmpty() || (!first.isIdentifier() && target.size() == 1)) {
                throw new PythonSyntaxException(first.line(), "'=' after " + first.shown());
            }
            mentions.in(target, false);
            bind(names, "set as one of several");
            // Whatever stands before the first dot or bracket is changed in place.
            if (names.isEmpty() && first.isIdentifier()) {
                bind(List.of(first), "changed in place");
            }
        }
    }

    private void bind(List<Token> names, String why) {
        for (Token name : names) {
            bindings.bind(name.text(), new Computed(name.line(), why));
        }
    }

    private List<Token> rest(int from) {
        return tokens.subList(Math.min(from, tokens.size()), tokens.size());
    }
}
