#!/bin/sh
# What packages do to the running system, for their maintainer scripts: installed.sh after-installation|after-upgrade|before-removal
#
# Where systemd does not run, in a container or an image that is being made, only the user and the folders are made, as far
# as systemd's programs for that are there. Nothing here fails an installation: units that cannot be restarted go on as they are.
set -u

systemd_runs() { [ -d /run/systemd/system ]; }

# Calls systemctl in the manager of each user who is logged in, or lingers.
of_each_user() {
    systemctl list-units --plain --no-legend --state=active 'user@*.service' 2>/dev/null | while read -r unit _; do
        uid=${unit#user@}
        uid=${uid%.service}
        systemctl --user -M "$uid@.host" "$@" 2>/dev/null || true
    done
}

make_user_and_folders() {
    if command -v systemd-sysusers >/dev/null; then systemd-sysusers rez-pkg-cached.conf || true; fi
    if command -v systemd-tmpfiles >/dev/null; then systemd-tmpfiles --create rez-pkg-cached.conf || true; fi
}

# Lets the shared unit, and its clean, write the cache that is configured, where that is not below the package's own folder.
# What an administrator wrote there is left alone. Where nothing is configured yet, or wrongly, the daemon says so when it starts.
allow_cache() {
    # Not what root has configured for himself.
    settings=$(env -i PATH="$PATH" REZ_DISABLE_HOME_CONFIG=1 rez-pkg-cached --print-settings 2>/dev/null) || return 0
    printf '%s\n' "$settings" | grep -q '^shared_cache = true ' || return 0
    drop_in=$(env -i PATH="$PATH" REZ_DISABLE_HOME_CONFIG=1 rez-pkg-cached --print-drop-in 2>/dev/null) || return 0
    for unit in rez-pkg-cached.service rez-pkg-cached-clean.service; do
        file=/etc/systemd/system/$unit.d/cache.conf
        if [ -e "$file" ] && ! grep -q '^# Written by rez-pkg-cached ' "$file"; then continue; fi
        case $drop_in in
            */var/cache/rez-pkg-cached/*) rm -f "$file" ;;
            *) mkdir -p "${file%/*}" && printf '%s\n' "$drop_in" >"$file" ;;
        esac
    done
}

reload() {
    systemd_runs || return 0
    systemctl daemon-reload || true
    of_each_user daemon-reload
}

# A daemon that goes on would load classes of a Java that is no longer there. What it copies it puts back within 10 s; the
# requests stay, and the next one serves them.
restart() {
    systemd_runs || return 0
    systemctl try-restart rez-pkg-cached.service || true
    of_each_user try-restart 'rez-pkg-cached@*.service' 'rez-pkg-cached-on-demand@*.service'
}

# Ends the daemons that rez-pkg-cache --daemon has started, which are in no unit: they put back what they copy, and what is asked for
# stays in the spool until the next context starts one. Not those of a chroot or container, nor where somebody runs the daemon himself.
# shellcheck disable=SC3013 # no POSIX, but dash, bash, ksh and busybox have -ef
end_those_of_contexts() {
    grep -lzxF io.rezpkgcached.daemon.Main /proc/[0-9]*/cmdline 2>/dev/null | while read -r words; do
        process=${words%/cmdline}
        [ "$process/root/." -ef /. ] || continue
        case $(tr '\0' ' ' <"$words" 2>/dev/null) in
            # Through the link in /usr/bin it is /usr/bin/../lib.
            *' -Drez-pkg-cached.home=/usr/'*lib/rez-pkg-cached' '*' io.rezpkgcached.daemon.Main --until-idle '*) ;;
            *) continue ;;
        esac
        case $(cat "$process/cgroup" 2>/dev/null) in
            */rez-pkg-cached*.service*) ;;
            *) kill -TERM "${process#/proc/}" 2>/dev/null || true ;;
        esac
    done
}

case ${1:-} in
    after-installation)
        make_user_and_folders
        allow_cache
        reload
        ;;
    after-upgrade)
        make_user_and_folders
        allow_cache
        reload
        restart
        end_those_of_contexts
        ;;
    before-removal)
        end_those_of_contexts
        systemd_runs || exit 0
        for unit in rez-pkg-cached-clean.timer rez-pkg-cached.service; do
            systemctl disable --now "$unit" || true
        done
        of_each_user stop 'rez-pkg-cached@*.path' 'rez-pkg-cached-clean@*.timer' 'rez-pkg-cached@*.service' \
            'rez-pkg-cached-on-demand@*.service'
        ;;
    *)
        echo 'usage: installed.sh after-installation|after-upgrade|before-removal' >&2
        exit 64
        ;;
esac
