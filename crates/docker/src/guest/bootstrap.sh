# Receives a program of SIZE bytes by standard input and becomes it: SIZE NAME ARGUMENTS...
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
size=$1 name=$2
shift 2
umask 077

# apart DIRECTORY: whether nobody but root and this user can replace what this user puts there. Code that ran here before
# waits for what is put where it can.
apart() {
    set -- "$1" $(ls -ldn "$1/.")
    [ "$4" = 0 ] || [ -O "$1/." ] || return 1
    case $2 in
        d????????[tT]* | d????-??-*) return 0 ;;
        *) return 1 ;;
    esac
}

for place in /run /dev '' /tmp /var/tmp; do
    apart "$place" || continue
    directory=$place/$name
    mkdir "$directory" 2>/dev/null || continue
    # File systems may refuse to execute what lies on them.
    if (printf '#!/bin/sh\n' >"$directory/agent" && chmod 700 "$directory/agent" && "$directory/agent") 2>/dev/null; then
        # Where the sender is gone before the end there is less.
        head -c "$size" >"$directory/agent" && [ "$(wc -c <"$directory/agent")" -eq "$size" ] &&
            exec "$directory/agent" "$@"
        rm -r "$directory"
        exit 126
    fi
    rm -r "$directory"
done
echo 'there is no directory in which a file can be made and executed, and which is out of the reach of others' >&2
exit 126
