# shellcheck shell=bash
# steps.sh — to be sourced: one short line per step on stderr, with its time; a step's output goes to a file in build/log
# and is shown only when the step fails.
log_folder=build/log
declare -A step_text=() step_start=()

say() { printf '» %s\n' "$*" >&2; }

fail() {
    printf '\n%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# step NAME TEXT COMMAND... — run the command and wait for it. What it writes is build/log/NAME.log.
step() {
    local name=$1 text=$2 start=$SECONDS
    shift 2
    mkdir -p "$log_folder"
    printf '» %s … ' "$text" >&2
    if "$@" > "$log_folder/$name.log" 2>&1 < /dev/null; then
        printf '%d s\n' $((SECONDS - start)) >&2
    else
        printf 'failed after %d s\n' $((SECONDS - start)) >&2
        show_log "$name"
        return 1
    fi
}

# begin NAME TEXT COMMAND... — run the command beside the others that were begun; `finish` waits for all of them. Its
# stdout goes to build/log/NAME.out.
begin() {
    local name=$1 text=$2
    shift 2
    mkdir -p "$log_folder"
    set -m # a process group of its own, so that its children end with it
    "$@" > "$log_folder/$name.out" 2> "$log_folder/$name.log" < /dev/null &
    set +m
    step_text[$!]="$name $text"
    step_start[$!]=$SECONDS
    trap end_begun EXIT
    trap 'exit 130' INT TERM HUP
}

# finish — wait for everything begun; when one fails, end the others.
finish() {
    local pid status
    sleep 0.2 # what is found done at once needs no announcement
    for pid in "${!step_text[@]}"; do
        if kill -0 "$pid" 2> /dev/null; then say "${step_text[$pid]#* } … under way"; fi
    done
    while [ ${#step_text[@]} -gt 0 ]; do
        status=0
        wait -n -p pid "${!step_text[@]}" || status=$?
        local name=${step_text[$pid]%% *} text=${step_text[$pid]#* } seconds=$((SECONDS - step_start[$pid]))
        unset "step_text[$pid]"
        if [ "$status" != 0 ]; then
            say "$text … failed after $seconds s"
            show_log "$name"
            exit 1
        fi
        say "$text … $seconds s"
    done
}

end_begun() {
    local pid
    for pid in "${!step_text[@]}"; do kill -- "-$pid" 2> /dev/null || true; done
}

show_log() {
    tail -n 40 "$log_folder/$1.log" | sed 's/^/    /' >&2
    printf '    (all of it: %s)\n' "$PWD/$log_folder/$1.log" >&2
}
