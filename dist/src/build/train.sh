#!/bin/sh
# Trains the AOT cache of the client in a distribution folder, and gives all files there a time that is one of these jars.
#
#   train.sh FOLDER VECTORS LATEST
#
# VECTORS  the folder of the tests' data: an archive of a cache, and a context
# LATEST   a time in ISO 8601 that no file is to be later than
set -eu

folder=$1
vectors=$2
latest=$3
launcher=$folder/bin/rez-pkg-cache

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

hash=$(cd "$folder/lib" && cat ./*.jar | sha256sum | cut -c1-16)
cache=$folder/lib/client-$hash.aot
rm -f "$folder"/lib/client-*.aot
# The folder may have been there before, and the launcher is written anew by each build.
sed -i "s/@hash@/$hash/" "$launcher"
grep -q "client-$hash.aot" "$launcher"

# --- the commands that are to start fast --------------------------------------------------------------------------

tar -xf "$vectors/cache-with-every-status.tar" -C "$temp"
mkdir "$temp/new" "$temp/tmp"
cat >"$temp/commands" <<COMMANDS
0 $temp/cache
0 enqueue --cache $temp/new $vectors/context.rxt
0 enqueue --cache $temp/new $vectors/context.rxt
0 --help
2 --no-such-option
COMMANDS

# --- training -----------------------------------------------------------------------------------------------------

train() { # main class and its arguments, as the launcher would start it
    home=$folder
    # The launcher's own flags, so that training and use agree: collector and object headers must be the same.
    flags=$(sed -n "s/^flags='\(.*\)'$/\1/p" "$launcher")
    class_path=$(sed -n 's/^class_path="\(.*\)"$/\1/p' "$launcher" | replaced "$home")
    # Two steps: in one, java hands its options on in a variable that is split at blanks.
    # shellcheck disable=SC2086 # flags are words
    run $flags -XX:AOTMode=record -XX:AOTConfiguration="$temp/aot.conf" "-Drez-pkg-cached.home=$home" -cp "$class_path" "$@"
    # shellcheck disable=SC2086
    run $flags -XX:AOTMode=create -XX:AOTConfiguration="$temp/aot.conf" -XX:AOTCache="$cache" -cp "$class_path"
    [ -s "$cache" ] || fail
}

replaced() { # the home folder: puts it in the place of each $home
    awk -v home="$1" '{
        while ((at = index($0, "$home")) > 0) {
            printf "%s%s", substr($0, 1, at - 1), home
            $0 = substr($0, at + 5)
        }
        print
    }'
}

run() { # arguments of java
    env -i PATH="$PATH" LC_ALL=C.UTF-8 HOME="$temp" REZ_DISABLE_HOME_CONFIG=1 REZ_TMPDIR="$temp/tmp" \
        "$folder/runtime/bin/java" "$@" <"$temp/commands" >"$temp/output" 2>&1 || fail
}

fail() {
    printf 'train.sh: the AOT cache cannot be made:\n' >&2
    cat "$temp/output" >&2
    exit 70
}

train io.rezpkgcached.client.Rehearsal

# --- times --------------------------------------------------------------------------------------------------------

# A jar of another build has another time, were it made in the same second: at most a year before LATEST, by the hash.
seconds=$(($(date -d "$latest" +%s) - 0x$(printf '%s' "$hash" | cut -c1-6) * 2))
chmod -R u=rwX,go=rX "$folder" # whatever the umask
find "$folder" -exec touch -h -d "@$seconds" {} +
