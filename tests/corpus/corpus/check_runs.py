"""Every run of the corpus: one command in its folder."""

import json

from corpus import outcomes


def check(program, corpus, runs):
    """Returns {name: complaint}."""
    complaints, dices = {}, {}
    for run in runs:
        if found := _complaints(program, corpus, run, dices):
            complaints[run.name] = "; ".join(found)
    return complaints


def _complaints(program, corpus, run, dices):
    """`dices` has the figures of the runs before; this one's is added."""
    folder = corpus / "cases" / run.name.split(":")[0]
    out = corpus / "out" / run.name.replace("/", "_").replace(":", "_").replace(" ", "_")
    words = [word.replace("{out}", str(out)).replace("{case}", str(folder)) for word in run.words]
    if any("{out}/" in word for word in run.words):
        out.mkdir(parents=True)
    before = [outcomes.state_of(folder / part) for part in run.unchanged]
    ended = program.run(words, folder, run.seconds, run.prints_to, run.umask)
    complaints = outcomes.in_order(ended, run.megabytes)
    for part, old in zip(run.unchanged, before):
        new = outcomes.state_of(folder / part)
        changed = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
        if changed:
            complaints.append(f"it changed {', '.join(changed[:5])}")
    refused = run.or_refused is not None and ended.code in (1, 2)
    if refused and not outcomes.missing_words(run.or_refused, ended.stderr):
        return complaints
    if run.or_told is not None and not outcomes.missing_words(run.or_told, ended.text):
        return complaints
    if ended.code not in run.exits and not ended.hung:
        complaints.append(f"exit code {ended.code}, expected {run.exits}: {ended.said}")
        return complaints
    if missing := outcomes.missing_words(run.says, ended.text):
        complaints.append(f"its output lacks {', '.join(missing)}: {ended.said}")
    for word in run.never_says:
        if word in ended.text.lower():
            complaints.append(f"it says '{word}'")
    return complaints + _files(run, ended, out) + _dice(run, ended, dices)


def _files(run, ended, out):
    complaints = []
    for name, area in run.masks.items():
        path = out / name
        found = int(outcomes.mask(path).sum()) if path.exists() else None
        if found != area:
            complaints.append(f"{name}: {found} lesion px, expected {area}: {ended.said}")
    if run.writes is not None:
        names = sorted(path.name for path in out.iterdir()) if out.exists() else []
        if names != sorted(run.writes):
            complaints.append(f"it wrote {names}, expected {sorted(run.writes)}: {ended.said}")
    for name, words in run.files_say.items():
        path = out / name
        text = path.read_text(errors="replace") if path.exists() else ""
        if missing := outcomes.missing_words(words, text):
            complaints.append(f"{name} lacks {', '.join(missing)}: {text[:200]}")
    if run.umask >= 0:
        wrong = [
            path.name for path in out.rglob("*") if path.is_file() and path.stat().st_mode & 0o777 != 0o666 & ~run.umask
        ]
        if wrong:
            complaints.append(f"not of mode 0666 less {run.umask:03o}: {', '.join(wrong)}")
    if run.coco_area is not None:
        path = out / "coco.json"
        found = sum(one["area"] for one in json.loads(path.read_text())["annotations"]) if path.exists() else None
        if found != run.coco_area:
            complaints.append(f"annotations of {found} px, expected {run.coco_area}: {ended.said}")
    return complaints


def _dice(run, ended, dices):
    try:
        found = json.loads(ended.stdout)["mean_dice"]
    except (ValueError, KeyError, TypeError):
        found = None
    dices[run.name] = found
    expected = dices.get(run.same_dice_as) if run.same_dice_as else run.dice
    if expected is None or found is not None and abs(found - expected) <= run.dice_tolerance:
        return []
    return [f"mean_dice {found}, expected {expected}: {ended.said}"]
