"""Whether a folder's records, the CSV and the pages of its report say the same of each photograph's review.

    same_reviews.py FOLDER CSV PDF
"""

import csv
import json
import pathlib
import re
import subprocess
import sys

SAID = {"accepted": "Accepted", "rejected": "Rejected", "unsure": "Unsure"}


def of_records(folder):
    """State, mask and scale of each photograph; the scale is None where there is no calibration."""
    records = json.loads((folder / ".dermaloupe" / "records.json").read_text())
    scales = {calibration["name"]: calibration["mm_per_px"] for calibration in records["calibrations"]}
    return {
        photo["name"]: (photo["state"], photo["mask"], scales.get(photo["name"])) for photo in records["photos"]
    }


def of_rows(path):
    """The same from the CSV."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["error"] or row["mask_source"] == row["review_mask"], row["file"]
    return {
        pathlib.Path(row["file"]).name: (
            row["review_state"],
            row["review_mask"],
            float(row["mm_per_px"]) if row["mm_per_px"] else None,
        )
        for row in rows
    }


def of_pages(path):
    """What each page says of the review, and whether it is in millimetres, by the photograph's name."""
    pages = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    found = {}
    for page in pages.split("\f"):
        name = re.search(r"^\S+\.jpg", page, re.MULTILINE)
        if name:
            said = re.search(r"^Review +(.*?)(?: ·.*)?$", page, re.MULTILINE)
            found[name[0]] = (said[1].strip() if said else None, " mm²" in page)
    return found


def main():
    folder, rows, pages = pathlib.Path(sys.argv[1]), of_rows(sys.argv[2]), of_pages(sys.argv[3])
    records = of_records(folder)
    assert len(records) == 13 and rows == records, (records, rows)
    damaged = [name for name, (_, mask, _) in records.items() if mask == "none"]
    # The damaged one has a page that says so.
    assert len(damaged) == 1 and set(pages) == set(records), (damaged, sorted(pages))
    for name, (said, is_in_mm) in pages.items():
        state, mask, scale = records[name]
        expected = SAID[state] + (", outline corrected" if mask == "corrected" else "")
        assert said is not None and said.startswith(expected), (name, expected, said)
        assert (", outline" in said) == (mask == "corrected"), (name, said)
        assert is_in_mm == (scale is not None), name
    print(f"  {len(records)} reviews: records, CSV and {len(pages)} pages say the same")


main()
