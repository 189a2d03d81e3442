package io.rezpkgcached.client.syntax;

import java.util.List;

/** A program with every kind of option, value and operand that can be declared, and words that shells and roff mistake. */
public final class Sample {
    private static final String PROGRAM = "rez-pkg-cache";
    private static final List<Command.Exit> EXITS = List.of(new Command.Exit(0, "done"),
            new Command.Exit(1, "not done; the reason is on stderr"), new Command.Exit(2, "bad command line"));

    public static final Option ADD = Option.some("URI", "add variants to the cache", "-a", "--add-variants")
            .in("action");
    public static final Option COLUMNS = Option.some("COLUMN", "columns to print", "-c", "--columns").of("status",
            "package", "variant_uri");
    public static final Option MODE = Option
            .one("", "if 'sync', it is waited for. If 'async', it is not", "--pkg-cache-mode").of("sync", "async");
    public static final Option CACHE = Option.one("DIR", "package cache directory; default: [the] setting \\x",
            "--cache");
    public static final Option FORMAT = Option.one("FORMAT", "print for a program: sh or json", "-o", "--format")
            .of("sh", "json");

    public static final Command REZ = new Command(PROGRAM, "", "list a package cache",
            "List the variants in a package cache.",
            List.of(ADD, Option.flag("remove unused variants", "--clean").in("action"),
                    Option.flag("", "--daemon").in("action"), MODE, COLUMNS,
                    Option.flag("verbose mode, repeat for more verbosity", "-v", "--verbose")),
            Operands.optional("DIR", "package cache directory"), List.of(), EXITS);

    public static final Command ENQUEUE = new Command(PROGRAM, "enqueue", "request variants to be cached",
            """
                    Request the variants of contexts: it's quick. Never waits
                    for the daemon.

                    .sys holds what `is` "asked" for; ^ and ~ stay, \\ too,
                    and so does \u00e4.

                    'That' was it.
                    """,
            List.of(CACHE, FORMAT, Option.one("SECONDS", "give up after that long", "--timeout")),
            Operands.some("URI|FILE|-", "a variant, a context file (.rxt), or a context on standard input"),
            List.of(new Command.Example("rez-env foo -- rez-pkg-cache enqueue --cache '/a b' -", "request it all"),
                    new Command.Example("rez-pkg-cache enqueue \\\\srv", "nothing 'useful'")),
            EXITS);

    public static final Command REQUESTS = new Command(PROGRAM, "requests", "show what was asked for",
            "Show what was asked for.", List.of(Option.one("FILE", "write it there", "--output")),
            Operands.any("retry|discard", "what to do with them"), List.of(), EXITS);

    public static final Command STATUS = new Command(PROGRAM, "status", "show a context", "Show a context.", List.of(),
            Operands.NONE, List.of(), EXITS);

    public static final List<Command> ALL = List.of(REZ, ENQUEUE, REQUESTS, STATUS);

    private Sample() {}

    /** Those that are selected by a word. */
    public static List<Command> withWord() {
        return ALL.subList(1, ALL.size());
    }
}
