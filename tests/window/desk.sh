# What a clinician does at the desk, beside walking and correcting: review, measure, compare, and change a key. Sourced by
# run.sh.

# Decisions by key and by click go on to the next photograph, a corrected mask is told beside its decision, and the last
# decision is undone.
review() {
    local folder="$1" tag="$2" first second third
    first="$(photo_at "$folder" 1)" second="$(photo_at "$folder" 2)" third="$(photo_at "$folder" 3)"
    export XDG_CONFIG_HOME="$work/config-$tag-review"
    rm -rf "$folder/.dermaloupe"
    start_window "$folder"
    await "photo: $first"; await 'at rest'
    press 6; await "kept: $first accepted, mask network"; await "photo: $second"; await 'at rest'
    press e; await 'correcting'; await 'at rest'
    press g; await 'kept: 1 steps'; press e; await 'at rest'
    press 7; await "kept: $second rejected, mask corrected"; await "photo: $third"
    picture "$tag-50-reviewed"
    press ctrl+z; await "kept: $second not-seen, mask corrected"; await "photo: $second"; await 'at rest'
    click 1042 118; await "kept: $second accepted, mask corrected"; await "photo: $third"
    picture "$tag-51-undone-and-accepted"
    stop_window
    rm -r "$folder/.dermaloupe"
}

# A line is drawn from $3,$4 to $5,$6 along the ruler in the photograph, which is 10 mm long there; then lengths are in
# millimetres, and the longest diameter is $7 mm.
measure() {
    local folder="$1" tag="$2"
    export XDG_CONFIG_HOME="$work/config-$tag-measure"
    start_window "$folder"
    await 'measured: longest diameter'
    press d; picture "$tag-20-diameters"
    press r; await 'at rest'
    stroke "$3" "$4" "$5" "$6"; await 'at rest'
    since; xdotool type --delay 40 '10 mm'; await 'at rest'
    picture "$tag-21-ruler" 2000 moving
    press Return; await "calibrated: 0\.[0-9]+ mm per px, longest diameter $7 mm"
    picture "$tag-22-millimetres"
    press a; await 'measured: longest diameter'
    picture "$tag-23-abcd"
    press ctrl+l; await 'language: zh-CN'
    picture "$tag-24-abcd-chinese"
    stop_window
}

# How much two parts of a picture differ, as a share of white.
differ() {
    convert "$1" -crop "$2" +repage "$work/one.png"
    convert "$1" -crop "$3" +repage "$work/other.png"
    { compare -metric RMSE "$work/one.png" "$work/other.png" null: 2>&1 || true; } | sed 's/.*(\(.*\))/\1/'
}

# How many pixels of a part of two pictures are not the same.
apart() {
    local name
    for name in "$1" "$2"; do convert "$pictures/$name.png" -crop "$3" +repage "$work/$name-part.png"; done
    { compare -metric AE "$work/$1-part.png" "$work/$2-part.png" null: 2>&1 || true; } | cut -d' ' -f1
}

# While a mask is corrected its outline leaves the lesion as bare as no overlay does; a key fills it, and takes that back.
bare_lesion() {
    local tag="$1" part=40x40+556+410 outline filled
    press 5; picture "$tag-9-off"
    press 1; picture "$tag-9-outline"
    press i; picture "$tag-9-filled"
    press i; await 'at rest'
    outline="$(apart "$tag-9-off" "$tag-9-outline" "$part")"
    filled="$(apart "$tag-9-off" "$tag-9-filled" "$part")"
    [ "$outline" = 0 ] && [ "$filled" -gt 1500 ] || fail "outline covers $outline pixels of the lesion, fill $filled"
    passed=$((passed + 1))
    echo "  the lesion is bare: $tag (fill covers $filled of 1600 pixels)"
}

# Both sides show the same part of the photograph at one zoom: the same piece of either half is the same picture, and
# a piece beside it is another.
same_halves() {
    local file="$pictures/$1.png" same beside
    same="$(differ "$file" 260x260+200+330 260x260+633+330)"
    beside="$(differ "$file" 260x260+200+330 260x260+663+360)"
    awk -v same="$same" -v beside="$beside" 'BEGIN { exit !(same < 0.04 && same * 2 < beside) }' ||
        fail "the halves differ by $same, a piece beside by $beside: $file"
    passed=$((passed + 1))
    echo "  one zoom: $1 (the halves differ by $same, a piece beside by $beside)"
}

# Network and reference beside each other, parted by a line, and in turn.
compare_sides() {
    local folder="$1" tag="$2" reference="$3"
    export XDG_CONFIG_HOME="$work/config-$tag-compare"
    start_window "$folder" --reference "$reference"
    await "reference: $(basename "$reference")"
    press c; await 'side 0: [0-9]+ px'; await 'side 1: [0-9]+ px'
    picture "$tag-30-side-by-side"
    press 5; await 'outlined: '
    press plus plus
    picture "$tag-31-one-zoom"
    same_halves "$tag-31-one-zoom"
    press 1; await 'outlined: '
    press 0; await 'at rest'
    click 470 80; await 'compared: Swipe'
    press period period; picture "$tag-32-swipe"
    # What blinks is never at rest.
    click 509 80; await 'compared: Blink'
    picture "$tag-33-blink" 2000 moving
    press w; picture "$tag-34-blink-other" 2000 moving
    press c; await 'at rest'
    stop_window
}

# A command is given another key in the settings, and obeys it at once and after a new start.
settings() {
    local folder="$1" tag="$2"
    export XDG_CONFIG_HOME="$work/config-$tag-settings"
    start_window "$folder"
    press ctrl+comma; picture "$tag-40-settings"
    click 510 133; picture "$tag-41-keys"
    click 864 731; await 'at rest'
    press j; await 'key: J for Next'
    picture "$tag-42-key-changed"
    press Escape; await 'at rest'
    press j; await "photo: $(photo_at "$folder" 2)"
    stop_window
    start_window "$folder"
    await "photo: $(photo_at "$folder" 1)"; await 'at rest'
    press j; await "photo: $(photo_at "$folder" 2)"
    stop_window
}
