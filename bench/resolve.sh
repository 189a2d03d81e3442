#!/usr/bin/env bash
# How long a resolve of 60 variants takes from the cache, beside rez's own cached resolve; and the table of rez-memcache, beside
# rez's. A memcached is started on loopback for it.
#
#   REZ_BIN=FOLDER bench/resolve.sh [LOOKUPS [RUNS]]
#
# REZ_BIN  folder with the commands of a real rez
# LOOKUPS  how many (6000), more than 1000: they are told with and without the first 1000
# RUNS     how often each command is started (20); medians are printed
# PORT     where memcached listens (21211)
#
# Build first: mvn package.
set -euo pipefail
cd "$(dirname "$0")/.."

: "${REZ_BIN:?must name the folder of rez\'s commands}"
lookups=${1:-6000}
runs=${2:-20}
port=${PORT:-21211}
dist=$PWD/dist/target/rez-pkg-cached

fail() {
    printf 'resolve.sh: %s\n' "$1" >&2
    exit 69
}

[[ -x $dist/bin/rez-memcache ]] || fail 'build first: mvn package'
command -v memcached >/dev/null || fail 'no memcached'
java=
for folder in "${JAVA_HOME:-/no/such}" /usr/lib/jvm/*; do
    if grep -qs '^JAVA_VERSION="2[5-9]' "$folder/release" && [[ -x $folder/bin/javac ]]; then java=$folder/bin/java; fi
done
[[ -n $java ]] || fail 'no JDK 25'

work=$(realpath "$(mktemp -d)")
memcached -l 127.0.0.1 -p "$port" -U 0 -u nobody &
server=$!
trap 'kill $server; wait $server || true; rm -rf "$work"' EXIT

unset REZ_CONFIG_FILE
export LC_ALL=C.UTF-8 HOME=$work REZ_DISABLE_HOME_CONFIG=1 REZ_IMPLICIT_PACKAGES='' REZ_MEMCACHED_URI=127.0.0.1:$port \
    REZ_PACKAGES_PATH=$work/packages
requires=
for i in $(seq 59); do
    mkdir -p "$work/packages/p$i/1.0"
    printf "name = 'p%s'\nversion = '1.0'\n" "$i" >"$work/packages/p$i/1.0/package.py"
    requires+="'p$i', "
done
mkdir -p "$work/packages/all/1.0"
printf "name = 'all'\nversion = '1.0'\nrequires = [%s]\n" "$requires" >"$work/packages/all/1.0/package.py"

cat >"$work/resolve.py" <<'PYTHON'
import time
from rez.package_repository import package_repository_manager
from rez.resolved_context import ResolvedContext

ResolvedContext(["all"])  # stores it
times = []
for _ in range(50):
    package_repository_manager.clear_caches()
    start = time.time()
    context = ResolvedContext(["all"])
    times.append((time.time() - start) * 1000)
    assert context.from_cache
print("rez:  %d variants, median %.2f ms" % (len(context.resolved_packages), sorted(times)[25]))
PYTHON
"$REZ_BIN/rez-python" "$work/resolve.py"
class_path=$(printf '%s:' "$dist"/lib/*.jar)
"$java" -cp "$class_path" bench/Lookups.java "127.0.0.1:$port" "$work/packages" all "$lookups"

wall() { # command: its wall time, in microseconds
    local start=${EPOCHREALTIME/./}
    "$@" >/dev/null
    printf '%s\n' $((${EPOCHREALTIME/./} - start))
}

medians() { # ours and rez's, one after the other, since a machine is faster at one time than at another
    local i
    for ((i = 0; i < runs; i++)); do
        printf '%s ' "$(wall "$dist/bin/rez-memcache")" "$(wall "$REZ_BIN/rez-memcache")" \
            "$(wall "$dist/bin/rez-memcache" lookup all)"
        printf '\n'
    done >"$work/times"
    for i in 1 2 3; do
        cut -d ' ' -f "$i" "$work/times" | sort -n | awk '{ times[NR] = $1 } END { print times[int((NR + 1) / 2)] / 1000 }'
    done
}
"$dist/bin/rez-memcache" lookup all >/dev/null
medians | paste -s | awk '{ printf "rez-memcache: ours %.0f ms, rez %.0f ms, a part of 1/%.1f\nrez-memcache lookup all: %.0f ms\n", $1, $2, $2 / $1, $3 }'
printf 'load %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
