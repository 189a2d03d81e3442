# shellcheck shell=bash
# Sourced by check and demo: says in one line what is missing to build at all, and ends with EX_UNAVAILABLE.

unavailable() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 69
}

# Where Maven's toolchains plugin looks, and what it asks for. It may know of more places: toolchains.xml is left to it.
has_jdk_25() {
    local home
    [[ -e ~/.m2/toolchains.xml ]] && return
    for home in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" /usr/lib/jvm/* /opt/* ~/.sdkman/candidates/java/* ~/.jdks/* ~/.jenv/versions/*; do
        [[ -n $home && -x $home/bin/javac && -r $home/release ]] &&
            grep -qE '^JAVA_VERSION="25[".+-]' "$home/release" && return
    done
    return 1
}

command -v mvn >/dev/null || unavailable 'mvn is needed: install Maven 3.8 or newer (package maven)'
has_jdk_25 || unavailable 'a JDK 25 is needed: install one, for example under /usr/lib/jvm, or name it in ~/.m2/toolchains.xml'

# Without a UTF-8 locale Java cannot name files that are not ASCII.
export LC_ALL=C.UTF-8
