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
    umount -l "$cache" 2>/dev/null || true
    rm -rf "${cache:?}" "$repository" /etc/systemd/system/rez-pkg-cached*.service.d
    systemctl daemon-reload
    systemd-tmpfiles --create rez-pkg-cached.conf
    mkdir -p "$repository"
    configure "$@"
}

configure() { # more lines
    {
        printf '%s\n' "cache_packages_path = \"$cache\"" 'shared_cache = true' "repositories = [\"$repository\"]" 'default_cachable = true' 'package_cache_same_device = true' \
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

# The commands of README.md, as they stand there.
case_readme_installs_and_starts_a_shared_cache() {
    user alice
    dpkg -P rez-pkg-cached 2>/dev/null || true
    cd /packages
    sh -ec "$(sed -n 's/^apt install \(.*\)/apt-get install -y \1/p' README.md)" </dev/null
    awk '/^```$/ { inside = !inside; text = ""; next } inside { text = text $0 "\n" } text ~ /shared_cache = true/ && /repositories/ { printf "%s", text; exit }' \
        README.md >"$conf"
    repository=/svr/packages
    rm -rf "$repository"
    package tool 1.0 1
    echo 'default_cachable = true
        package_cache_same_device = true
        package_cache_used_threshold = 100
        packages_path = ["/svr/packages"]
        tmpdir = "/nonexistent"' >>"$conf" # which rez configures, where there is one
    sh -ec "$(grep -o 'systemctl enable --now rez-pkg-cached.service rez-pkg-cached-clean.timer' README.md)"
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    contains "$(systemctl list-timers --no-pager)" rez-pkg-cached-clean.timer
    systemctl disable --now rez-pkg-cached.service rez-pkg-cached-clean.timer
}

case_aot_caches_are_used_as_installed() {
    prepare
    REZ_PKG_CACHED_CLIENT_JAVA_OPTIONS='-XX:AOTMode=on -Xlog:class+load=info:file=/tmp/client.log' rez-pkg-cache "$cache"
    grep -q 'io.rezpkgcached.client.Main source: shared objects file' /tmp/client.log
    REZ_PKG_CACHED_JAVA_OPTIONS='-XX:AOTMode=on -Xlog:class+load=info:file=/tmp/daemon.log' rez-pkg-cached --version
    grep -q 'io.rezpkgcached.daemon.Main source: shared objects file' /tmp/daemon.log
}

case_cache_elsewhere_may_be_written_after_an_upgrade() {
    prepare
    user alice
    package tool 1.0 1
    install -d -o rez-pkg-cached -g rez-pkg-cached '/srv/disk 1' '/srv/disk 1/cache'
    sed -i '/^cache_packages_path/d' "$conf"
    echo 'cache_packages_path = "/srv/disk 1/cache"' >>"$conf"
    systemctl start "$unit"
    within 10 'STATUS names the remedy' status_has '--print-drop-in'
    dpkg -i /packages/this.deb </dev/null # as dpkg-reconfigure, or the next upgrade
    within 10 'it works' status_has 'Waiting for requests'
    cache='/srv/disk 1/cache'
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    systemctl start rez-pkg-cached-clean.service
    # What the administrator wrote himself is left.
    echo '# mine' >"/etc/systemd/system/$unit.d/cache.conf"
    dpkg -i /packages/this.deb </dev/null
    equal '# mine' "$(cat "/etc/systemd/system/$unit.d/cache.conf")"
    systemctl stop "$unit"
    rm -r '/srv/disk 1' /etc/systemd/system/rez-pkg-cached*.service.d
}

# --- the shared unit ------------------------------------------------------------------------------------------------------

case_start_is_over_when_the_daemon_serves() {
    prepare
    package tool 1.0 1
    systemctl start "$unit"
    # At once: no command waits for anything.
    equal active "$(systemctl is-active "$unit")"
    ! flock -n "$cache/.sys/rez-pkg-cached/lock" true || fail 'the daemon does not hold its lock'
    contains "$(rez-pkg-cache status --cache "$cache")" 'pid'
    [[ -n $(property StatusText) ]] || fail 'no STATUS'
    equal notify "$(property Type)"
    printf 'note: started in %s ms; status "%s"\n' "$((($(property ActiveEnterTimestampMonotonic) - $(property InactiveExitTimestampMonotonic)) / 1000))" \
        "$(property StatusText)"
}

case_request_that_waits_at_the_start_is_seen_before_ready() {
    prepare
    user alice
    package tool 1.0 40
    systemctl start "$unit"
    systemctl stop "$unit"
    configure 'copy_bytes_per_second = "1 MB"'
    enqueue alice tool 1.0
    systemctl start "$unit"
    # At once, since it was found by the first look.
    grep -qE '^running: +1$' <<<"$(rez-pkg-cache status --cache "$cache")"
}

case_request_of_a_user_is_copied() {
    prepare
    user alice
    package tool 1.0 3
    systemctl start "$unit"
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    local payload
    payload=$(find "$cache/tool" -name text)
    equal 'content of tool 1.0' "$(cat "$payload")"
    equal rez-pkg-cached "$(stat -c %U "$payload")"
}

case_two_users_share_the_cache_and_cannot_harm_each_other() {
    prepare
    user alice
    user bob
    package one 1.0 1
    package two 1.0 1
    systemctl start "$unit"
    systemctl stop "$unit" # so that the requests stay where they are
    enqueue alice one 1.0
    local request
    request=$(find "$cache/.sys/pending" -name 'one-*.json')
    ! as bob rm -f "$request" 2>/dev/null || fail 'bob deleted the request of alice'
    ! as bob sh -c "echo > '$request'" 2>/dev/null || fail 'bob changed the request of alice'
    systemctl start "$unit"
    enqueue bob two 1.0
    for name in alice bob; do
        as "$name" rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri one 1.0)" "$(uri two 1.0)"
        equal cached "$(as "$name" rez-pkg-cache -c status -- "$cache" | sort -u)"
    done
    ! as bob sh -c "echo bad > '$(find "$cache/one" -name text)'" 2>/dev/null || fail 'bob changed a payload'
    ! as bob sh -c "rm -rf '$cache/one'" 2>/dev/null || fail 'bob deleted a payload'
}

case_what_others_may_not_read_is_not_copied() {
    prepare
    user alice
    package secret 1.0 1
    chmod 600 "$repository/secret/1.0/python/text"
    systemctl start "$unit"
    enqueue alice secret 1.0
    ! as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri secret 1.0)" 2>/tmp/said || fail 'it was cached'
    [[ ! -e $(find "$cache/secret" -name text -print -quit 2>/dev/null) ]] || fail 'it was copied'
}

case_killed_daemon_comes_back_and_finishes_the_copy() {
    prepare 'copy_bytes_per_second = "2 MB"'
    user alice
    package tool 1.0 6
    systemctl start "$unit"
    enqueue alice tool 1.0
    within 10 'it copies' has_status tool 1.0 copying
    systemctl kill -s KILL "$unit"
    within 60 'it is cached' has_status tool 1.0 cached
    equal 1 "$(property NRestarts)"
    equal '' "$(find "$cache/.sys/rez-pkg-cached/staging" -mindepth 1)"
}

case_daemon_that_hangs_is_restarted_by_the_watchdog() {
    prepare
    mkdir -p "/etc/systemd/system/$unit.d"
    printf '[Service]\nWatchdogSec=2s\n' >"/etc/systemd/system/$unit.d/test.conf"
    systemctl daemon-reload
    systemctl start "$unit"
    # It feeds the watchdog by itself for longer than the limit.
    local first
    first=$(property MainPID)
    sleep 5
    equal "$first" "$(property MainPID)"
    equal 0 "$(property NRestarts)"
    kill -STOP "$first"
    within 30 'a new daemon serves' serves_another "$first"
    contains "$(journalctl -u "$unit" -b --no-pager -o cat)" 'Watchdog timeout'
}

serves_another() { # pid: whether another one is the main process, and ready
    [[ $(property MainPID) != "$1" && $(property MainPID) != 0 && $(systemctl is-active "$unit") == active ]]
}

case_reload_takes_a_good_configuration_and_refuses_a_bad_one() {
    prepare
    user alice
    systemctl start "$unit"
    local pid
    pid=$(property MainPID)
    configure 'workers = 7'
    systemctl reload "$unit"
    within 5 'the journal tells of the reload' journal_has 'Configuration read again: workers'
    configure 'workers = 7' 'wrokers = 3'
    systemctl reload "$unit"
    within 5 'the journal tells of the refusal' journal_has 'The new configuration is refused'
    equal active "$(systemctl is-active "$unit")"
    equal "$pid" "$(property MainPID)"
    configure # which is what commands read
    package tool 1.0 1
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
}

journal_has() { # text, since the unit was started last
    local lines
    lines=$(journalctl -o cat --no-pager _SYSTEMD_INVOCATION_ID="$(property InvocationID)")
    [[ $lines == *"$1"* ]]
}

case_full_cache_is_degraded_and_resumes() {
    prepare
    user alice
    mount -t tmpfs -o size=20m,mode=755 tmpfs "$cache"
    systemd-tmpfiles --create rez-pkg-cached.conf
    systemctl start "$unit"
    head -c 20500000 /dev/zero >"$cache/filling" # leaves 470 kB, less than the buffer
    package tool 1.0 3
    enqueue alice tool 1.0
    within 20 'STATUS says degraded' status_has 'Degraded: the disk of the cache'
    equal active "$(systemctl is-active "$unit")"
    rm "$cache/filling"
    as alice rez-pkg-cache wait --timeout 60 --cache "$cache" "$(uri tool 1.0)"
    within 20 'no longer degraded' status_has_not Degraded
    equal 0 "$(property NRestarts)"
}

# Read-only is the file system, as the kernel makes it so after an error, and not this mount of it: a service that starts
# meanwhile keeps the flags of mounts.
case_read_only_cache_is_degraded_and_resumes() {
    prepare
    user alice
    mkdir -p /mnt/disk
    mount -t tmpfs -o size=20m,mode=755 tmpfs /mnt/disk
    mount --bind /mnt/disk "$cache"
    systemd-tmpfiles --create rez-pkg-cached.conf
    package tool 1.0 3
    systemctl start "$unit"
    systemctl stop "$unit"
    enqueue alice tool 1.0
    mount -o remount,ro /mnt/disk
    systemctl start "$unit" # which does not fail
    within 10 'STATUS says degraded' status_has Degraded
    journal_has "Degraded: the cache $cache cannot be written"
    mount -o remount,rw /mnt/disk
    within 30 'tool-1.0 is cached' has_status tool 1.0 cached
    within 20 'no longer degraded' status_has_not Degraded
    equal 0 "$(property NRestarts)"
    umount -l "$cache" /mnt/disk
}

case_repository_that_is_missing_is_waited_for() {
    prepare
    user alice
    rm -rf "$repository"
    systemctl start "$unit" # which does not fail
    equal active "$(systemctl is-active "$unit")"
    status_has "Degraded: cannot serve cache $cache: repositories has $repository, and there is no such folder" ||
        fail "$(property StatusText)"
    mkdir -p "$repository"
    package tool 1.0 1
    within 10 'no longer degraded' status_has 'Waiting for requests'
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    equal 0 "$(property NRestarts)"
}

# The unit's mounts are those of its start: in a folder that is made later it may not write.
case_cache_that_is_made_while_the_unit_runs_is_served() {
    prepare
    user alice
    package tool 1.0 1
    sed -i 's:^cache_packages_path.*:cache_packages_path = "/srv/later/cache":' "$conf"
    for name in rez-pkg-cached rez-pkg-cached-clean; do
        mkdir -p "/etc/systemd/system/$name.service.d"
        rez-pkg-cached --print-drop-in >"/etc/systemd/system/$name.service.d/cache.conf"
    done
    systemctl daemon-reload
    systemctl start "$unit"
    status_has 'Degraded: Not a directory: /srv/later/cache' || fail "$(property StatusText)"
    mkdir -p /srv/later/cache
    chown rez-pkg-cached: /srv/later/cache
    within 30 'it is served' status_has 'Waiting for requests'
    equal 1 "$(property NRestarts)"
    cache=/srv/later/cache
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    systemctl stop "$unit"
    rm -r /srv/later
}

case_log_that_a_user_fills_is_emptied() {
    prepare 'max_log_bytes = "1 MB"'
    user alice
    package tool 1.0 1
    systemctl start "$unit"
    local log
    log=$cache/.sys/log/$(date +%F).log
    as alice sh -c "head -c 5000000 /dev/zero >>'$log'"
    within 10 'the journal tells of it' journal_has "The log $log had more than 1000000 bytes (max_log_bytes) and was emptied"
    ((1000000 > $(stat -c %s "$log"))) || fail 'it is as large as it was'
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    grep -q 'Cached variant to' "$log"
}

status_has() { [[ $(property StatusText) == *"$1"* ]]; }

status_has_not() { ! status_has "$1"; }

case_stop_while_copying_is_quick_and_loses_nothing() {
    prepare 'copy_bytes_per_second = "1 MB"'
    user alice
    package tool 1.0 30
    systemctl start "$unit"
    enqueue alice tool 1.0
    within 10 'it copies' has_status tool 1.0 copying
    local begun=$SECONDS
    systemctl stop "$unit"
    ((SECONDS - begun <= 11)) || fail "it took $((SECONDS - begun)) s"
    equal success "$(property Result)"
    equal '' "$(find "$cache/tool" -name '.copying-*')"
    has_status tool 1.0 pending
    configure
    systemctl start "$unit"
    as alice rez-pkg-cache wait --timeout 30 --cache "$cache" "$(uri tool 1.0)"
}

# --- what the hardening refuses, what the journal holds --------------------------------------------------------------------

# Runs a script in the place of the daemon: as the unit's user, in its namespaces, under its filters.
from_inside() { # script, which prints what it could do that it should not
    mkdir -p "/etc/systemd/system/$unit.d"
    printf '%s\n' "$1" >/var/lib/probe.sh
    printf '[Service]\nType=oneshot\nWatchdogSec=0\nRestart=no\nExecStart=\nExecStart=/bin/bash /var/lib/probe.sh\nStandardOutput=truncate:/var/lib/probe.said\n' \
        >"/etc/systemd/system/$unit.d/test.conf"
    systemctl daemon-reload
    systemctl start "$unit"
    cat /var/lib/probe.said
}

case_hardening_refuses_all_but_the_cache() {
    prepare
    user alice
    echo secret >/home/alice/file
    chmod 755 /home/alice
    echo of-another >/tmp/of-another
    local said
    # shellcheck disable=SC2016 # for the inner shell
    local probe='
        try() { # what command: says what, where the command succeeds
            local what=$1
            shift
            if "$@" >/dev/null 2>&1; then echo "could: $what"; fi
        }
        write() { : >"$1/probe"; }
        for folder in / /etc /usr /var /var/lib /srv /opt /home /root /boot /run; do try "write $folder" write "$folder"; done
        try "set a kernel variable" eval "echo 60 >/proc/sys/vm/swappiness"
        try "write cgroups" mkdir /sys/fs/cgroup/probe
        try "read /home" cat /home/alice/file
        try "read what is in the /tmp of others" cat /tmp/of-another
        try "make an Internet socket" eval "! (exec 3<>/dev/tcp/127.0.0.1/1) 2>&1 | grep -q protocol"
        try "mount" mount -t tmpfs none /mnt
        try "make a namespace" unshare --uts true
        try "set the host name" hostname other
        try "make a file setuid" chmod u+s /var/cache/rez-pkg-cached/packages/.sys
        try "run in real time" chrt -f 1 true
        try "become another user" setpriv --reuid=1 --clear-groups true
        try "trace another process" eval "timeout 1 strace -o /dev/null -p 1; [ \$? = 124 ]"
        try "have a capability" grep -qE "^CapBnd:.*[1-9a-f]" /proc/self/status
        try "work in the cache" write /var/cache/rez-pkg-cached/packages
        try "work in the runtime folder" write /run/rez-pkg-cached
        try "see processes of others" cat /proc/1/status
        try "tell users apart" eval "[ \$(stat -c %U /home/alice/.. /srv | sort -u | head -1) = root ]"
    '
    local said allowed
    said=$(from_inside "$probe")
    allowed=$(printf 'could: %s\n' 'work in the cache' 'work in the runtime folder' 'see processes of others' 'tell users apart')
    equal "$allowed" "$said"
    # What it tries is what root can do, else nothing would have been refused.
    systemctl start "$unit" || true
    said=$(unshare --mount bash /var/lib/probe.sh)
    printf '%s\n' "$said"
    for what in 'write /etc' 'read /home' 'mount' 'make an Internet socket' 'make a namespace' 'become another user' 'trace another process'; do
        contains "$said" "could: $what"
    done
}

case_exposure_is_within_its_limit() {
    install_package
    local line
    line=$(systemd-analyze security --no-pager "$unit" | tail -1)
    systemd-analyze security --threshold=15 "$unit" >/dev/null || fail "$line"
    printf 'note: %s\n' "${line#*: }"
    for file in /usr/share/rez-pkg-cached/drop-ins/*.conf; do
        mkdir -p "/etc/systemd/system/$unit.d"
        cp "$file" "/etc/systemd/system/$unit.d/test.conf"
        systemctl daemon-reload
        line=$(systemd-analyze security --no-pager "$unit" | tail -1)
        systemd-analyze security --threshold=15 "$unit" >/dev/null || fail "$file: $line"
        printf 'note: with %s: %s\n' "${file##*/}" "${line#*: }"
    done
    rm -r "/etc/systemd/system/$unit.d"
    systemctl daemon-reload
}

case_units_have_no_mistake() {
    install_package
    equal '' "$(systemd-analyze verify --man=no /usr/lib/systemd/system/rez-pkg-cached* 2>&1)"
    equal '' "$(XDG_RUNTIME_DIR=/tmp systemd-analyze --user verify --man=no /usr/lib/systemd/user/rez-pkg-cached*.path \
        /usr/lib/systemd/user/rez-pkg-cached*@.service /usr/lib/systemd/user/rez-pkg-cached*@.timer 2>&1)"
}

case_journal_holds_level_and_fields() {
    prepare
    user alice
    package tool 1.0 2
    systemctl start "$unit"
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    within 5 'the journal has the line' journal_has 'Cached variant to'
    journalctl -o json --no-pager _SYSTEMD_INVOCATION_ID="$(property InvocationID)" >/tmp/journal.json
    local line
    line=$(grep '"MESSAGE":"Cached variant to' /tmp/journal.json)
    for field in '"PRIORITY":"6"' '"SYSLOG_IDENTIFIER":"rez-pkg-cached"' "\"VARIANT\":\"$(uri tool 1.0)\"" \
        '"REQUEST":"tool-1.0[]' '"BYTES":"2000050"' '"SECONDS":"'; do
        contains "$line" "$field"
    done
}

# --- one user's own -------------------------------------------------------------------------------------------------------

# In the manager of a user who is not logged in.
of_user() { # user command
    local user=$1
    shift
    runuser -u "$user" -- env "XDG_RUNTIME_DIR=/run/user/$(id -u "$user")" LC_ALL=C.UTF-8 "HOME=/home/$user" "$@"
}

prepare_user() { # user: with a manager, no shared cache, an own one at /home/USER/cache
    prepare
    printf '# nothing set\n' >"$conf"
    user "$1"
    mkdir -p "/home/$1/cache"
    rm -rf "/home/$1/cache"
    install -d -o "$1" -g "$1" "/home/$1/cache"
    printf '%s\n' "cache_packages_path: /home/$1/cache" "packages_path: [$repository]" 'default_cachable: true' \
        'package_cache_same_device: true' 'package_cache_space_buffer: 1000000' 'package_cache_used_threshold: 100' \
        'tmpdir: /nonexistent' >"/home/$1/.rezconfig"
    loginctl enable-linger "$1"
    within 20 'the manager of the user runs' systemctl -q is-active "user@$(id -u "$1").service"
}

user_property() { # user property unit
    of_user "$1" systemctl --user show --value -p "$2" "$3"
}

case_unit_of_a_user_serves_his_cache() {
    prepare_user carol
    local instance
    instance=rez-pkg-cached@$(systemd-escape --path /home/carol/cache).service
    package tool 1.0 1
    of_user carol systemctl --user enable --now "$instance"
    of_user carol rez-pkg-cache enqueue "$(uri tool 1.0)"
    of_user carol rez-pkg-cache wait --timeout 20 "$(uri tool 1.0)"
    equal 'Waiting for requests' "$(user_property carol StatusText "$instance")"
    # An upgrade restarts it.
    local former
    former=$(user_property carol MainPID "$instance")
    dpkg -i /packages/newer.deb </dev/null
    equal active "$(user_property carol ActiveState "$instance")"
    [[ $(user_property carol MainPID "$instance") != "$former" ]] || fail 'not restarted by the upgrade'
    dpkg -i /packages/this.deb </dev/null
    of_user carol systemctl --user disable --now "$instance"
    equal inactive "$(user_property carol ActiveState "$instance")"
}

case_path_unit_has_the_daemon_only_while_there_are_requests() {
    prepare_user carol
    printf 'idle_timeout = 2 s\n' >"$conf"
    local instance on_demand
    instance=$(systemd-escape --path /home/carol/cache)
    on_demand=rez-pkg-cached-on-demand@$instance.service
    of_user carol mkdir -p /home/carol/cache/.sys/pending
    of_user carol systemctl --user start "rez-pkg-cached@$instance.path"
    equal inactive "$(user_property carol ActiveState "$on_demand")"
    for name in one two three four five six seven; do # a limit of starts must not count good ones
        package "$name" 1.0 1
        of_user carol rez-pkg-cache enqueue "$(uri "$name" 1.0)"
        within 20 "$name is cached" user_has_cached carol "$name"
        within 20 'the daemon has ended' user_unit_is carol "$on_demand" inactive
    done
    equal success "$(user_property carol Result "$on_demand")"
    sleep 1
    equal inactive "$(user_property carol ActiveState "$on_demand")"
    equal active "$(user_property carol ActiveState "rez-pkg-cached@$instance.path")"
    of_user carol systemctl --user stop "rez-pkg-cached@$instance.path"
}

user_has_cached() { grep -q "^ *cached .*/$2/" <<<"$(of_user "$1" rez-pkg-cache -c status orig_path 2>/dev/null)"; }

user_unit_is() { [[ $(user_property "$1" ActiveState "$2") == "$3" ]]; }

# The daemons that rez starts through our command, after a context, and the one of a .path unit.
case_upgrade_leaves_no_daemon_of_the_old_version() {
    prepare_user carol
    printf 'idle_timeout = 10 minutes\ncopy_bytes_per_second = "1 MB"\n' >"$conf"
    package tool 1.0 30
    of_user carol rez-pkg-cache enqueue "$(uri tool 1.0)"
    of_user carol rez-pkg-cache --daemon /home/carol/cache
    within 20 'it copies' user_has_status carol copying
    local first
    first=$(of_user carol rez-pkg-cache status --json | grep -oE '"pid": *[0-9]+' | grep -oE '[0-9]+')
    # Somebody's own, in the foreground, is his to restart.
    user dave
    install -d -o dave -g dave /home/dave/cache
    of_user dave env REZ_PKG_CACHED_IDLE_TIMEOUT='10 minutes' setsid rez-pkg-cached /home/dave/cache >/dev/null 2>&1 </dev/null &
    within 20 'the one of dave serves' [ -e /home/dave/cache/.sys/rez-pkg-cached/daemon.json ]
    local on_demand instance
    user erin
    install -d -o erin -g erin /home/erin/cache /home/erin/cache/.sys /home/erin/cache/.sys/pending
    loginctl enable-linger erin
    within 20 'the manager of erin runs' systemctl -q is-active "user@$(id -u erin).service"
    instance=$(systemd-escape --path /home/erin/cache)
    on_demand=rez-pkg-cached-on-demand@$instance.service
    of_user erin systemctl --user start "$on_demand"
    local former
    former=$(user_property erin MainPID "$on_demand")

    dpkg -i /packages/newer.deb </dev/null
    within 15 'the one that a context started has ended' has_ended "$first"
    equal active "$(user_property erin ActiveState "$on_demand")"
    [[ $(user_property erin MainPID "$on_demand") != "$former" ]] || fail 'not restarted by the upgrade'
    local daves
    daves=$(pgrep -u dave -f io.rezpkgcached.daemon.Main) || fail 'the one of dave has ended'
    # Nothing is lost: the next context starts one that takes it up.
    of_user carol rez-pkg-cache --daemon /home/carol/cache
    within 20 'it copies again' user_has_status carol copying
    dpkg -i /packages/this.deb </dev/null
    kill "$daves"
    within 15 'it has ended too' none_runs_for carol
    of_user erin systemctl --user stop "$on_demand"
}

none_runs_for() { ! pgrep -u "$1" -f io.rezpkgcached.daemon.Main >/dev/null; }

has_ended() { [[ ! -d /proc/$1 ]]; }

user_has_status() { grep -q "$2" <<<"$(of_user "$1" rez-pkg-cache -c status 2>/dev/null)"; }

# --- the timer ------------------------------------------------------------------------------------------------------------

case_timer_cleans_what_was_not_used_for_long() {
    prepare 'package_cache_max_variant_days = 5'
    user alice
    package old 1.0 1
    package new 1.0 1
    systemctl start "$unit"
    enqueue alice old 1.0
    enqueue alice new 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri old 1.0)" "$(uri new 1.0)"
    runuser -u rez-pkg-cached -- touch -d '10 days ago' "$(find "$cache/old" -name '*.json')"
    systemctl start rez-pkg-cached-clean.timer
    [[ $(property NextElapseUSecRealtime rez-pkg-cached-clean.timer) != '' ]] || fail 'it has no next time'
    systemctl start rez-pkg-cached-clean.service
    equal success "$(property Result rez-pkg-cached-clean.service)"
    within 10 'the old one is gone' has_not old
    has_status new 1.0 cached
    # Without the daemon it does it by itself.
    systemctl stop "$unit"
    runuser -u rez-pkg-cached -- touch -d '10 days ago' "$(find "$cache/new" -name '*.json')"
    systemctl start rez-pkg-cached-clean.service
    within 10 'the other is gone' has_not new
}

has_not() { ! grep -q "/$1/" <<<"$(listing)"; }

# --- upgrade, downgrade ---------------------------------------------------------------------------------------------------

case_upgrade_while_it_copies_loses_nothing() {
    prepare 'copy_bytes_per_second = "1 MB"' '# of the administrator'
    user alice
    package tool 1.0 5
    systemctl start "$unit"
    enqueue alice tool 1.0
    within 10 'it copies' has_status tool 1.0 copying
    local former
    former=$(property MainPID)
    dpkg -i /packages/newer.deb </dev/null
    equal 9.9.9-1 "$(dpkg-query -W -f='${Version}' rez-pkg-cached)"
    equal active "$(systemctl is-active "$unit")"
    [[ $(property MainPID) != "$former" ]] || fail 'it was not restarted'
    grep -q '# of the administrator' "$conf"
    as alice rez-pkg-cache wait --timeout 60 --cache "$cache" "$(uri tool 1.0)"
    dpkg -i /packages/this.deb </dev/null
    equal active "$(systemctl is-active "$unit")"
    equal cached "$(rez-pkg-cache -c status -- "$cache" | sort -u)"
}

case_downgrade_under_a_newer_format_is_refused() {
    prepare
    systemctl start "$unit"
    systemctl stop "$unit"
    local before
    before=$(find "$cache" | sort)
    echo 2 >"$cache/.sys/rez-pkg-cached/format"
    ! systemctl start "$unit" || fail 'it serves a cache of a newer format'
    journal_has 'was used by a newer rez-pkg-cached (format 2'
    equal "$before" "$(find "$cache" | sort)"
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
    equal '' "$(find / -xdev -path /proc -prune -o -path /tests -prune -o -path /packages -prune -o -path /home -prune -o -name '*rez-pkg-cached*' -print)"
    id rez-pkg-cached
}

# --- the other package --------------------------------------------------------------------------------------------------

# By rpm itself, on a Debian whose rpm knows of no other package and wants to be told that this is meant.
with_rpm() { rpm --force-debian --nodeps "$@"; }

case_rpm_is_installed_upgraded_and_removed() {
    dpkg -P rez-pkg-cached 2>/dev/null || true
    rm -rf /var/cache/rez-pkg-cached "$repository" /etc/systemd/system/rez-pkg-cached*.service.d
    user alice
    with_rpm -i /packages/this.rpm
    equal '' "$(with_rpm -V rez-pkg-cached)"
    equal 'rez-pkg-cached:rez-pkg-cached' "$(stat -c %U:%G "$cache")"
    equal inactive "$(systemctl is-active "$unit" || true)"
    equal '' "$(systemd-analyze verify --man=no /usr/lib/systemd/system/rez-pkg-cached* 2>&1)"
    configure 'workers = 3'
    package tool 1.0 1
    systemctl enable --now "$unit" rez-pkg-cached-clean.timer
    enqueue alice tool 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri tool 1.0)"
    local former
    former=$(property MainPID)
    with_rpm -U --replacepkgs --oldpackage /packages/this.rpm # its scripts are told that it is an upgrade
    equal active "$(systemctl is-active "$unit")"
    [[ $(property MainPID) != "$former" ]] || fail 'not restarted by the upgrade'
    equal enabled "$(systemctl is-enabled "$unit")"
    grep -q 'workers = 3' "$conf"
    package other 1.0 1
    enqueue alice other 1.0
    as alice rez-pkg-cache wait --timeout 20 --cache "$cache" "$(uri other 1.0)"
    with_rpm -e rez-pkg-cached
    equal inactive "$(systemctl is-active "$unit" || true)"
    equal '' "$(systemctl list-units --all --plain --no-legend 'rez-pkg-cached*')"
    equal '' "$(find /etc/systemd /usr -name '*rez-pkg-cached*')"
    grep -q 'workers = 3' "$conf.rpmsave"
    [[ -d $cache/tool ]]
}

# --- which ----------------------------------------------------------------------------------------------------------------

case ${1:-} in
    --list) sed -n 's/^case_\([a-z0-9_]*\)() {$/\1/p' "$0" ;;
    *)
        declare -F "case_${1:-}" >/dev/null || fail "no such case: ${1:-}"
        "case_$1"
        ;;
esac
