package io.rezpkgcached.cache.python;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The names that statements bind other than by an assignment of one value. */
final class Targets {
    private static final Set<String> BEFORE = Set.of(",", "(", "[", "*");
    private static final Set<String> AFTER = Set.of(",", ")", "]");

    private Targets() {}

    /** The names in a target of an assignment, of a 'for' or of a 'del': not those that are only used, as in a.b and a[b]. */
    static List<Token> in(List<Token> target) {
        List<Token> names = new ArrayList<>();
        int used = 0;
        for (int i = 0; i < target.size(); i++) {
            Token token = target.get(i);
            Token before = i > 0 ? target.get(i - 1) : null;
            if (used > 0 || (token.opens() && before != null && before.endsOperand())) {
                used += token.opens() ? 1 : token.closes() ? -1 : 0;
                continue;
            }
            boolean starts = before == null || (before.kind() == Token.Kind.OP && BEFORE.contains(before.text()));
            boolean ends = i + 1 == target.size()
                    || (target.get(i + 1).kind() == Token.Kind.OP && AFTER.contains(target.get(i + 1).text()));
            if (token.isIdentifier() && starts && ends) {
                names.add(token);
            }
        }
        return names;
    }

    /** The names bound by the header of a block; all of them where {@code all}, as the patterns of 'case' bind names anywhere. */
    static List<Token> inHeader(List<Token> header, boolean all) {
        if (all) {
            return header.stream().filter(Token::isIdentifier).toList();
        }
        List<Token> names = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).is("for")) {
                int end = i + 1;
                for (int depth = 0; end < header.size() && !(depth == 0 && header.get(end).is("in"))
                        && !header.get(end).is("for"); end++) {
                    depth += header.get(end).opens() ? 1 : header.get(end).closes() ? -1 : 0;
                }
                names.addAll(in(header.subList(i + 1, end)));
            } else if (header.get(i).is("as")) {
                names.addAll(asTarget(header.subList(i + 1, header.size())));
            }
        }
        return names;
    }

    private static List<Token> asTarget(List<Token> rest) {
        int depth = 0;
        int end = 0;
        for (; end < rest.size(); end++) {
            depth += rest.get(end).opens() ? 1 : rest.get(end).closes() ? -1 : 0;
            if (depth < 0 || (depth == 0 && rest.get(end).isOp(","))) {
                break;
            }
        }
        return in(rest.subList(0, end));
    }

    /** The names bound by the part of an import that lists them; the first word of 'a.b', the last of 'a as b'. */
    static List<Token> imported(List<Token> list, boolean from) {
        List<Token> names = new ArrayList<>();
        Token bound = null;
        for (Token token : list) {
            if (token.isOp(",")) {
                bound = null;
            } else if (token.is("as")) {
                if (bound != null) {
                    names.removeLast();
                }
                bound = null;
            } else if (token.isIdentifier() && (bound == null || from)) {
                bound = token;
                names.add(token);
            }
        }
        return names;
    }
}
