# shellcheck shell=bash disable=SC2154
# Sourced by run, whose $work is a folder for logs: boots a Debian with systemd as its process 1 in a container, from a folder that is kept between runs.
#
# What it writes goes to memory (an overlay): each boot begins from the same folder. Nothing is installed on the host.

# Kept between runs: the programs that make and boot the root, and the root.
kept=${REZ_PKG_CACHED_TEST_MACHINE:-${XDG_CACHE_HOME:-$HOME/.cache}/rez-pkg-cached-test-machine}
# Part of the folder's name, so that another list makes another root.
packages=systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd,libnss-systemd,procps,acl,strace,python3-minimal,rpm
root=$kept/bookworm-$(printf '%s' "$packages" | cksum | cut -d' ' -f1)
tools=$kept/tools

machine=rez-pkg-cached-test-$$
cgroup=
nspawn=
init=

use_tools() { # in a subshell: programs and libraries of the kept folder come first
    local lib=$tools/usr/lib/x86_64-linux-gnu
    export PATH=$tools/usr/sbin:$tools/usr/bin:$tools/sbin:$tools/bin:$PATH
    export LD_LIBRARY_PATH=$lib:$lib/systemd:$tools/lib/x86_64-linux-gnu:$tools/lib/x86_64-linux-gnu/systemd
    export DEBOOTSTRAP_DIR=$tools/usr/share/debootstrap
}

provide_tools() {
    [[ -x $tools/usr/bin/systemd-nspawn && -x $tools/usr/sbin/debootstrap ]] && return
    local downloads=$kept/downloads
    rm -rf "$downloads" "$tools"
    mkdir -p "$downloads"
    apt-get update >/dev/null || return
    (cd "$downloads" && apt-get download debootstrap systemd-container libsystemd-shared libsystemd0 >/dev/null) || return
    local package
    for package in "$downloads"/*.deb; do dpkg -x "$package" "$tools" || return; done
    rm -rf "$downloads"
}

provide_root() {
    [[ -e $root/etc/debian_version ]] && return
    rm -rf "$root.new"
    (use_tools && debootstrap --variant=minbase --include="$packages" bookworm "$root.new") >"$kept/debootstrap.log" 2>&1 || return
    rm -rf "$root.new/var/cache/apt/archives"/*.deb
    mv "$root.new" "$root"
}

# Boots, with folders of the host at places of the machine (FROM:TO ...), which it can only read.
boot() {
    local mount binds=()
    for mount in "$@"; do binds+=("--bind-ro=$mount"); done
    cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)/$machine
    mkdir "$cgroup" || return
    # Each becomes the next, so that what is started here is nspawn.
    # shellcheck disable=SC2016 # for the inner shell
    (use_tools && exec unshare --mount --propagation private bash -c '
        echo $$ >"$1/cgroup.procs" || exit
        umount -R /sys/fs/cgroup 2>/dev/null
        mount -t cgroup2 cgroup2 /sys/fs/cgroup && mount -t tmpfs tmpfs /run/systemd || exit
        shift
        exec systemd-nspawn "$@"
    ' - "$cgroup" -D "$root" --boot --machine="$machine" --register=no --keep-unit --console=read-only \
        --volatile=overlay --private-network --system-call-filter=bpf "${binds[@]}") >"$work/boot.log" 2>&1 &
    nspawn=$!
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        kill -0 $nspawn 2>/dev/null || return
        init=$(pgrep -P $nspawn -x systemd) && case $(inside systemctl is-system-running 2>/dev/null) in
            running) return 0 ;;
            degraded)
                inside systemctl list-units --failed --plain --no-legend >&2
                return 1
                ;;
        esac
        sleep 0.1
    done
    return 1
}

inside() { # command: runs it in the machine, as root
    LD_LIBRARY_PATH='' nsenter -t "$init" -m -u -i -n -p -C -r -w env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 "$@"
}

shut_down() {
    if [[ -n $nspawn ]]; then
        kill -TERM "$nspawn" 2>/dev/null
        wait "$nspawn" 2>/dev/null
        nspawn=
    fi
    if [[ -n $cgroup && -d $cgroup ]]; then
        find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null
        cgroup=
    fi
}
