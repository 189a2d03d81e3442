package io.rezpkgcached.cache.python;

import io.rezpkgcached.cache.python.PythonValue.Computed;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Walks the statements of a module and tells {@link Bindings} what each does to its names.
 *
 * <p>Bodies of functions and classes are stepped over by their indentation; blocks that may or may not run make what they assign computed.
 */
final class Statements {
    private static final Set<String> BLOCKS = Set.of("if", "elif", "else", "for", "while", "try", "except", "finally",
            "with", "async");

    private final List<Token> tokens;
    private final Bindings bindings;
    private final Mentions mentions;
    private final List<Token> decorators = new ArrayList<>();
    private boolean runningDecorator;
    private int at;

    Statements(List<Token> tokens, Bindings bindings) {
        this.tokens = tokens;
        this.bindings = bindings;
        this.mentions = new Mentions(bindings);
    }

    void all() throws PythonSyntaxException {
        while (tokens.get(at).kind() != Token.Kind.END) {
            statement(false, false);
        }
        bindings.finish();
    }

    private void statement(boolean conditional, boolean inMatch) throws PythonSyntaxException {
        Token first = tokens.get(at);
        if (first.kind() == Token.Kind.INDENT) {
            throw new PythonSyntaxException(first.line(), "an indented line where none is expected");
        }
        List<Token> line = tokens.subList(at, lineEnd());
        Token subject = first.is("async") && line.size() > 1 ? line.get(1) : first;
        boolean match = first.is("match") && line.getLast().isOp(":") && line.size() > 2;
        boolean soft = match || (inMatch && first.is("case"));
        if (first.isOp("@")) {
            decorator(line);
        } else if (subject.is("def") || subject.is("class")) {
            definition(line, subject);
        } else if (!decorators.isEmpty()) {
            throw new PythonSyntaxException(first.line(), first.shown() + " after a decorator");
        } else if (soft || (first.kind() == Token.Kind.NAME && BLOCKS.contains(first.text()))) {
            block(line, soft || first.is("except"));
        } else {
            simple(line, conditional);
            at += line.size() + 1;
        }
    }

    private int lineEnd() {
        int end = at;
        while (tokens.get(end).kind() != Token.Kind.NEWLINE) {
            end++;
        }
        return end;
    }

    private void decorator(List<Token> line) {
        // Only these two leave the function alone; any other may call it, as early() does when the file has been read.
        boolean known = line.size() > 3 && (line.get(1).is("late") || line.get(1).is("include"))
                && line.get(2).isOp("(")
                && line.subList(3, line.size() - 1).stream()
                        .allMatch(t -> t.kind() == Token.Kind.STRING || t.isOp(","));
        runningDecorator |= !known || bindings.binds(line.get(1).text());
        decorators.addAll(line);
        at += line.size() + 1;
    }

    private void definition(List<Token> line, Token keyword) throws PythonSyntaxException {
        int nameAt = line.indexOf(keyword) + 1;
        if (nameAt >= line.size() || !line.get(nameAt).isIdentifier()) {
            throw new PythonSyntaxException(keyword.line(), "'" + keyword.text() + "' without a name");
        }
        String name = line.get(nameAt).text();
        int colon = colon(line);
        mentions.in(decorators, false);
        mentions.in(line.subList(nameAt + 1, colon), keyword.is("class"));
        List<Token> body = body(line, colon);
        if (keyword.is("class")) {
            // The body of a class runs at once, and what its methods do may come at any time.
            FunctionCode code = FunctionCode.of(name, true, body, keyword.line());
            mentions.in(body, true);
            bindings.function(code);
            bindings.bind(name, new Computed(keyword.line(), "a class"));
        } else {
            bindings.function(FunctionCode.of(name, runningDecorator, body, keyword.line()));
        }
        decorators.clear();
        runningDecorator = false;
    }

    /** The tokens of a body, which it steps over. */
    private List<Token> body(List<Token> line, int colon) throws PythonSyntaxException {
        int lineStart = at;
        at += line.size() + 1;
        if (colon + 1 < line.size()) {
            return tokens.subList(lineStart + colon + 1, at);
        }
        enter(line.getLast());
        int start = at;
        int depth = 1;
        while (depth > 0) {
            depth += switch (tokens.get(at).kind()) {
                case INDENT -> 1;
                case DEDENT -> -1;
                case NAME, NUMBER, STRING, FSTRING_START, FSTRING_END, OP, NEWLINE, END -> 0;
            };
            at++;
        }
        return tokens.subList(start, at - 1);
    }

    private void block(List<Token> line, boolean bindsAll) throws PythonSyntaxException {
        int colon = colon(line);
        List<Token> header = line.subList(0, colon);
        if (header.getFirst().is("with")) {
            mentions.with(header);
        } else {
            mentions.in(header, false);
        }
        Targets.inHeader(header, bindsAll).forEach(
                target -> bindings.bind(target.text(),
                        new Computed(target.line(), "set by '" + line.getFirst().text() + "'")));
        if (colon + 1 < line.size()) {
            simple(line.subList(colon + 1, line.size()), true);
            at += line.size() + 1;
            return;
        }
        at += line.size() + 1;
        enter(line.getLast());
        while (tokens.get(at).kind() != Token.Kind.DEDENT) {
            statement(true, header.getFirst().is("match"));
        }
        at++;
    }

    private void enter(Token header) throws PythonSyntaxException {
        if (tokens.get(at).kind() != Token.Kind.INDENT) {
            throw new PythonSyntaxException(header.line(), "a block without an indented line");
        }
        at++;
    }

    /** Where the colon is that ends a header. */
    private static int colon(List<Token> line) throws PythonSyntaxException {
        int depth = 0;
        int lambdas = 0;
        for (int i = 0; i < line.size(); i++) {
            Token token = line.get(i);
            depth += token.opens() ? 1 : token.closes() ? -1 : 0;
            if (depth == 0 && token.is("lambda")) {
                lambdas++;
            } else if (depth == 0 && token.isOp(":") && lambdas-- == 0) {
                return i;
            }
        }
        throw new PythonSyntaxException(line.getFirst().line(), line.getFirst().shown() + " without ':'");
    }

    private void simple(List<Token> line, boolean conditional) throws PythonSyntaxException {
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= line.size(); i++) {
            boolean end = i == line.size();
            if (!end) {
                depth += line.get(i).opens() ? 1 : line.get(i).closes() ? -1 : 0;
            }
            if (end || (depth == 0 && line.get(i).isOp(";"))) {
                if (i > start) {
                    new SimpleStatement(line.subList(start, i), bindings, mentions, conditional).apply();
                } else if (!end) {
                    throw new PythonSyntaxException(line.get(i).line(), "';' without a statement");
                }
                start = i + 1;
            }
        }
    }
}
