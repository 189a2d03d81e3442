package io.rezpkgcached.cache.python;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a function, or a method of a class, could do to the module's names if it ran.
 *
 * @param runs whether something may run it though the file does not mention it again: a decorator
 * @param names the names in it, its own ones among them
 * @param globals the names that it declares global
 * @param unbounded whether it can set any name
 */
record FunctionCode(String name, int line, boolean runs, Set<String> names, Set<String> globals, boolean unbounded) {

    FunctionCode {
        names = Set.copyOf(names);
        globals = Set.copyOf(globals);
    }

    static FunctionCode of(String name, boolean runs, List<Token> body, int line) {
        Set<String> names = new TreeSet<>();
        Set<String> globals = new TreeSet<>();
        boolean unbounded = false;
        boolean inGlobal = false;
        for (int i = 0; i < body.size(); i++) {
            Token token = body.get(i);
            if (token.is("global")) {
                inGlobal = true;
            } else if (token.kind() == Token.Kind.NEWLINE || token.isOp(";")) {
                inGlobal = false;
            } else if (token.isIdentifier()) {
                boolean attribute = i > 0 && body.get(i - 1).isOp(".");
                // An early bound function sees the package's attributes in 'this', the very objects.
                if (!attribute || (i > 1 && body.get(i - 2).is("this"))) {
                    names.add(token.text());
                }
                if (inGlobal) {
                    globals.add(token.text());
                }
                unbounded |= Reach.isUnbounded(token.text(), attribute) || (token.text().equals("scope") && !attribute);
            }
        }
        return new FunctionCode(name, line, runs, names, globals, unbounded);
    }
}
