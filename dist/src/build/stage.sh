#!/bin/sh
# Lays out what the packages install, as WritePackages reads it.
#
#   stage.sh FOLDER PROJECT DESCRIPTION TARGET
#
# FOLDER       the distribution folder, trained
# PROJECT      the project's folder
# DESCRIPTION  the folder of src/packages, filled in
# TARGET       the staging folder to make: all, deb, rpm, control, scripts
set -eu

folder=$1
project=$2
description=$3
target=$4

name=rez-pkg-cached
all=$target/all
home=$all/usr/lib/$name
umask 022

put() { # target folder, files: with the mode of a file that is only read
    mkdir -p "$1"
    into=$1
    shift
    install -m 644 "$@" "$into"
}

rm -rf "$target"

# --- the installation, which keeps its times: the launchers go by them ----------------------------------------------------

mkdir -p "$home" "$all/usr/bin"
cp -a "$folder/bin" "$folder/lib" "$folder/runtime" "$home"
install -m 755 "$description/installed.sh" "$home/lib"
ln -s "/etc/$name" "$home/conf"
for command in rez-memcache rez-pkg-cache rez-pkg-cached; do
    ln -s "../lib/$name/bin/$command" "$all/usr/bin/$command"
done

# --- where the system looks for it ----------------------------------------------------------------------------------------

put "$all/etc/$name" "$folder/conf/$name.conf"
for unit in system user; do put "$all/usr/lib/systemd/$unit" "$project/systemd/$unit"/*; done
for kind in sysusers tmpfiles; do put "$all/usr/lib/$kind.d" "$project/systemd/$kind.d"/*; done
put "$all/usr/share/$name/drop-ins" "$project/systemd/drop-ins"/*.conf
put "$all/usr/share/man/man1" "$folder/man/man1"/*
put "$all/usr/share/man/man8" "$folder/man/man8"/*
put "$all/usr/share/bash-completion/completions" "$folder/share/bash-completion/completions"/*
put "$all/usr/share/doc/$name" "$project/README.md" "$project/docs"/*.md

put "$target/deb/usr/share/zsh/vendor-completions" "$folder/share/zsh/site-functions"/*
put "$target/deb/usr/share/doc/$name" "$description/deb/copyright"
put "$target/deb/usr/share/lintian/overrides" "$description/deb/lintian-overrides/$name"
install -m 644 "$description/deb/changelog" "$target/deb/usr/share/doc/$name/changelog.Debian"

put "$target/rpm/usr/share/zsh/site-functions" "$folder/share/zsh/site-functions"/*
put "$target/rpm/usr/share/licenses/$name" "$project/LICENSE"

gzip -9n "$all/usr/share/man"/*/* "$target/deb/usr/share/doc/$name/changelog.Debian"

put "$target/control" "$description/deb/control"
for script in postinst prerm postrm; do install -m 755 "$description/deb/$script" "$target/control"; done
put "$target/scripts" "$description/rpm"/*

# What was made here gets the time that the files of the installation have, so that a build can be repeated to the byte.
find "$target" -path "$home/*" -prune -o -exec touch -h -r "$folder/lib" {} +
touch -h -r "$folder/lib" "$home" "$home/conf" "$home/lib/installed.sh" "$home/lib"
