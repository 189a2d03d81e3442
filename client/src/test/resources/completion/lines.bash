# shellcheck shell=bash
# Completes the last word of each line of standard input with a completion script, $1. In the lines the words are separated by "|".
# Prints what is offered, and what readline is asked to add by itself.
set -u

compopt() { added="[$*]"; }

# shellcheck source=/dev/null
source "$1"
while IFS= read -r line; do
    IFS='|' read -r -a COMP_WORDS <<<"$line|"
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    added=
    _rez_pkg_cache
    printf '%s%s\n' "${COMPREPLY[*]-}" "$added"
done
