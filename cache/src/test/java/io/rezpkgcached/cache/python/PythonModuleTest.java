package io.rezpkgcached.cache.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.rezpkgcached.cache.python.PythonValue.Computed;
import io.rezpkgcached.cache.python.PythonValue.Literal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonModuleTest {
    /** What took time in proportion to the square would take minutes; a busy machine may take seconds. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static PythonModule parse(String source) throws PythonSyntaxException {
        return PythonModule.parse(source);
    }

    private static void assertLiteral(Object value, String expression) throws PythonSyntaxException {
        assertEquals(Optional.of(new Literal(value, 1)), parse("x = " + expression + "\n").get("x"), expression);
    }

    private static void assertComputed(String source) throws PythonSyntaxException {
        assertInstanceOf(Computed.class, parse(source).get("x").orElseThrow(), source);
    }

    @Test
    void get_nameNeverBound_isEmpty() throws PythonSyntaxException {
        assertEquals(Optional.empty(), parse("a = 1\n").get("x"));
        assertEquals(Set.of("a"), parse("a = 1\n").names());
    }

    @Test
    void parse_emptyOrBlank_bindsNothing() throws PythonSyntaxException {
        for (String source : List.of("", "\n", "   ", "# only\n", "\uFEFF# mark", "\t\n  # x\n\f\n")) {
            assertEquals(Set.of(), parse(source).names(), source);
        }
    }

    @Test
    void get_string_isDecoded() throws PythonSyntaxException {
        assertLiteral("a'b", "\"a'b\"");
        assertLiteral("a\nb", "'''a\nb'''");
        assertLiteral("a\"\"b", "\"\"\"a\"\"b\"\"\"");
        assertLiteral("", "''");
        assertLiteral("", "''''''");
        assertLiteral("\\n", "r'\\n'");
        assertLiteral("\\'", "R'\\''");
        assertLiteral("u", "U'u'");
        assertLiteral("ab", "'a' \"b\"");
        assertLiteral("ab", "('a'\n   'b')");
        assertLiteral("ab", "'a\\\nb'");
        assertLiteral("\u0007\b\f\n\r\t\u000b\\'\"", "'\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'");
        assertLiteral("A\u0001\u00e9\u20ac\ud83d\ude00", "'\\x41\\1\\351\\u20ac\\U0001f600'");
        assertLiteral("\\d\\8", "'\\d\\8'");
        assertLiteral("{x}", "f'{{x}}'");
        assertLiteral("\ud83d\ude00", "'\ud83d\ude00'");
    }

    @Test
    void get_stringThatIsNotPlain_isComputed() throws PythonSyntaxException {
        for (String source : List.of("b'x'", "Rb'x'", "'\\N{BULLET}'", "'\\ud83d'", "f'{1}'", "rf\"{x['a']}\"",
                "'a' f'{b}'", "f'{x:>{y}}'",
                "f'{x!r}' 'b'", "f'{x=}'", "f'{x[\"a\"]}'", "f\"{f'{y}'}\"", "f'''{\nx\n}'''", "'%s' % 1", "'a' + 'b'",
                "f'\\N{BULLET}'")) {
            assertComputed("x = " + source + "\n");
        }
    }

    @Test
    void get_number_isExact() throws PythonSyntaxException {
        assertLiteral(0L, "0");
        assertLiteral(0L, "000");
        assertLiteral(-12L, "-12");
        assertLiteral(12L, "+12");
        assertLiteral(1000000L, "1_000_000");
        assertLiteral(255L, "0xFf");
        assertLiteral(8L, "0o1_0");
        assertLiteral(5L, "0B101");
        assertLiteral(Long.MIN_VALUE, "-9223372036854775808");
        assertLiteral(new BigInteger("9223372036854775808"), "9223372036854775808");
        assertLiteral(1.5, "1.5");
        assertLiteral(0.5, ".5");
        assertLiteral(5.0, "5.");
        assertLiteral(1200.0, "1.2e3");
        assertLiteral(-0.01, "-1e-2");
        assertComputed("x = 3j\n");
        assertComputed("x = --3\n");
        assertComputed("x = ~3\n");
        assertComputed("x = 1 + 2\n");
        assertComputed("x = -True\n");
    }

    @Test
    void get_constant_isItsValue() throws PythonSyntaxException {
        assertLiteral(true, "True");
        assertLiteral(false, "(False)");
        assertLiteral(null, "None");
        assertComputed("x = ...\n");
        assertComputed("x = not True\n");
    }

    @Test
    void get_container_isNested() throws PythonSyntaxException {
        assertLiteral(List.of(), "[]");
        assertLiteral(List.of(), "()");
        assertLiteral(Map.of(), "{}");
        assertLiteral(List.of(List.of("a", "b"), List.of()), "[['a', 'b'], [],]");
        assertLiteral("a", "('a')");
        assertLiteral(List.of("a"), "('a',)");
        assertLiteral(List.of("a", 1L), "'a', 1");
        assertLiteral(List.of("a"), "'a',");
        assertLiteral(List.of(1L, 2L), "{1, 2, 1}");
        assertLiteral(Map.of("a", 1L, "b", List.of(Map.of("c", 2L))), "{'a': 1, 'b': [{'c': 2}],}");
        assertLiteral(Map.of("a", 2L), "{'a': 1, 'a': 2}");
        assertLiteral(Arrays.asList(null, true), "[None, True]");
        assertLiteral(List.of("a", "b"), "[ # ]\n 'a',\n\n  'b' # ,\n ]");
    }

    @Test
    void get_containerWithMore_isComputed() throws PythonSyntaxException {
        for (String expression : List.of("[a]", "[*a]", "{**a}", "[1 for _ in a]", "{'a': b}", "[1][0]", "[1] * 2",
                "(1 if a else 2)",
                "[lambda: 1]", "f(1)", "(yield)", "{1: 'a', True: 'b'}", "{1.0: 'a'}", "{(1,): 2}", "a.b", "[1,, 2]",
                "{1, 2: 3}",
                "'a'.join(b)", "(a := 1)", "await a")) {
            assertComputed("x = " + expression + "\n");
        }
    }

    @Test
    void get_assignedTwice_isTheLast() throws PythonSyntaxException {
        PythonModule module = parse("x = 1\ny = 2; x = 3; y = 'z';\nx: int = 4\n");
        assertEquals(Optional.of(new Literal(4L, 3)), module.get("x"));
        assertEquals(Optional.of(new Literal("z", 2)), module.get("y"));
    }

    @Test
    void get_assignmentForms_areLiteral() throws PythonSyntaxException {
        assertEquals(Optional.of(new Literal(3L, 1)), parse("a = x = b = 3").get("x"));
        assertEquals(Optional.of(new Literal(3L, 1)), parse("x: 'int' = 3").get("x"));
        assertEquals(Optional.of(new Literal(3L, 1)), parse("(x) = 3").get("x"));
        assertEquals(Optional.of(new Literal(3L, 1)), parse("x = \\\n  3").get("x"));
        assertEquals(Optional.of(new Literal(3L, 2)), parse("# -*- coding: utf-8 -*-\r\nx = 3\r\n").get("x"));
        assertEquals(Optional.of(new Literal("a\nb", 2)), parse("\r\nx = '''a\r\nb'''\r\n").get("x"));
        assertEquals(Optional.of(new Literal(3L, 2)), parse("import os\nx = 3").get("x"));
        assertEquals(Optional.empty(), parse("x: int\n").get("x"));
        // Full-width letters spell the same name.
        assertEquals(Optional.of(new Literal(3L, 2)), parse("x = 2\n\uff58 = 3\n").get("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x += 1", "x, y = 1, 2", "[x] = [1]", "*x, y = z", "(x, (y, z)) = a", "del x", "del (x, y)",
            "import x",
            "import a.b as x", "from a import x", "from a import (b, c as x,)", "import x.y", "for x in y: pass",
            "for a, x in y: pass",
            "with a() as x: pass", "with a() as b, c() as (d, x): pass", "if (x := 3): pass", "print(x := 3)",
            "[(x := 1) for a in b]",
            "if a: x = 1", "if a:\n  pass\nelse:\n  if b:\n    x = 1", "try:\n  x = 1\nexcept E as e:\n  pass",
            "try:\n  pass\nexcept E as x:\n  pass",
            "while a:\n\n  # c\n  x = 1\n", "match a:\n  case [x]:\n    pass", "match a:\n  case b: x = 1",
            "match a:\n  case {'k': x}: pass",
            "async def x(): pass", "def x(): return 1", "@early()\ndef x():\n  return 1",
            "@late()\n@include('a')\ndef x():\n  return 1",
            "class x:\n  pass", "class x(object): a = 1", "type x = int", "x[0] = 1", "x.y = 1", "f'{(x := 1)}'",
            "with scope('x') as c:\n  c.a = 1", "with scope('y'):\n  x = 1", "with scope(a):\n  pass",
            "for a in b: x = 1"})
    void get_boundInAnyOtherWay_isComputed(String statement) throws PythonSyntaxException {
        assertComputed("x = 1\n" + statement + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.append(1)", "x[0] = 1", "x[0].append(1)", "x += [1]", "del x[0]", "y = x\ny.append(1)",
            "f(x)",
            "y.extend(x)", "for i in x: i.append(1)", "y = [x]", "print(f'{x.append(1)}')", "class A:\n  x.append(1)",
            "if a:\n  x.append(1)",
            "y, x[0] = 1, 2", "def f():\n  x.append(1)\nf()", "def f():\n  g()\ndef g():\n  x.append(1)\ny = f()",
            "@early()\ndef y():\n  this.x.append(1)\n  return 1", "@other\ndef f():\n  x.append(1)",
            "@late()\ndef f(a=x.append(1)):\n  return 1"})
    void get_listUsedByOtherCode_isComputed(String statement) throws PythonSyntaxException {
        assertComputed("x = [[]]\n" + statement + "\n");
    }

    @Test
    void get_listWithTwoNames_isComputedWhereEitherIsUsed() throws PythonSyntaxException {
        assertComputed("x = y = []\ny.append(1)\n");
        assertComputed("y = x = []\ny[0] = 1\n");
        assertComputed("y = x = []\nif a: y = 1\ny.append(1)\n");
        assertEquals(Optional.of(new Literal(List.of(), 1)), parse("x = []; y = []\ny.append(1)\n").get("x"));
    }

    @Test
    void get_deferredCodeBeforeAssignment_isComputed() throws PythonSyntaxException {
        assertComputed("f = lambda: x.append(1)\nx = []\nf()\n");
        assertComputed("def f():\n  x.append(1)\nx = []\nf()\n");
        assertComputed("def f():\n  global x\n  x = 2\nx = 1\nf()\n");
        assertComputed("def f():\n  global y, x\n  x = 2\ng = f\nx = 1\ng()\n");
        assertComputed("class A:\n  def __init__(self):\n    global x\n    x = 2\nx = 1\nA()\n");
        assertComputed("def f():\n  exec('x = 2', globals())\nx = 1\nf()\n");
        assertComputed("with scope('x') as c:\n  c.a = 1\nx = 1\n");
        assertComputed("g = (x.append(1) for i in [1])\nx = []\nlist(g)\n");
    }

    @Test
    void get_codeThatDoesNotRun_leavesLiteral() throws PythonSyntaxException {
        for (String code : List.of("def commands():\n  x = 2\n  global x\n", "@late()\ndef f():\n  x.append(1)\n",
                "y = 'x'\n",
                "'x = 2'\n", "def f(): x.append(1)\n", "# x.append(1)\n", "y.x = 1\n", "y.x.append(1)\n", "print(y)\n",
                "with scope('config') as c:\n  c.x = '/a'\n", "if a:\n  y = 1\n", "y = 'x' if a else 'b'\n", "pass\n",
                "y = 1 # x\n")) {
            assertEquals(Optional.of(new Literal(List.of("a"), 1)), parse("x = ['a']\n" + code).get("x"), code);
        }
    }

    @Test
    void get_immutableUsedByOtherCode_staysLiteral() throws PythonSyntaxException {
        assertEquals(Optional.of(new Literal("1.0", 1)), parse("x = '1.0'\ny = f(x)\nz = f'{x}'\n").get("x"));
    }

    @Test
    void get_afterWhatMaySetAnything_isComputedUntilAssigned() throws PythonSyntaxException {
        for (String statement : List.of("from a import *", "exec('x = 2')", "globals()['x'] = 2", "globals().update(a)",
                "vars()['x'] = 1",
                "locals()['x'] = 2", "eval(a)", "sys._getframe().f_globals['x'] = 2", "builtins.exec(a)",
                "if a: exec(b)",
                "f.__globals__['x'] = 1")) {
            assertComputed("x = 1\n" + statement + "\n");
            assertComputed(statement + "\n");
            assertEquals(Optional.of(new Literal(1L, 2)), parse(statement + "\nx = 1\n").get("x"), statement);
        }
    }

    @Test
    void get_computed_saysWhereAndWhy() throws PythonSyntaxException {
        assertEquals(Optional.of(new Computed(2, "refers to 'y'")), parse("\nx = ['a', y]\n").get("x"));
        assertEquals(Optional.of(new Computed(4, "set within a block")),
                parse("if a:\n  x = 1\nelse:\n  x = 2\n").get("x"));
        assertEquals(Optional.of(new Computed(2, "a function")), parse("@early()\ndef x():\n  return 1\n").get("x"));
        assertEquals(Optional.of(new Computed(1, "formats a string")), parse("x = f'{y}'\n").get("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x = [1", "x = 1]", "x = (1]", "x = 'a", "x = 'a\n'", "x = '''a", "x =", "= 1", "x = 1 2",
            "foo bar",
            "print 'a'", "  x = 1", "if a:\nx = 1", "if a:\n    x = 1\n  y = 2", "if a\n  x = 1", "x = $", "x = `a`",
            "x = '\\x4'",
            "x = '\\U00110000'", "x = 0777", "x = 1__0", "x = f'{a'", "x = f'}'", "x = f'{}'", "x = a ? b : c",
            "def : pass", "1 = x",
            "@early()\nx = 1", "x = \\ 1", "{\"name\": \"a\"", "from a", "x = 1\0", "<html>", "name: [a\n"})
    void parse_notPython_isRefused(String source) {
        assertThrows(PythonSyntaxException.class, () -> PythonModule.parse(source));
    }

    @Test
    void parse_notPython_namesLineAndFinding() {
        PythonSyntaxException e = assertThrows(PythonSyntaxException.class,
                () -> PythonModule.parse("x = 1\ny = 2 z\n"));
        assertEquals("line 2: 'z' after '2'", e.getMessage());
        assertEquals(2, e.line());
    }

    @Test
    void parse_deepNesting_isRefusedQuickly() {
        for (String open : List.of("[", "(", "{", "f'{", "lambda: (", "a[", "-(")) {
            assertTimeout(LIMIT, () -> assertThrows(PythonSyntaxException.class,
                    () -> PythonModule.parse("x = " + open.repeat(10_000) + "\n"), open));
        }
        StringBuilder blocks = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            blocks.append(" ".repeat(i)).append("if a:\n");
        }
        assertThrows(PythonSyntaxException.class, () -> PythonModule.parse(blocks.toString()));
    }

    @Test
    void parse_longText_takesTimeInProportion() {
        int size = 1 << 20;
        for (String source : List.of("x = '" + "a".repeat(size) + "'", "x = [" + "1,".repeat(size / 2) + "]",
                "x = " + "'a' ".repeat(size / 4),
                "#" + "x".repeat(size), "x".repeat(size) + " = 1", "x = " + "not ".repeat(size / 4) + "1",
                "x = " + "a=".repeat(size / 2) + "1",
                "\n".repeat(size), "x = 0x" + "f".repeat(size), "for ".repeat(size / 4) + ": pass",
                "x=[]\nx.a\n".repeat(size / 10),
                "exec(a)\nx=1\n".repeat(size / 12), "a;".repeat(size / 2), "f'" + "{a}".repeat(size / 3) + "'")) {
            assertTimeout(LIMIT, () -> {
                try {
                    PythonModule.parse(source);
                } catch (PythonSyntaxException e) {
                    assertEquals(1, e.line(), "only the one line of 'for for' and the like may be refused");
                }
            }, () -> source.substring(0, 20));
        }
    }
}
