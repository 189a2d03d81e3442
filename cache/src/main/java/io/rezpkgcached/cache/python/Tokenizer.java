package io.rezpkgcached.cache.python;

import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Cuts a Python source text into its words, with the ends of lines and blocks.
 *
 * <p>It takes time in proportion to the text, and stack in proportion to {@link #MAX_BRACKETS}, whatever the text.
 */
final class Tokenizer {
    /** Python's own limits are the same: MAXLEVEL and MAXINDENT of its tokenizer. */
    static final int MAX_BRACKETS = 200;
    static final int MAX_INDENTS = 100;

    private static final Set<String> OPERATORS = Set.of("**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "==", "<=",
            ">=", "+=", "-=",
            "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>", "(", ")", "[", "]", "{", "}", ",", ":",
            ".", ";", "=", "+",
            "-", "*", "/", "%", "&", "|", "^", "~", "<", ">", "@");

    private static final String OPERATOR_ENDS = "=>*/<.";

    private final String source;
    private final List<Token> out = new ArrayList<>();
    private final Deque<Integer> indents = new ArrayDeque<>();
    private final StringBuilder closers = new StringBuilder();

    /** Where the next byte is that is no text. */
    private int stray;
    private int at;
    private int line = 1;

    private Tokenizer(String source) {
        this.stray = SourceText.nextStray(source, 0);
        this.source = source;
        indents.push(0);
    }

    /** The words of a text, an END at last. */
    static List<Token> tokens(String text) throws PythonSyntaxException {
        String source = text.startsWith("\uFEFF") ? text.substring(1) : text;
        Tokenizer tokenizer = new Tokenizer(source.replace("\r\n", "\n").replace('\r', '\n'));
        tokenizer.all();
        return tokenizer.out;
    }

    private void all() throws PythonSyntaxException {
        boolean lineStart = true;
        while (at < source.length()) {
            if (lineStart && !indentation()) {
                continue;
            }
            lineStart = token();
            if (stray < at) {
                throw found("bytes that are not UTF-8");
            }
        }
        if (!closers.isEmpty()) {
            throw found("the end of the file where '" + closers.charAt(closers.length() - 1) + "' is missing");
        }
        if (!lineStart) {
            add(Token.Kind.NEWLINE, "");
        }
        for (int i = indents.size(); i > 1; i--) {
            add(Token.Kind.DEDENT, "");
        }
        add(Token.Kind.END, "");
    }

    /** Measures a line's indentation; false where the line holds nothing. */
    private boolean indentation() throws PythonSyntaxException {
        int column = 0;
        for (; at < source.length(); at++) {
            char c = source.charAt(at);
            if (c == ' ') {
                column++;
            } else if (c == '\t') {
                column = (column / 8 + 1) * 8;
            } else if (c == '\f') {
                column = 0;
            } else {
                break;
            }
        }
        skipComment();
        if (at >= source.length()) {
            return false;
        }
        if (source.charAt(at) == '\n') {
            at++;
            line++;
            return false;
        }
        if (column > indents.element()) {
            indents.push(column);
            if (indents.size() > MAX_INDENTS) {
                throw found("too many levels of indentation");
            }
            add(Token.Kind.INDENT, "");
        }
        while (column < indents.element()) {
            indents.pop();
            add(Token.Kind.DEDENT, "");
        }
        if (column != indents.element()) {
            throw found("an indentation that matches no line above");
        }
        return true;
    }

    /** Reads one word or stretch of space; true where it ended a logical line. */
    private boolean token() throws PythonSyntaxException {
        char c = source.charAt(at);
        if (c == ' ' || c == '\t' || c == '\f') {
            at++;
        } else if (c == '#') {
            skipComment();
        } else if (c == '\n') {
            boolean ends = closers.isEmpty();
            if (ends) {
                add(Token.Kind.NEWLINE, "");
            }
            at++;
            line++;
            return ends;
        } else if (c == '\\') {
            if (at + 1 >= source.length() || source.charAt(at + 1) != '\n') {
                throw found("a backslash that does not end the line");
            }
            at += 2;
            line++;
        } else if (c == '"' || c == '\'') {
            string("");
        } else if (isDigit(c) || (c == '.' && at + 1 < source.length() && isDigit(source.charAt(at + 1)))) {
            int end = NumberText.end(source, at);
            String text = source.substring(at, end);
            out.add(new Token(Token.Kind.NUMBER, text, NumberText.value(text, line), line));
            at = end;
        } else if (c == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(at))) {
            name();
        } else {
            operator();
        }
        return false;
    }

    private void name() throws PythonSyntaxException {
        int end = at;
        boolean ascii = true;
        while (end < source.length() && Character.isUnicodeIdentifierPart(source.codePointAt(end))
                && source.charAt(end) != 0) {
            ascii &= source.charAt(end) < 128;
            end += Character.charCount(source.codePointAt(end));
        }
        String text = source.substring(at, end);
        if (end < source.length() && (source.charAt(end) == '"' || source.charAt(end) == '\'')
                && StringText.isPrefix(text)) {
            at = end;
            string(text);
            return;
        }
        // Python compares names in this form: a name in full-width letters is the same name.
        add(Token.Kind.NAME, ascii ? text : Normalizer.normalize(text, Normalizer.Form.NFKC));
        at = end;
    }

    private void operator() throws PythonSyntaxException {
        int longest = 1;
        while (longest < 3 && at + longest < source.length()
                && OPERATOR_ENDS.indexOf(source.charAt(at + longest)) >= 0) {
            longest++;
        }
        for (int length = longest; length > 0; length--) {
            String text = source.substring(at, at + length);
            if (OPERATORS.contains(text)) {
                bracket(text);
                add(Token.Kind.OP, text);
                at += length;
                return;
            }
        }
        throw found("the character U+%04X".formatted(source.codePointAt(at)));
    }

    private void bracket(String text) throws PythonSyntaxException {
        int closer = "([{".indexOf(text);
        if (closer >= 0) {
            open(")]}".charAt(closer));
        } else if (")]}".contains(text)) {
            if (closers.isEmpty() || closers.charAt(closers.length() - 1) != text.charAt(0)) {
                throw found("'" + text + "' that closes nothing");
            }
            closers.setLength(closers.length() - 1);
        }
    }

    private void open(char closer) throws PythonSyntaxException {
        if (closers.length() >= MAX_BRACKETS) {
            throw found("more than " + MAX_BRACKETS + " brackets in each other");
        }
        closers.append(closer);
    }

    private void string(String prefix) throws PythonSyntaxException {
        int start = line;
        char quote = source.charAt(at);
        String end = source.startsWith(String.valueOf(quote).repeat(3), at)
                ? String.valueOf(quote).repeat(3)
                : String.valueOf(quote);
        at += end.length();
        if (StringText.has(prefix, 'f') || StringText.has(prefix, 't')) {
            formatted(prefix, end, start);
            return;
        }
        int from = at;
        while (!source.startsWith(end, at)) {
            character(end, start);
        }
        String body = source.substring(from, at);
        at += end.length();
        out.add(new Token(Token.Kind.STRING, prefix, StringText.decode(prefix, body, start), start));
    }

    /** Steps over one character of a string, or a backslash and what it escapes. */
    private void character(String end, int start) throws PythonSyntaxException {
        int step = at < source.length() && source.charAt(at) == '\\' ? 2 : 1;
        if (at + step > source.length() || (step == 1 && end.length() == 1 && source.charAt(at) == '\n')) {
            throw new PythonSyntaxException(start, "a string that does not end");
        }
        if (source.charAt(at + step - 1) == '\n') {
            line++;
        }
        at += step;
    }

    private void formatted(String prefix, String end, int start) throws PythonSyntaxException {
        int mark = out.size();
        add(Token.Kind.FSTRING_START, prefix);
        boolean raw = StringText.has(prefix, 'r');
        StringBuilder body = new StringBuilder();
        while (!source.startsWith(end, at)) {
            int from = at;
            if (source.startsWith("{{", at) || source.startsWith("}}", at)) {
                at++;
                body.append(source.charAt(at++));
            } else if (at < source.length() && source.charAt(at) == '{') {
                field();
            } else if (at < source.length() && source.charAt(at) == '}') {
                throw found("'}' alone in an f-string");
            } else if (source.startsWith("\\{", at) || source.startsWith("\\}", at)) {
                // The brace keeps its meaning.
                body.append(raw ? "\\" : "\\\\");
                at++;
            } else if (!raw && source.startsWith("\\N{", at)) {
                at = source.indexOf('}', at) + 1;
                if (at == 0) {
                    throw new PythonSyntaxException(start, "a string that does not end");
                }
                body.append(source, from, at);
            } else {
                character(end, start);
                body.append(source, from, at);
            }
        }
        at += end.length();
        add(Token.Kind.FSTRING_END, "");
        if (out.size() == mark + 2) {
            out.subList(mark, mark + 2).clear();
            out.add(new Token(Token.Kind.STRING, prefix, StringText.decode(prefix, body.toString(), start), start));
        }
    }

    /** Reads one replacement field, from its '{' to its '}'. */
    private void field() throws PythonSyntaxException {
        at++;
        open('}');
        int depth = closers.length();
        int mark = out.size();
        while (!(closers.length() == depth && endsExpression())) {
            if (at >= source.length()) {
                throw found("an f-string that does not end");
            }
            token();
        }
        if (out.size() == mark) {
            throw found("an f-string with an empty expression");
        }
        add(Token.Kind.OP, ",");
        if (source.charAt(at) == '=') {
            at++;
            skipSpace();
        }
        if (source.startsWith("!", at)) {
            at++;
            while (at < source.length() && Character.isLetter(source.charAt(at))) {
                at++;
            }
            skipSpace();
        }
        if (source.startsWith(":", at)) {
            at++;
            specification();
        }
        if (!source.startsWith("}", at)) {
            throw found("an f-string with an expression that does not end");
        }
        at++;
        closers.setLength(depth - 1);
    }

    private void specification() throws PythonSyntaxException {
        while (at < source.length() && source.charAt(at) != '}') {
            if (source.charAt(at) == '{') {
                field();
            } else {
                if (source.charAt(at) == '\n') {
                    line++;
                }
                at++;
            }
        }
    }

    private boolean endsExpression() {
        if (at >= source.length()) {
            return false;
        }
        char c = source.charAt(at);
        char next = at + 1 < source.length() ? source.charAt(at + 1) : 0;
        return c == '}' || c == ':' || ((c == '!' || c == '=') && next != '=');
    }

    private void skipSpace() {
        while (at < source.length()
                && (source.charAt(at) == ' ' || source.charAt(at) == '\t' || source.charAt(at) == '\n')) {
            if (source.charAt(at) == '\n') {
                line++;
            }
            at++;
        }
    }

    private void skipComment() {
        if (at < source.length() && source.charAt(at) == '#') {
            int end = source.indexOf('\n', at);
            at = end < 0 ? source.length() : end;
            if (stray < at) {
                stray = SourceText.nextStray(source, at); // Python does not look into comments either
            }
        }
    }

    private void add(Token.Kind kind, String text) {
        out.add(Token.of(kind, text, line));
    }

    private PythonSyntaxException found(String what) {
        return new PythonSyntaxException(line, what);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
