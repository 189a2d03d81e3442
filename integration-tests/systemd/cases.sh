#!/usr/bin/env bash
# The cases that run in the machine, as root:   cases.sh --list   or   cases.sh CASE
#
# Each is a function named case_*, in the order in which they are to run. A case sets up what it needs, and passes where
# every command in it succeeds. Lines that begin with "note: " are shown where it passes.
set -euo pipefail

unit=rez-pkg-cached.service
cache=/var/cache/rez-pkg-cached/packages
repository=/srv/packages
conf=/etc/rez-pkg-cached/rez-pkg-cached.conf

# --- helpers --------------------------------------------------------------------------------------------------------------

fail() {
    printf 'FAILED: %s\n' "$1" >&2
    exit 1
}

equal() { # expected actual
    [[ $1 == "$2" ]] || fail "expected <$1>, was <$2>"
}

within() { # seconds what command: until the command succeeds
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < end)) || fail "not in time: $what"
        sleep 0.05
    done
}

contains() { # text what
    [[ $1 == *"$2"* ]] || fail "<$2> is not in <$1>"
}

property() { systemctl show --value -p "$1" "${2:-$unit}"; }

has_property() { # property value
    [[ $(property "$1") == "$2" ]]
}

install_package() { # version of the file names; only where nothing is installed
    dpkg-query -W -f='${db:Status-Status}' rez-pkg-cached 2>/dev/null | grep -qx installed || dpkg -i /packages/this.deb
}

# Where each case begins: installed, nothing running, an empty cache, the configuration given, with what any needs.
prepare() { # lines of configuration
    install_package
    systemctl stop 'rez-pkg-cached*'
    systemctl reset-failed
    umount "$cache" 2>/dev/null || true
    rm -rf "${cache:?}" "$repository" /etc/systemd/system/rez-pkg-cached.service.d/test.conf
    systemctl daemon-reload
    systemd-tmpfiles --create rez-pkg-cached.conf
    mkdir -p "$repository"
    configure "$@"
}

configure() { # more lines
    {
        printf '%s\n' "repositories = [\"$repository\"]" 'default_cachable = true' 'package_cache_same_device = true' \
            'package_cache_space_buffer = 1000000' 'package_cache_used_threshold = 100' 'tmpdir = "/nonexistent"' \
            "packages_path = [\"$repository\"]"
        printf '%s\n' "$@"
    } >"$conf"
}

package() { # name version [megabytes]: in files of one megabyte
    local folder=$repository/$1/$2 number
    mkdir -p "$folder/python"
    printf "name = '%s'\nversion = '%s'\n" "$1" "$2" >"$folder/package.py"
    for ((number = 0; number < ${3:-0}; number++)); do
        head -c 1000000 /dev/zero | tr '\0' "$((number % 10))" >"$folder/python/$number"
    done
    printf 'content of %s %s\n' "$1" "$2" >"$folder/python/text"
}

uri() { # name version
    printf '%s/%s/%s/package.py[]' "$repository" "$1" "$2"
}

as() { # user command
    local user=$1
    shift
    runuser -u "$user" -- env REZ_DISABLE_HOME_CONFIG=1 HOME=/nonexistent LC_ALL=C.UTF-8 "$@"
}

enqueue() { # user name version
    as "$1" rez-pkg-cache enqueue --cache "$cache" "$(uri "$2" "$3")"
}

listing() { REZ_DISABLE_HOME_CONFIG=1 rez-pkg-cache -c status orig_path -- "$cache" 2>/dev/null; }

has_status() { # name version status
    grep -qE "^ *$3 +$repository/$1/$2" <<<"$(listing)"
}

user() { # name: made where there is none
    id "$1" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$1"
}

# --- installation ---------------------------------------------------------------------------------------------------------

case_installation_makes_user_folders_and_commands_and_starts_nothing() {
    dpkg -i /packages/this.deb
    id rez-pkg-cached
    equal 'rez-pkg-cached:rez-pkg-cached' "$(stat -c %U:%G "$cache")"
    equal inactive "$(systemctl is-active "$unit" || true)"
    for command in rez-pkg-cache rez-pkg-cached; do
        equal "$command 0.1.0" "$command $(rez-pkg-cached --version | grep -oE '[0-9.]+$')"
        [[ -n $(command -v "$command") ]]
    done
    [[ -r /usr/share/man/man8/rez-pkg-cached.8.gz ]]
    equal "$(realpath "$conf")" "$(realpath /usr/lib/rez-pkg-cached/conf/rez-pkg-cached.conf)"
    equal '' "$(dpkg -V rez-pkg-cached)"
}

case_aot_caches_are_used_as_installed() {
    prepare
    REZ_PKG_CACHED_CLIENT_JAVA_OPTIONS='-XX:AOTMode=on -Xlog:class+load=info:file=/tmp/client.log' rez-pkg-cache "$cache"
    grep -q 'io.rezpkgcached.client.Main source: shared objects file' /tmp/client.log
    REZ_PKG_CACHED_JAVA_OPTIONS='-XX:AOTMode=on -Xlog:class+load=info:file=/tmp/daemon.log' rez-pkg-cached --version
    grep -q 'io.rezpkgcached.daemon.Main source: shared objects file' /tmp/daemon.log
}

# --- the shared unit ------------------------------------------------------------------------------------------------------

case_request_of_a_user_is_copied() {
    prepare
    user alice
    package tool 1.0 3
    systemctl start "$unit"
    enqueue alice tool 1.0
    within 20 'tool-1.0 is cached' has_status tool 1.0 cached
    local payload
    payload=$(find "$cache/tool" -name text)
    equal 'content of tool 1.0' "$(cat "$payload")"
    equal rez-pkg-cached "$(stat -c %U "$payload")"
}

# --- removal, last --------------------------------------------------------------------------------------------------------

case_removal_stops_and_keeps_configuration_and_cache() {
    prepare 'workers = 3'
    package tool 1.0
    systemctl enable --now "$unit"
    dpkg -r rez-pkg-cached
    equal inactive "$(systemctl is-active "$unit" || true)"
    equal '' "$(find /etc/systemd /usr/lib/systemd /usr/lib/rez-pkg-cached -name '*rez-pkg-cached*')"
    [[ ! -e /usr/bin/rez-pkg-cache && ! -e /usr/lib/rez-pkg-cached ]]
    grep -q 'workers = 3' "$conf"
    [[ -d $cache ]]
    equal '' "$(systemctl list-units --all --plain --no-legend 'rez-pkg-cached*')"
}

case_purge_leaves_nothing_but_the_user() {
    install_package
    dpkg -P rez-pkg-cached
    equal '' "$(find / -xdev -path /proc -prune -o -path /tests -prune -o -path /packages -prune -o -name '*rez-pkg-cached*' -print)"
    id rez-pkg-cached
}

# --- which ----------------------------------------------------------------------------------------------------------------

case ${1:-} in
    --list) sed -n 's/^case_\([a-z0-9_]*\)() {$/\1/p' "$0" ;;
    *)
        declare -F "case_${1:-}" >/dev/null || fail "no such case: ${1:-}"
        "case_$1"
        ;;
esac
