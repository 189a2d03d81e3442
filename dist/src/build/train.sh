#!/bin/sh
# Trains the AOT caches of client and daemon in a distribution folder, and gives all files there a time that is one of these
# jars.
#
#   train.sh FOLDER VECTORS LATEST
#
# VECTORS  the folder of the tests' data: an archive of a cache, and a context
# LATEST   a time in ISO 8601 that no file is to be later than
set -eu

folder=$1
vectors=$2
latest=$3
bin=$folder/bin

temp=$(mktemp -d)
daemon=
end() {
    [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
    rm -rf "$temp"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
    printf 'train.sh: the AOT caches cannot be made: %s\n' "$1" >&2
    cat "$temp/output" >&2
    exit 70
}

hash=$(cd "$folder/lib" && cat ./*.jar | sha256sum | cut -c1-16)
rm -f "$folder"/lib/*.aot
# The folder may have been there before, and the launchers are written anew by each build.
sed -i "s/@hash@/$hash/" "$bin/rez-memcache" "$bin/rez-pkg-cache" "$bin/rez-pkg-cached"

# --- times, before training: where Java looks at those of jars, it compares them with those it saw then -------------

# A jar of another build has another time, were it made in the same second: at most a year before LATEST, by the hash. One
# file is later, by which launchers see that times are kept at all.
seconds=$(($(date -d "$latest" +%s) - 0x$(printf '%s' "$hash" | cut -c1-6) * 2))
chmod -R u=rwX,go=rX "$folder" # whatever the umask
find "$folder" -exec touch -h -d "@$seconds" {} +
touch -d "@$((seconds + 3600))" "$folder/lib/launch.sh"

# --- starting java as a launcher would ------------------------------------------------------------------------------

replaced() { # the home folder: puts it in the place of each $home
    awk -v home="$1" '{
        while ((at = index($0, "$home")) > 0) {
            printf "%s%s", substr($0, 1, at - 1), home
            $0 = substr($0, at + 5)
        }
        print
    }'
}

use() { # launcher: takes its flags, so that training and use agree in collector and object headers
    flags=$(sed -n "s/^flags='\(.*\)'$/\1/p" "$bin/$1")
    class_path=$(sed -n 's/^class_path="\(.*\)"$/\1/p' "$bin/$1" | replaced "$folder")
    cache=$(sed -n 's/^cache=\(.*\)$/\1/p' "$bin/$1" | replaced "$folder")
    case $cache in
        *-"$hash".aot) ;;
        *) fail "the launcher names no cache of these jars: $cache" ;;
    esac
}

java() { # arguments of java: becomes it, in an environment of its own
    exec env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME="$temp" REZ_DISABLE_HOME_CONFIG=1 TMPDIR="$temp/tmp" \
        REZ_PACKAGES_PATH="$temp/packages" REZ_LOCAL_PACKAGES_PATH="$temp/none" \
        REZ_DEFAULT_CACHABLE=1 REZ_PACKAGE_CACHE_SAME_DEVICE=1 \
        REZ_PACKAGE_CACHE_SPACE_BUFFER=1 REZ_PACKAGE_CACHE_USED_THRESHOLD=100 \
        REZ_MEMCACHED_URI="127.77.$(($$ / 250 % 250)).$(($$ % 250 + 1)):11299" "$folder/runtime/bin/java" "$@"
}

# Two steps: in one, java hands its options on in a variable that is split at blanks.
record() { # main class and its arguments
    # shellcheck disable=SC2086 # flags are words
    java $flags -XX:AOTMode=record -XX:AOTConfiguration="$temp/aot.conf" "-Drez-pkg-cached.home=$folder" -cp "$class_path" "$@"
}

create() {
    # shellcheck disable=SC2086
    (java $flags -XX:AOTMode=create -XX:AOTConfiguration="$temp/aot.conf" -XX:AOTCache="$cache" -cp "$class_path") \
        >"$temp/output" 2>&1 || fail 'java failed'
    [ -s "$cache" ] || fail "java has not made $cache"
}

rehearse() { # makes $cache of the client by the commands in $temp/commands
    (record io.rezpkgcached.client.Rehearsal) <"$temp/commands" >"$temp/output" 2>&1 || fail 'a command ended otherwise'
    create
}

# --- the client: the commands that are to start fast ----------------------------------------------------------------

# The packages of the context, older than it.
real=$(realpath "$temp")
awk -F'"' '/"name":/ { name = $4 } /"version":/ { print name "/" $4 }' "$vectors/context.rxt" | while read -r name; do
    mkdir -p "$temp/packages/$name"
    : >"$temp/packages/$name/package.py"
    touch -d @1000000000 "$temp/packages/$name/package.py" "$temp/packages/${name%/*}"
done
sed "s|/svr/packages|$real/packages|g" "$vectors/context.rxt" >"$temp/resolved.rxt"

tar -xf "$vectors/cache-with-every-status.tar" -C "$temp"
mkdir -p "$temp/new/.sys/rez-pkg-cached/incoming" "$temp/tmp"
cat >"$temp/commands" <<COMMANDS
0 PKG_CACHE $temp/cache
0 PKG_CACHE enqueue --cache $temp/new $vectors/context.rxt
0 PKG_CACHE enqueue --cache $temp/new $vectors/context.rxt
0 PKG_CACHE -c status orig_path -- $temp/cache
124 PKG_CACHE wait --timeout 0.1 --cache $temp/new $vectors/context.rxt
1 PKG_CACHE status --cache $temp/new
0 PKG_CACHE status --cache $temp/new --context $vectors/context.rxt
0 PKG_CACHE env --cache $temp/new --context $vectors/context.rxt
0 PKG_CACHE requests --cache $temp/new
0 PKG_CACHE --help
2 PKG_CACHE --no-such-option
0 MEMCACHE
1 MEMCACHE lookup tool
0 MEMCACHE store $temp/resolved.rxt
0 MEMCACHE lookup --no-implicit Flask
0 MEMCACHE --help
COMMANDS

use rez-pkg-cache
rehearse

rm -rf "$temp/new/.sys/pending"
cat >"$temp/commands" <<COMMANDS
0 PKG_CACHE $temp/cache
0 PKG_CACHE $temp/cache
0 PKG_CACHE enqueue --cache $temp/new $vectors/context.rxt
0 PKG_CACHE enqueue --cache $temp/new $vectors/context.rxt
0 MEMCACHE
COMMANDS
cache=${cache%/*}/client-often-$hash.aot
rehearse

# --- the daemon: from its start to its end, with a variant to copy --------------------------------------------------

package=$temp/packages/tool/1.0
mkdir -p "$package/bin" "$temp/served/.sys/pending"
printf "name = 'tool'\nversion = '1.0'\n" >"$package/package.py"
printf '#!/bin/sh\n' >"$package/bin/tool"
ln -s tool "$package/bin/link"
printf '{"key": "filesystem.variant", "variables": {"repository_type": "filesystem", "location": "%s", "name": "tool", "version": "1.0", "index": null}}' \
    "$real/packages" >"$temp/served/.sys/pending/tool-1.0-00000000000000000000000000000000.json"

use rez-pkg-cached
record io.rezpkgcached.daemon.Main "$temp/served" >"$temp/output" 2>&1 &
daemon=$!
tries=0
until grep -q 'Cached variant' "$temp/output"; do
    tries=$((tries + 1))
    if [ $tries -gt 600 ] || ! kill -0 $daemon 2>/dev/null; then fail 'the daemon has not cached a variant within a minute'; fi
    sleep 0.1
done
kill $daemon
wait $daemon || fail 'the daemon did not end well'
daemon=
create

chmod 644 "$folder/lib"/*.aot
touch -d "@$seconds" "$folder/lib" "$folder/lib"/*.aot
