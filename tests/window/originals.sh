# The twelve originals, and a damaged file among them, reviewed from first to last by keys and pointer; then the records, the
# CSV and the PDF say the same of each. Sourced by run.sh.

# Keys, clicks and strokes since the last photograph, and of all.
hands=0
all_hands=0

tap() { hands=$((hands + $#)); press "$@"; }

# A decision goes on to the next photograph, if there is one.
decide() {
    local key="$1" kept="$2" next="${3:-}"
    tap "$key"; await "kept: $photo $kept"
    echo "  by hand: $photo ($hands)"
    all_hands=$((all_hands + hands))
    hands=0
    photo="$next"
    [ -z "$photo" ] || { await "photo: ${photo}|photo failed"; await 'at rest'; }
}

# One step of a correction by the tool's key, or by a stroke of the brush from $2,$3 to $4,$5.
correct_by() {
    tap e; await 'correcting'; await 'at rest'
    case "$1" in
        stroke) hands=$((hands + 1)); stroke "${@:2}" ;;
        *) tap "$1" ;;
    esac
    await 'kept: 1 steps'
    tap e; await 'at rest'
}

# A ruler of 10 mm from $1,$2 to $3,$4.
calibrate_by() {
    tap r; await 'at rest'
    hands=$((hands + 1)); stroke "$@"; await 'at rest'
    hands=$((hands + 5)); since; xdotool type --delay 40 '10 mm'; await 'at rest'
    tap Return; await 'calibrated: 0\.[0-9]+ mm per px'
}

review_originals() {
    local folder="$work/review of originals" photo
    make_folder "$folder" "$data"/originals/*[0-9].jpg
    head -c 20000 "$data/originals/ISIC_0013010.jpg" >"$folder/ISIC_0013999.jpg"
    export XDG_CONFIG_HOME="$work/config-review-originals"
    start_window "$folder"
    photo=ISIC_0001769.jpg
    await "photo: $photo"; await 'at rest'
    decide 6 'accepted, mask network' ISIC_0004337.jpg
    decide 6 'accepted, mask network' ISIC_0009995.jpg
    decide 7 'rejected, mask network' ISIC_0012151.jpg
    correct_by g
    decide 6 'accepted, mask corrected' ISIC_0012210.jpg
    decide 8 'unsure, mask network' ISIC_0012288.jpg
    calibrate_by 380 638 735 616
    decide 6 'accepted, mask network' ISIC_0012720.jpg
    decide 6 'accepted, mask network' ISIC_0012927.jpg
    decide 6 'accepted, mask network' ISIC_0013010.jpg
    correct_by stroke 420 300 520 340
    decide 6 'accepted, mask corrected' ISIC_0013999.jpg
    decide 7 'rejected, mask none' ISIC_0014162.jpg
    decide 6 'accepted, mask network' ISIC_0014568.jpg
    decide 6 'accepted, mask network' ISIC_0014637.jpg
    decide 6 'accepted, mask network'
    picture originals-60-all-reviewed 2000 moving
    stop_window
    # The damaged file has no figures, which the command says by its exit code.
    "$program" report --models "$work/models" --model malunet --csv "$work/review.csv" --pdf "$work/review.pdf" "$folder" \
        >/dev/null 2>>"$log" || true
    /usr/bin/python3 tests/window/same_reviews.py "$folder" "$work/review.csv" "$work/review.pdf" ||
        fail "records, CSV and PDF do not say the same"
    passed=$((passed + 1))
    echo "  by hand: $all_hands keys, clicks and strokes for 13 photographs"
}
