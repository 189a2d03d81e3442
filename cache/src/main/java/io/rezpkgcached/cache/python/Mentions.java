package io.rezpkgcached.cache.python;

import io.rezpkgcached.cache.python.PythonValue.Computed;
import java.util.List;

/** Notes the names that running code uses, and what it could do to them. */
final class Mentions {
    private final Bindings bindings;

    Mentions(Bindings bindings) {
        this.bindings = bindings;
    }

    /** Notes the names in an expression; {@code later} where it may run at any later time. */
    void in(List<Token> expression, boolean later) {
        // A lambda and a generator run when somebody asks them to.
        boolean deferred = later || expression.stream().anyMatch(token -> token.is("lambda") || token.is("for"));
        for (int i = 0; i < expression.size(); i++) {
            Token token = expression.get(i);
            if (!token.isIdentifier()) {
                continue;
            }
            boolean attribute = i > 0 && expression.get(i - 1).isOp(".");
            if (Reach.isUnbounded(token.text(), attribute)) {
                unbounded(token, deferred);
            }
            if (attribute) {
                continue;
            }
            if (token.text().equals("scope")) {
                bindings.anythingSetLater(new Computed(token.line(), "'scope' may set any attribute"));
            }
            bindings.mention(token.text(), token.line(), deferred);
            if (i + 1 < expression.size() && expression.get(i + 1).isOp(":=")) {
                bindings.bind(token.text(), new Computed(token.line(), "set within an expression"));
            }
        }
    }

    private void unbounded(Token token, boolean deferred) {
        Computed by = new Computed(token.line(), "'" + token.text() + "' may set any name");
        if (deferred) {
            bindings.anythingSetLater(by);
        } else {
            bindings.anythingSet(by);
        }
    }

    /** Notes the names in the header of a 'with'; scope("x") sets the attribute x when the whole file has been read. */
    void with(List<Token> header) {
        boolean scope = header.size() >= 5 && header.get(1).is("scope") && header.get(2).isOp("(")
                && header.get(3).value() instanceof String && header.get(4).isOp(")") && !bindings.binds("scope");
        if (!scope) {
            in(header, false);
            return;
        }
        String name = (String) header.get(3).value();
        bindings.alwaysSet(name, new Computed(header.get(1).line(), "set by 'with scope'"));
        in(header.subList(5, header.size()), false);
    }
}
