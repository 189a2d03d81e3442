#!/usr/bin/env bash
# How long the commands that people and rez start take, each beside rez's own in the same run, and the size of the archive.
# The caches that are listed are made by our daemon out of tiny packages; rez's listing of each must name as many.
#
#   REZ_BIN=FOLDER bench/start.sh [RUNS [WORK]]
#
# REZ_BIN  folder with the commands of a real rez
# RUNS     how often each is measured (20); the table shows medians
# WORK     a folder on a real disk, not below /tmp, of which rez caches nothing (integration-tests/target)
# LISTED   how many variants the larger cache has (10000)
#
# Build first: mvn package.
set -euo pipefail
cd "$(dirname "$0")/.."

: "${REZ_BIN:?must name the folder of rez\'s commands}"
runs=${1:-20}
parent=${2:-integration-tests/target}
listed=${LISTED:-10000}
dist=$PWD/dist/target/rez-pkg-cached
ours=$dist/bin/rez-pkg-cache
rez=$REZ_BIN/rez-pkg-cache

fail() {
    printf 'start.sh: %s\n' "$1" >&2
    exit 69
}

archives=(dist/target/rez-pkg-cached-*.tar.gz)
[[ -x $ours && -f ${archives[0]} ]] || fail 'build first: mvn package'
[[ -x $rez ]] || fail "no rez-pkg-cache in $REZ_BIN"
mkdir -p "$parent"
work=$(realpath "$(mktemp -d "$parent/bench.XXXXXX")")
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
    rm -rf "$work"
    exit "$status"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir "$work/tmp"
unset REZ_CONFIG_FILE
export LC_ALL=C.UTF-8 REZ_DISABLE_HOME_CONFIG=1 REZ_DEFAULT_CACHABLE=1 REZ_PACKAGE_CACHE_SAME_DEVICE=1 \
    REZ_IMPLICIT_PACKAGES='' REZ_PACKAGE_CACHE_USED_THRESHOLD=100 REZ_TMPDIR=$work/tmp \
    REZ_PACKAGES_PATH=$work/packages REZ_LOCAL_PACKAGES_PATH=$work/none

# --- what is measured ---------------------------------------------------------------------------------------------

# Packages of one file each, and contexts of the first 54, of 60, and of all of them.
make_packages() {
    "$REZ_BIN/rez-python" - "$work" "$listed" <<'PYTHON'
import json, os, sys, time
work, listed = sys.argv[1], int(sys.argv[2])
handles = []
for number in range(max(listed, 60)):
    name = "package%05d" % number
    folder = os.path.join(work, "packages", name, "1.0")
    os.makedirs(folder)
    with open(os.path.join(folder, "package.py"), "w") as file:
        file.write("name = '%s'\nversion = '1.0'\n" % name)
    handles.append({"key": "filesystem.variant", "variables": {
        "repository_type": "filesystem", "location": os.path.join(work, "packages"), "name": name, "version": "1.0",
        "index": None}})
for count in 54, 60, listed:
    with open(os.path.join(work, "%d.rxt" % count), "w") as file:
        json.dump({
            "serialize_version": "4.9", "rez_version": "3.4.0", "status": "solved", "platform": "linux",
            "arch": "x86_64", "timestamp": int(time.time()), "building": False,
            "package_paths": [os.path.join(work, "packages")], "package_requests": [], "implicit_packages": [],
            "resolved_ephemerals": [], "resolved_packages": handles[:count]}, file)
PYTHON
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

fill() { # cache count
    local tries=0
    mkdir "$1"
    start_daemon "$1"
    "$ours" enqueue --cache "$1" "$work/$2.rxt" >/dev/null 2>&1
    until [[ -z $(find "$1/.sys/pending" -name '*.json' -print -quit) ]]; do
        ((++tries < 3000)) || fail "not cached after 600 s: $1"
        sleep 0.2
    done
    stop_daemon
    (($("$rez" "$1" 2>&1 | grep -c '^cached ') == $2)) || fail "rez does not list $2 cached variants: $1"
}

timed() { # command: its microseconds
    local begun=${EPOCHREALTIME/./} status=0
    "$@" >/dev/null 2>"$work/errors" || status=$?
    local ended=${EPOCHREALTIME/./}
    ((status == 0)) || fail "status $status: $*: $(cat "$work/errors")"
    printf '%s\n' $((ended - begun))
}

rez_daemons() { pgrep -fc -- "rez-pkg-cache --daemon $1\$" || true; }

fresh() { # a cache without anything, in the place of the one of the run before
    rm -rf "$work/fresh"
    mkdir "$work/fresh"
}

measure() { # way: one run, in microseconds
    case $1 in
        'daemon, ours') timed "$ours" --daemon "$work/54" ;;
        'daemon, rez') timed "$rez" --daemon "$work/54" ;;
        'enqueue 60, ours') fresh && timed "$ours" enqueue --cache "$work/fresh" "$work/60.rxt" ;;
        'enqueue 60, rez')
            # What rez runs where ours enqueues: the requests are there, it copies.
            fresh && "$ours" enqueue --cache "$work/fresh" "$work/60.rxt" >/dev/null 2>&1
            timed "$rez" --daemon "$work/fresh"
            while (($(rez_daemons "$work/fresh") > 0)); do sleep 0.05; done # it may go on in the background
            ;;
        'list 54, ours') timed "$ours" "$work/54" ;;
        'list 54, rez') timed "$rez" "$work/54" ;;
        'list many, ours') timed "$ours" "$work/$listed" ;;
        'list many, rez') timed "$rez" "$work/$listed" ;;
    esac
}

# Median, least and most of the numbers in a file.
middle() {
    sort -n "$1" | awk '{ value[NR] = $1 }
        END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2, value[1], value[NR] }'
}

row() { # title way most: the row of two ways, and the part of rez's time that is allowed
    local median least most rez_median
    read -r median least most < <(middle "$work/times/$2, ours")
    read -r rez_median _ < <(middle "$work/times/$2, rez")
    awk -v title="$1" -v median="$median" -v least="$least" -v most="$most" -v rez="$rez_median" -v part="$3" 'BEGIN {
        printf "%-34s %9.1f %9.1f %9.1f %9.1f %8s %8s\n", title, median / 1e3, least / 1e3, most / 1e3, rez / 1e3,
            sprintf("1/%.1f", rez / median), "1/" part }'
}

make_packages
fill "$work/54" 54
fill "$work/$listed" "$listed"
start_daemon "$work/54"

mkdir "$work/times"
for ((i = 0; i < runs; i++)); do
    for way in 'daemon' 'enqueue 60' 'list 54' 'list many'; do
        for whose in ours rez; do # in turns, so that a noisy minute hits both
            measure "$way, $whose" >>"$work/times/$way, $whose"
        done
    done
done
stop_daemon

printf '%s, %s cores, %s MiB; Linux %s; rez %s; %s; load %s; %s runs each\n\n' \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" "$(nproc)" \
    "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1024 }' /proc/meminfo)" "$(uname -r)" \
    "$("$REZ_BIN/rez" --version | sed 's/^Rez \([^ ]*\).*/\1/')" "$("$dist/bin/rez-pkg-cached" --version)" \
    "$(cut -d' ' -f1 /proc/loadavg)" "$runs"
printf '%-34s %9s %9s %9s %9s %8s %8s\n' 'milliseconds' median least most "rez's" 'part' 'at most'
row '--daemon, a daemon running' daemon 25
row "enqueue of 60; rez: --daemon" 'enqueue 60' 5
row 'listing of 54' 'list 54' 4
row "listing of $listed" 'list many' 20
printf '\narchive: %s MB (at most 40)\n' "$(awk -v size="$(stat -c %s "${archives[0]}")" 'BEGIN { printf "%.1f", size / 1e6 }')"
