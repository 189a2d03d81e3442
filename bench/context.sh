#!/usr/bin/env bash
# How long it takes from the start of rez-env until all of its context is cached: with rez alone, with our daemon beside
# rez's, with our daemon alone (rez's rez-pkg-cache replaced by one that does nothing, in an overlay), and as a yardstick
# how long cp -a and rsync -a need for the same trees. The context is the JDK, Maven's local repository and the library of
# the Python that runs rez, as far as they go, and a dozen small packages. Sources are on the disk of WORK and in the page
# cache, which is filled first; nothing is dropped, nothing synced but what each program syncs itself.
#
#   REZ_BIN=FOLDER bench/context.sh [RUNS [WORK [TMPFS]]]
#
# REZ_BIN  folder with the commands of a real rez
# RUNS     how often each is measured (3); the table shows medians
# WORK     a folder on a real disk, not below /tmp, of which rez caches nothing (integration-tests/target)
# TMPFS    a folder on a tmpfs (/dev/shm)
#
# Afterwards: memory and processor time of our daemon, idle for IDLE seconds (60).
# Build first: mvn package.
set -euo pipefail
cd "$(dirname "$0")/.."

: "${REZ_BIN:?must name the folder of rez\'s commands}"
runs=${1:-3}
parent=${2:-integration-tests/target}
tmpfs_parent=${3:-/dev/shm}
idle=${IDLE:-60}
readonly most_bytes=$((300 << 20)) # of each of the two trees that have no end
readonly small=12
dist=$PWD/dist/target/rez-pkg-cached

fail() {
    printf 'context.sh: %s\n' "$1" >&2
    exit 69
}

[[ -x $dist/bin/rez-pkg-cached ]] || fail 'build first: mvn package'
[[ -x $REZ_BIN/rez-env ]] || fail "no rez-env in $REZ_BIN"
[[ $(stat -f -c %T "$tmpfs_parent") == tmpfs ]] || fail "not on a tmpfs: $tmpfs_parent"
mkdir -p "$parent"
work=$(realpath "$(mktemp -d "$parent/bench.XXXXXX")")
tmpfs=$(realpath "$(mktemp -d "$tmpfs_parent/bench.XXXXXX")")
daemon=

stop_daemon() {
    if [[ -n $daemon ]]; then
        kill -TERM "$daemon" 2>/dev/null || true
        wait "$daemon" || true
        daemon=
    fi
}

end() {
    local status=$?
    stop_daemon
    rm -rf "$work" "$tmpfs"
    exit "$status"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- what is measured ---------------------------------------------------------------------------------------------

home_of_java() { java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p'; }

# Copies the children of a folder, in order, leaving out those with which the limit would be passed.
copy_up_to() { # source target bytes
    local source=$1 target=$2 left=$3 child size
    mkdir -p "$target"
    for child in "$source"/*; do
        size=$(du -s --block-size=1 "$child" | cut -f1)
        if ((size <= left)); then
            cp -a "$child" "$target/"
            left=$((left - size))
        fi
    done
}

package() { # name: makes its definition, prints its payload's folder
    mkdir -p "$work/packages/$1/1"
    printf "name = '%s'\nversion = '1'\n" "$1" >"$work/packages/$1/1/package.py"
    printf '%s\n' "$work/packages/$1/1"
}

make_packages() {
    local folder i
    local jdk=${JAVA_HOME:-$(home_of_java)}
    copy_up_to "$jdk" "$(package jdk)" $((1 << 40))
    copy_up_to "${MAVEN_REPOSITORY:-$HOME/.m2/repository}" "$(package mavenrepo)" $most_bytes
    copy_up_to "$("$REZ_BIN/rez-python" -c "import sysconfig; print(sysconfig.get_path('stdlib'))")" \
        "$(package pythonlib)" $most_bytes
    packages=(jdk mavenrepo pythonlib)
    for ((i = 0; i < small; i++)); do
        folder=$(package "small$i")
        mkdir "$folder/bin" "$folder/data"
        printf '#!/bin/sh\nexit %s\n' "$i" >"$folder/bin/tool"
        chmod +x "$folder/bin/tool"
        head -c $((i * 10000)) /dev/zero >"$folder/data/zeros"
        packages+=("small$i")
    done
}

# The same rez, whose contexts start a rez-pkg-cache that does nothing.
make_overlay() {
    local modules name
    modules=$("$REZ_BIN/rez-python" -c 'import rez; print(rez.__path__[0])')
    mkdir -p "$work/rez/bin/rez" "$work/rez/lib/python"
    ln -s "$modules" "$work/rez/lib/python/rez"
    touch "$work/rez/bin/rez/.rez_production_install"
    name=$work/rez/bin/rez/rez-env
    { head -1 "$REZ_BIN/rez-env" && printf "import sys; sys.path.insert(0, '%s')\n" "$work/rez/lib/python" &&
        tail -n +2 "$REZ_BIN/rez-env"; } >"$name"
    printf '#!/bin/sh\n' >"$work/rez/bin/rez/rez-pkg-cache"
    chmod +x "$work/rez/bin/rez"/rez-*
}

export LC_ALL=C.UTF-8 REZ_DISABLE_HOME_CONFIG=1 REZ_DEFAULT_CACHABLE=1 REZ_PACKAGE_CACHE_SAME_DEVICE=1 \
    REZ_IMPLICIT_PACKAGES='' REZ_PACKAGE_CACHE_USED_THRESHOLD=100
unset REZ_CONFIG_FILE

# --- measuring ----------------------------------------------------------------------------------------------------

now() { printf '%s\n' "${EPOCHREALTIME/./}"; }

# All indexes are there, no marker is left, and nothing is pending.
is_cached() { # cache
    local indexes=("$1"/[a-z]*/1/*/*.json) markers=("$1"/[a-z]*/1/*/.copying-*) pending=("$1"/.sys/pending/*)
    ((${#indexes[@]} == ${#packages[@]} && ${#markers[@]} == 0 && ${#pending[@]} == 0))
}
shopt -s nullglob

rez_daemons() { pgrep -fc -- "rez-pkg-cache --daemon $1\$" || true; }

# Prints the microseconds from the start of rez-env to the end of the last copy.
context_until_cached() { # cache folder-of-rez-env
    local begun limit
    begun=$(now)
    limit=$((begun + 600 * 1000000))
    REZ_CACHE_PACKAGES_PATH=$1 "$2/rez-env" "${packages[@]}" -c true >/dev/null
    until is_cached "$1"; do
        (($(now) < limit)) || fail "not cached after 600 s: $1"
        sleep 0.02
    done
    printf '%s\n' $(($(now) - begun))
    while (($(rez_daemons "$1") > 0)); do sleep 0.1; done
}

start_daemon() { # cache
    "$dist/bin/rez-pkg-cached" "$1" >"$work/daemon.output" 2>&1 &
    daemon=$!
    local tries=0
    until grep -q 'Started daemon' "$work/daemon.output"; do
        if ((++tries > 300)) || ! kill -0 "$daemon"; then
            fail "the daemon does not start: $(cat "$work/daemon.output")"
        fi
        sleep 0.1
    done
}

measure() { # way folder: one run in a new folder there, in microseconds
    local target=$2/target begun
    rm -rf "$target"
    mkdir "$target"
    case $1 in
        'rez alone') context_until_cached "$target" "$REZ_BIN" ;;
        'ours beside rez')
            start_daemon "$target"
            context_until_cached "$target" "$REZ_BIN"
            stop_daemon
            ;;
        'ours alone')
            start_daemon "$target"
            context_until_cached "$target" "$work/rez/bin/rez"
            stop_daemon
            ;;
        'cp -a' | 'rsync -a')
            begun=$(now)
            # shellcheck disable=SC2086 # two words
            $1 "$work/packages/." "$target/"
            printf '%s\n' $(($(now) - begun))
            ;;
        rez-env)
            begun=$(now)
            REZ_CACHE_PACKAGES_PATH='' "$REZ_BIN/rez-env" "${packages[@]}" -c true >/dev/null
            printf '%s\n' $(($(now) - begun))
            ;;
    esac
    rm -rf "$target"
}

# Median, least and most of the numbers in a file.
middle() {
    sort -n "$1" | awk '{ value[NR] = $1 }
        END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2, value[1], value[NR] }'
}

ways=('rez alone' 'ours beside rez' 'ours alone' rez-env 'cp -a')
command -v rsync >/dev/null && ways+=('rsync -a')

table() { # title folder
    local way i times=$work/times
    rm -rf "$times"
    mkdir "$times"
    for ((i = 0; i < runs; i++)); do
        for way in "${ways[@]}"; do # in turns, so that a noisy minute hits all of them
            measure "$way" "$2" >>"$times/$way"
        done
    done
    local rez median least most
    read -r rez _ < <(middle "$times/rez alone")
    printf '\ncache on %s\n%-16s %9s %9s %9s %12s\n' "$1" '' 'median s' 'least s' 'most s' 'rez takes x'
    for way in "${ways[@]}"; do
        read -r median least most < <(middle "$times/$way")
        printf '%s %s %s %s\n' "$rez" "$median" "$least" "$most" | awk -v way="$way" \
            '{ printf "%-16s %9.2f %9.2f %9.2f %12.1f\n", way, $2 / 1e6, $3 / 1e6, $4 / 1e6, $1 / $2 }'
    done
}

ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$daemon/stat"; }

idle_daemon() {
    local target=$work/idle before after
    mkdir "$target"
    start_daemon "$target"
    context_until_cached "$target" "$work/rez/bin/rez" >/dev/null
    sleep 5
    before=$(ticks)
    sleep "$idle"
    after=$(ticks)
    printf '\nidle daemon, after that context: %s MiB resident, %s ms of processor time in %s s\n' \
        "$(awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$daemon/status")" \
        $(((after - before) * 1000 / $(getconf CLK_TCK))) "$idle"
    stop_daemon
}

make_packages
make_overlay
export REZ_PACKAGES_PATH=$work/packages REZ_LOCAL_PACKAGES_PATH=$work/none
find "$work/packages" -type f -exec cat {} + >/dev/null

printf '%s, %s cores, %s MiB; Linux %s; rez %s; %s; load %s; %s runs each\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" \
    "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1024 }' /proc/meminfo)" "$(uname -r)" \
    "$("$REZ_BIN/rez" --version | sed 's/^Rez \([^ ]*\).*/\1/')" "$("$dist/bin/rez-pkg-cached" --version)" \
    "$(cut -d' ' -f1 /proc/loadavg)" "$runs"
printf 'context of %s packages: %s files, folders and links, %s MiB\n' "${#packages[@]}" \
    "$(find "$work/packages" -mindepth 3 | wc -l)" "$(du -sm --apparent-size "$work/packages" | cut -f1)"
table "$(stat -f -c %T "$work") ($(df --output=source "$work" | tail -1))" "$work"
table tmpfs "$tmpfs"
idle_daemon
