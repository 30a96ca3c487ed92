# Receives a program of SIZE bytes by standard input and becomes it: SIZE NAME ARGUMENTS...
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
size=$1 name=$2
shift 2
umask 077
for place in /tmp /var/tmp /run /dev "$HOME" ''; do
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
echo 'there is no directory in which a file can be made and executed' >&2
exit 126
