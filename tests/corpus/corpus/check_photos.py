"""Every photograph of the corpus through `segment`: first its pixels, then the mask of those with the same picture."""

import json

from corpus import outcomes
from corpus.manifest import EITHER, PIXELS, REFUSED, SURVIVES, TOLD

BATCH_MEGABYTES = 500  # of a process with all the small photographs, one at a time
SIMILAR = 0.98  # Dice of two masks of one picture, one of them stored with loss
WARNINGS = ("photo_warnings",)


def check(program, corpus, photos):
    """Returns {name: complaint}, and how many damaged files were told from whole ones."""
    complaints, told = {}, {}
    together = [photo for photo in photos if not photo.alone]
    batches = [together] + [[photo] for photo in photos if photo.alone]
    for number, batch in enumerate(batches):
        out = corpus / "out" / f"photos_{number}"
        # No lesion reaches a probability of 1, so that the overlay is the photograph itself.
        rows, complaint = _segment(program, corpus, batch, out, ["--overlay", "--threshold", "1"])
        complaints |= complaint
        for photo in batch:
            if complaint := _outcome(photo, rows.get(photo.name), corpus, out):
                complaints[photo.name] = complaint
            told[photo.name] = photo.outcome in (TOLD, SURVIVES) and _is_told(rows.get(photo.name, {}))
    complaints |= _same_masks(program, corpus, [photo for photo in together if photo.mask], complaints)
    damaged = [photo.name for photo in photos if photo.outcome in (TOLD, SURVIVES)]
    print(f"damage: {sum(told[name] for name in damaged)} of {len(damaged)} files told from whole ones")
    return complaints


def _segment(program, corpus, photos, out, options):
    names = [photo.name for photo in photos]
    paths = [str(corpus / "photos" / name) for name in names]
    ended = program.run(["segment", *paths, "--out", out, "--json", "--at-once", "1", *options], corpus)
    alone = photos[0] if photos[0].alone else None
    complaints = outcomes.in_order(ended, alone.megabytes if alone else BATCH_MEGABYTES)
    rows = {}
    for line in ended.stdout.splitlines():
        row = json.loads(line)
        rows[row["file"].rsplit("/", 1)[-1]] = row
    failed = [row for row in rows.values() if "error" in row]
    if len(rows) != len(photos):
        complaints.append(f"{len(rows)} rows of {len(photos)} photographs")
    if len(ended.stderr.splitlines()) < len(failed):
        complaints.append(f"{len(failed)} photographs failed, {len(ended.stderr.splitlines())} lines on stderr")
    if (ended.code != 0) != bool(failed):
        complaints.append(f"{len(failed)} photographs failed, and the exit code is {ended.code}")
    title = f"segment {' '.join(options)}: {names[0] if alone else 'all photographs'}"
    return rows, {title: "; ".join(complaints)} if complaints else {}


def _is_told(row):
    return "error" in row or any(row.get(key) for key in WARNINGS)


def _outcome(photo, row, corpus, out):
    if row is None:
        return "it has no row"
    error = row.get("error")
    if photo.outcome == SURVIVES:
        return ""
    if photo.outcome == TOLD and error is None:
        return (
            "" if _is_told(row) else f"expected a refusal or a warning, got a mask of {row['mask_px']} px in silence"
        )
    if error is not None:
        if photo.outcome == PIXELS:
            return f"expected its picture, got: {error}"
        if missing := outcomes.missing_words(photo.words, error):
            return f"the message lacks {', '.join(missing)}: {error}"
        return "" if error.endswith(photo.name) else f"the path is not last: {error}"
    if photo.outcome == REFUSED:
        return f"expected a refusal, got a mask of {row['mask_px']} of {row['width']}x{row['height']} px"
    assert photo.outcome in (PIXELS, EITHER), photo.outcome
    overlay = out / f"{photo.name.rsplit('.', 1)[0]}_overlay.png"
    return outcomes.pixels(overlay, corpus / "expected" / photo.expected, photo.tolerance)


def _same_masks(program, corpus, photos, wrong):
    """The same picture in another file, or turned by its orientation, has the same lesion."""
    out = corpus / "out" / "masks"
    rows, complaints = _segment(program, corpus, photos, out, [])
    reference = outcomes.mask(out / "png_plain_mask.png")
    if not 0.1 < reference.mean() < 0.5:
        complaints["png_plain.png: mask"] = f"its lesion is {reference.mean():.0%} of the photograph"
    for photo in photos:
        if photo.name in wrong or "error" in rows.get(photo.name, {"error": ""}):
            continue
        found = outcomes.mask(out / f"{photo.name.rsplit('.', 1)[0]}_mask.png")
        least = 1 if photo.mask == "same" else SIMILAR
        likeness = outcomes.dice(found, reference) if found.shape == reference.shape else 0
        if likeness < least:
            complaints[f"{photo.name}: mask"] = f"Dice {likeness:.4f} with the plain PNG's, at least {least}"
    return complaints
