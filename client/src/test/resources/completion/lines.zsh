# Types each line of standard input, and a tab after it, into an interactive zsh that knows the completions in folder $1. Prints what
# was offered, sorted, and what became of the line. $2: a folder to use meanwhile. $3: the working directory.
emulate -R zsh
cd $3 || exit 1
zmodload zsh/zpty || exit 1
lines=("${(@f)$(cat)}")
cat >$2/setup <<'SETUP'
PS1= LISTMAX=10000
setopt no_beep extended_glob
autoload -Uz compinit && compinit -u -D
typeset -a offered
compadd() {
    local -a hits
    if [[ " ${@[1,(i)(-|--)]} " != *" -"[a-zA-Z]#[OAD]" "* ]]; then
        builtin compadd -A hits "$@"
        offered+=($hits)
    fi
    builtin compadd "$@"
}
note() {
    print -r -- "${(j: :)${(@ou)offered}} = $BUFFER" >>$record
    offered=() BUFFER=
}
zle -N note
bindkey "^I" complete-word "^T" note
SETUP
: >$2/record
zpty shell zsh -f -i
zpty -w shell "fpath=(${(q)1} \$fpath) record=${(q)2}/record; source ${(q)2}/setup"
for line in $lines; do
    zpty -w -n shell "$line"$'\t\x14'
done
zpty -w shell exit
while zpty -r shell ignored; do :; done
cat $2/record
