# shellcheck shell=sh disable=SC2154
# Sourced by both launchers, with $folder naming the folder they lie in. Sets $home, the installation folder, as an
# absolute path; $java, the program of a Java 25 or newer; and a UTF-8 locale. Ends with EX_UNAVAILABLE where that cannot be.
#
# The client is started once for each command of a person, so nothing here starts a process, but for one readlink where
# Java is sought on PATH, and one iconv where the folder's name is not plain. For the same reason a Java's version is read from its release file.

fail() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 69
}

is_java_25() { # folder: whether it holds a Java 25 or newer
    [ -x "$1/bin/java" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            JAVA_VERSION=\"*)
                line=${line#JAVA_VERSION=\"}
                line=${line%%[!0-9]*}
                [ "${line:-0}" -ge 25 ]
                return
                ;;
        esac
    done <"$1/release"
    return 1
}

java_home_of_path() { # sets java_home to the home of the first java on PATH, empty where there is none
    java_home=
    saved_ifs=$IFS
    IFS=:
    for place in $PATH; do
        if [ -x "${place:-.}/java" ] && ! [ -d "${place:-.}/java" ]; then
            java_home=${place:-.}/..
            [ -h "${place:-.}/java" ] && java_home=$(readlink -f "${place:-.}/java") && java_home=${java_home%/bin/java}
            break
        fi
    done
    IFS=$saved_ifs
}

find_java() { # sets java_home
    if [ -n "${REZ_PKG_CACHED_JAVA_HOME:-}" ]; then
        java_home=$REZ_PKG_CACHED_JAVA_HOME
        is_java_25 "$java_home" || fail "REZ_PKG_CACHED_JAVA_HOME names no Java 25 or newer: $java_home"
        return
    fi
    java_home=$home/runtime
    if is_java_25 "$java_home"; then
        [ -e /lib64/ld-linux-x86-64.so.2 ] || fail "$java_home runs on x86-64 Linux with glibc only, which this is not: \
install a Java 25 or newer, and set REZ_PKG_CACHED_JAVA_HOME to its folder"
        return
    fi
    java_home=${JAVA_HOME:-}
    [ -n "$java_home" ] && is_java_25 "$java_home" && return
    java_home_of_path
    [ -n "$java_home" ] && is_java_25 "$java_home" && return
    set +f
    for java_home in /usr/lib/jvm/*; do
        if is_java_25 "$java_home"; then
            set -f
            return
        fi
    done
    fail "no Java 25 or newer found: install one, or set REZ_PKG_CACHED_JAVA_HOME to its folder"
}

# Whether the AOT cache $cache may be used: it is there, the Java is the one it was made with, and each jar of $class_path
# has the cache's own time, while this file has a later one. Java looks at neither size nor time of a jar and would run the
# old classes (JDK-8377932). Where this file's time is the cache's, something has given all files one time (a container image,
# OSTree, Nix), and times say nothing.
# shellcheck disable=SC3013 # no POSIX, but dash, bash, ksh and busybox have -nt and -ot
is_as_trained() {
    [ "$java_home" = "$home/runtime" ] && [ -r "$cache" ] && [ "$home/lib/launch.sh" -nt "$cache" ] || return 1
    saved_ifs=$IFS
    IFS=:
    for jar in $class_path $java_home/lib/modules; do
        if ! [ -r "$jar" ] || [ "$jar" -nt "$cache" ] || [ "$jar" -ot "$cache" ]; then
            IFS=$saved_ifs
            return 1
        fi
    done
    IFS=$saved_ifs
}

set -f

# Java would print that it has picked them up; they are meant for other programs, with flags that may not go with ours.
unset JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS

# Not ".../bin/..", where bin is no link: that is how it shows in a list of processes.
home=$folder/..
case $folder in
    */bin) [ -h "$folder" ] || home=${folder%/bin} ;;
esac
case $home in
    /*) ;;
    *) home=$PWD/$home ;;
esac
case $home in
    *:*) fail "cannot run from a folder with a colon in its path, which Java's class path cannot hold: $home" ;;
    *[!A-Za-z0-9/._\ ~@%+=,-]*)
        # Java would end with "Error occurred during initialization of VM".
        if command -v iconv >/dev/null 2>&1 && ! printf %s "$home" | iconv -f UTF-8 -t UTF-8 >/dev/null 2>&1; then
            fail "cannot run from a folder whose path is not UTF-8, which Java cannot open: $home"
        fi
        ;;
esac

find_java
# shellcheck disable=SC2034 # used by the launcher
java=$java_home/bin/java

# In another locale Java cannot open a file whose name is not ASCII; and where a locale is named that is not installed,
# Java takes C. So C.UTF-8, unless that is not known to exist and the present one says UTF-8.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    *[Uu][Tt][Ff]-8* | *[Uu][Tt][Ff]8*) [ -d /usr/lib/locale/C.utf8 ] && export LC_ALL=C.UTF-8 ;;
    *) export LC_ALL=C.UTF-8 ;;
esac
