package io.rezpkgcached.settings;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files and variables that a real rez and we read. {@code ROOT} stands for the folder of the case. */
final class RealRezCases {

    /**
     * One case.
     *
     * @param files text by name; {@code home/} is the home directory and {@code work/} the working directory
     * @param isError whether rez, too, finds something wrong
     */
    record Case(String name, Map<String, String> files, Map<String, String> variables, boolean isError) {

        Case file(String file, String text) {
            Map<String, String> more = new TreeMap<>(files);
            more.put(file, text);
            return new Case(name, more, variables, isError);
        }

        Case variable(String variable, String value) {
            Map<String, String> more = new TreeMap<>(variables);
            more.put(variable, value);
            return new Case(name, files, more, isError);
        }

        Case fails() {
            return new Case(name, files, variables, true);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private RealRezCases() {}

    static Stream<Case> all() {
        return Stream.of(files(), yamlTypes(), python(), variables(), json(), expansion())
                .flatMap(cases -> cases);
    }

    private static Stream<Case> files() {
        return Stream.of(a("nothing"),
                yaml("home file", "tmpdir: /a\n"),
                a("home file, Python").file("home/.rezconfig.py", "tmpdir = '/a'\n"),
                a("home file in both formats").file("home/.rezconfig", "tmpdir: /yaml\nmemcached_uri: [a]\n")
                        .file("home/.rezconfig.py", "tmpdir = '/python'\n"),
                a("home file with a suffix").file("home/.rezconfig.yaml", "tmpdir: /a\n"),
                yaml("home file disabled by true", "tmpdir: /a\n").variable("REZ_DISABLE_HOME_CONFIG", "TRUE"),
                yaml("home file disabled by t", "tmpdir: /a\n").variable("REZ_DISABLE_HOME_CONFIG", "t"),
                yaml("home file disabled by 1", "tmpdir: /a\n").variable("REZ_DISABLE_HOME_CONFIG", "1"),
                yaml("home file not disabled by yes", "tmpdir: /a\n").variable("REZ_DISABLE_HOME_CONFIG", "yes"),
                a("several files").file("a.yaml", "tmpdir: /a\npackage_cache_log_days: 1\n")
                        .file("b.txt", "tmpdir: /b\n").file("home/.rezconfig", "package_cache_space_buffer: 3\n")
                        .variable("REZ_CONFIG_FILE", "ROOT/a.yaml:ROOT/missing:ROOT/b.txt:"),
                a("file named yaml is Python beside it").file("a.py", "tmpdir = '/python'\n")
                        .file("a.yaml", "tmpdir: /yaml\n").variable("REZ_CONFIG_FILE", "ROOT/a.yaml"),
                a("file named py that is not there").file("a.yaml", "tmpdir: /yaml\n")
                        .variable("REZ_CONFIG_FILE", "ROOT/a.py"),
                a("file of a dotted folder").file("c.d/config", "tmpdir: /a\n")
                        .variable("REZ_CONFIG_FILE", "ROOT/c.d/config"),
                a("file relative to the working directory").file("work/x", "tmpdir: /a\n")
                        .variable("REZ_CONFIG_FILE", "x"),
                a("tilde in the list of files").file("home/x", "tmpdir: /a\n").variable("REZ_CONFIG_FILE", "~/x"),
                a("folder instead of a file").file("d/x", "").variable("REZ_CONFIG_FILE", "ROOT/d"),
                a("empty path finds .py").file("work/.py", "tmpdir = '/a'\n").variable("REZ_CONFIG_FILE", ":/none"),
                a("dictionaries merge").file("a", """
                        default_cachable_per_package: {a: true, b: false}
                        platform_map: {os: {x: y, z: a}}
                        """).file("b.py", """
                        default_cachable_per_package = {'b': 1, 'c': None}
                        platform_map = {'os': {'x': 'b'}}
                        """).variable("REZ_CONFIG_FILE", "ROOT/a:ROOT/b.py"),
                a("dictionary replaced by none").file("a", "default_cachable_per_package: {a: true}\n")
                        .file("home/.rezconfig", "default_cachable_per_package:\n")
                        .variable("REZ_CONFIG_FILE", "ROOT/a"),
                a("HOME with a slash at its end").variable("HOME", "ROOT/home/"));
    }

    private static Stream<Case> yamlTypes() {
        return Stream.of(
                yaml("all types", """
                        cache_packages_path: /cache
                        packages_path: [/a, "~/b"]
                        read_package_cache: no
                        write_package_cache: Off
                        package_cache_max_variant_days: 0x10
                        package_cache_log_days: 1_000
                        package_cache_space_buffer: 010
                        package_cache_used_threshold: 1:30
                        package_cache_clean_limit: 1.5
                        default_cachable: ~
                        default_relocatable: false
                        memcached_uri: ["a:1", "b:2"]
                        """),
                yaml("empty", ""), yaml("only a comment", "# nothing\n"), yaml("an empty list", "[]\n"),
                yaml("a list", "[a]\n").fails(), yaml("a text", "hello\n").fails(),
                yaml("two documents", "tmpdir: /a\n---\ntmpdir: /b\n").fails(),
                yaml("not YAML", "a: [\n").fails(),
                yaml("integer for a float", "package_cache_clean_limit: -1\n").fails(),
                yaml("float", "package_cache_clean_limit: -1.0\n"),
                yaml("exponent without a point is text", "package_cache_clean_limit: 1e3\n").fails(),
                yaml("exponent without a sign is text", "package_cache_clean_limit: 1.0e3\n").fails(),
                yaml("exponent", "package_cache_clean_limit: 1.0e+3\n"),
                yaml("infinity", "package_cache_clean_limit: -.inf\n").file("home/x", ""),
                yaml("float for an integer", "package_cache_log_days: 1.0\n").fails(),
                yaml("true for an integer", "default_cachable_per_package: {a: yes, b: 0, c: 08, d: ''}\n"),
                yaml("integer for a boolean", "read_package_cache: 1\n").fails(),
                yaml("text for a boolean", "read_package_cache: 'true'\n").fails(),
                yaml("none for a boolean", "read_package_cache:\n").fails(),
                yaml("text for a list", "packages_path: /a\n").fails(),
                yaml("number in a list", "implicit_packages: [a, 1]\n").fails(),
                yaml("none for lists", "memcached_uri:\nimplicit_packages:\n").fails(),
                yaml("list for a dictionary", "default_relocatable_per_repository: [a]\n").fails(),
                yaml("number for a text", "local_packages_path: 5\ntmpdir: 2020-01-01\n").fails(),
                yaml("none for texts", "tmpdir: null\ncache_packages_path: null\nvariant_shortlinks_dirname: null\n"),
                yaml("bad setting that is not ours", "gui_threads: 17\nnonsense: [1]\nplugins: {a: 5}\n"),
                yaml("names twice", "tmpdir: /a\ntmpdir: /b\n"),
                yaml("anchors", "memcached_uri: &x [a, b]\nimplicit_packages: *x\n"),
                yaml("merge key", "base: &b {default_relocatable: false}\n<<: *b\n"),
                yaml("tuple of Python's", "nonsense: !!python/tuple [1]\ntmpdir: /a\n"));
    }

    private static Stream<Case> python() {
        return Stream.of(
                python("all types", """
                        import os
                        cache_packages_path = "/cache"
                        packages_path = ["/a", r'~/b',]
                        read_package_cache = False
                        package_cache_max_variant_days = 0x10
                        package_cache_space_buffer = -1_024
                        package_cache_log_days = True
                        package_cache_clean_limit = 1e3
                        default_cachable = None
                        default_cachable_per_repository = {"/svr": True, '/b': 0}
                        memcached_uri = []
                        plugins = {"release_vcs": {"tag_name": "x"}}
                        quiet = bool(os.getenv("QUIET"))
                        """),
                python("integer for a float", "package_cache_clean_limit = -1\n").fails(),
                python("not Python", "tmpdir = = 1\n").fails(),
                python("list added to", """
                        packages_path = ModifyList(append=["/a"], prepend=['/b(', "/c"])  # ), [
                        implicit_packages = ModifyList(
                            prepend=[
                                "x",
                            ],
                        )
                        memcached_uri = ModifyList(append=None)
                        """),
                a("list added to twice").file("a.py", "packages_path = ModifyList(append=['/a'])\n")
                        .file("b.py", "packages_path = ModifyList(prepend=['/b'])\n")
                        .variable("REZ_CONFIG_FILE", "ROOT/a.py:ROOT/b.py"),
                a("list added to, then replaced").file("a.py", "packages_path = ModifyList(append=['/a'])\n")
                        .file("home/.rezconfig", "packages_path: [/b]\n")
                        .variable("REZ_CONFIG_FILE", "ROOT/a.py"),
                a("computed, then replaced").file("a.py", "import os\ntmpdir = os.path.join('/', 'a')\n")
                        .file("home/.rezconfig", "tmpdir: /b\n").variable("REZ_CONFIG_FILE", "ROOT/a.py"),
                python("computed, and a variable", "import os\ntmpdir = os.sep\n").variable("REZ_TMPDIR", "/v"),
                python("last of two", "tmpdir = '/a'\ntmpdir = '/b'\n"));
    }

    private static Stream<Case> variables() {
        return Stream.of(
                a("true words").variable("REZ_READ_PACKAGE_CACHE", "ON").variable("REZ_WRITE_PACKAGE_CACHE", "y")
                        .variable("REZ_PACKAGE_CACHE_LOCAL", "T").variable("REZ_PACKAGE_CACHE_SAME_DEVICE", "1")
                        .variable("REZ_PACKAGE_CACHE_DURING_BUILD", "Yes").variable("REZ_DEBUG_MEMCACHE", "true"),
                a("false words").variable("REZ_READ_PACKAGE_CACHE", "Off").variable("REZ_WRITE_PACKAGE_CACHE", "N")
                        .variable("REZ_PACKAGE_CACHE_ASYNC", "F").variable("REZ_RESOLVE_CACHING", "0")
                        .variable("REZ_DEFAULT_CACHABLE", "no").variable("REZ_USE_VARIANT_SHORTLINKS", "false"),
                a("no boolean").variable("REZ_READ_PACKAGE_CACHE", "maybe").variable("REZ_DEFAULT_CACHABLE", "")
                        .fails(),
                a("empty").variable("REZ_CACHE_PACKAGES_PATH", "").variable("REZ_PACKAGES_PATH", "")
                        .variable("REZ_MEMCACHED_URI", "").variable("REZ_TMPDIR", ""),
                a("empty number").variable("REZ_PACKAGE_CACHE_LOG_DAYS", "").fails(),
                a("empty dictionary").variable("REZ_DEFAULT_CACHABLE_PER_PACKAGE", "").fails(),
                a("integers").variable("REZ_PACKAGE_CACHE_LOG_DAYS", " -7 ")
                        .variable("REZ_PACKAGE_CACHE_SPACE_BUFFER", "1_000")
                        .variable("REZ_PACKAGE_CACHE_USED_THRESHOLD", "+08"),
                a("no integers").variable("REZ_PACKAGE_CACHE_LOG_DAYS", "1.0")
                        .variable("REZ_PACKAGE_CACHE_SPACE_BUFFER", "1__0")
                        .variable("REZ_PACKAGE_CACHE_USED_THRESHOLD", "0x10").fails(),
                a("integer as a float").variable("REZ_PACKAGE_CACHE_CLEAN_LIMIT", "-1"),
                a("float").variable("REZ_PACKAGE_CACHE_CLEAN_LIMIT", " 1_0.5e-1 "),
                a("no float").variable("REZ_PACKAGE_CACHE_CLEAN_LIMIT", "1d").fails(),
                a("lists").variable("REZ_IMPLICIT_PACKAGES", " a,b  c,,\td ")
                        .variable("REZ_PACKAGES_PATH", "/a::/b c,d:~/e").variable("REZ_MEMCACHED_URI", "a:1,b:2"),
                a("dictionaries").variable("REZ_DEFAULT_CACHABLE_PER_PACKAGE", "a:0,b:false,c:1.5,d:,e:1:2, f: 3")
                        .variable("REZ_DEFAULT_RELOCATABLE_PER_REPOSITORY", "/svr:0"),
                a("no dictionary").variable("REZ_DEFAULT_CACHABLE_PER_PACKAGE", "a:1,b").fails(),
                a("dictionary replaces that of a file")
                        .file("home/.rezconfig", "default_cachable_per_package: {a: 1}\n")
                        .variable("REZ_DEFAULT_CACHABLE_PER_PACKAGE", "b:1"),
                yaml("variable over file", "tmpdir: /a\npackage_cache_async: 5\n").variable("REZ_TMPDIR", "/b")
                        .variable("REZ_PACKAGE_CACHE_ASYNC", "0"),
                a("folder for temporary files").variable("TMPDIR", "/none").variable("TEMP", "../work/./"),
                a("folder for temporary files by a link in the list").variable("TMP", "ROOT//home/"),
                a("variables of one name for another case").variable("rez_tmpdir", "/b"));
    }

    private static Stream<Case> json() {
        return Stream.of(
                a("values").variable("REZ_PACKAGES_PATH_JSON", "[\"/a\", \"~/b\"]")
                        .variable("REZ_PACKAGE_CACHE_ASYNC_JSON", "false").variable("REZ_DEFAULT_CACHABLE_JSON", "null")
                        .variable("REZ_PACKAGE_CACHE_CLEAN_LIMIT_JSON", "1e1")
                        .variable("REZ_DEFAULT_CACHABLE_PER_PACKAGE_JSON", "{\"a\": true, \"b\": {\"c\": [null]}}")
                        .variable("REZ_MEMCACHED_URI_JSON", "null"),
                a("text over JSON").variable("REZ_TMPDIR_JSON", "\"/a\"").variable("REZ_TMPDIR", "/b"),
                a("JSON that is none, of text").variable("REZ_TMPDIR_JSON", "/a").fails(),
                a("cut JSON").variable("REZ_PACKAGES_PATH_JSON", "[\"/a\"").fails(),
                a("more than one value").variable("REZ_PACKAGES_PATH_JSON", "[] []").fails(),
                a("empty JSON").variable("REZ_PACKAGES_PATH_JSON", "").fails(),
                a("integer for a float, in JSON").variable("REZ_PACKAGE_CACHE_CLEAN_LIMIT_JSON", "-1").fails(),
                a("wrong type").variable("REZ_READ_PACKAGE_CACHE_JSON", "1")
                        .variable("REZ_LOCAL_PACKAGES_PATH_JSON", "null").fails());
    }

    private static Stream<Case> expansion() {
        return Stream.of(text("$HOME/a"), text("${HOME}/a$HOME"), text("$NOT_SET/${NOT_SET}/a"), text("$A$A"),
                text("$B"), text("${}").fails(), text("$"), text("~"), text("~/a"), text("~ada/x//y"), text("a~/b"),
                text("/a ~/b;~:~"), text("/a:~/b"), text("//a/~/../../c"), text("x/./y"), text("~//x/.."),
                text("{system.platform}-{system.arch}-{system.os}"), text("{system.user}@{system.hostname}"),
                text("{system.fqdn}/{system.domain}/{system.home}"), text("{system.nothing}"), text("{nothing}"),
                text("{nothing.else}{a b}"), text("{{system.os}}"), text("a{b").fails(), text("a}b").fails(),
                text("{}").fails(), text("{0}").fails(), text("{a:b}").fails(), text("$A{system.os}"),
                text("é$Aé/ñ").variable("Aé", "x"),
                a("in lists and dictionaries").file("home/.rezconfig", """
                        packages_path: ["$A/x", "~", "{system.os}"]
                        default_cachable_per_package: {"$A": "$A", b: ["~/x", {"~": "~"}]}
                        """).variable("A", "v"),
                yaml("platform_map", """
                        platform_map:
                          os: {'([a-zA-Z]+)-(.*)': 'My \\1.\\g<2>!', '.*': never}
                          arch: {'nothing': x, 'x86.64|aarch64': '64-bit'}
                        tmpdir: "/{system.os}/{system.arch}"
                        """),
                yaml("user by variable", "tmpdir: '/{system.user}'\n").variable("LOGNAME", "").variable("USER", "eve"));
    }

    private static Case a(String name) {
        return new Case(name, Map.of(), Map.of(), false);
    }

    private static Case yaml(String name, String text) {
        return a("YAML: " + name).file("home/.rezconfig", text);
    }

    private static Case python(String name, String text) {
        return a("Python: " + name).file("home/.rezconfig.py", text);
    }

    private static Case text(String text) {
        return a("expansion of " + text).variable("REZ_CACHE_PACKAGES_PATH", text).variable("A", "v")
                .variable("B", "$A{system.platform}");
    }
}
