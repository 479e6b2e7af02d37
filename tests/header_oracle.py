"""Writes the elements of DICOM files as pydicom reads them, for the test of the list of elements.

    pip install pydicom
    python tests/header_oracle.py rows.jsonl FOLDER…
    OVERREAD_HEADER_ROWS=$PWD/rows.jsonl cargo test --release -p overread-series --test series header_lists -- --nocapture

Each line is one file: its path and its elements in order. An element is its path of tags and items, the value
representation, and its value: text as written, numbers as numbers, and of bytes their length.
"""

import json
import sys
import warnings
from pathlib import Path

import pydicom
from pydicom.multival import MultiValue
from pydicom.valuerep import PersonName

TEXT = set("AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT".split())
BYTES = set("OB OD OF OL OV OW UN".split())
PIXELS = (0x7FE00008, 0x7FE00009, 0x7FE00010)


def as_text(value):
    """The words as they are written, several between backslashes."""
    if value is None:
        return ""
    if isinstance(value, (MultiValue, list)):
        return "\\".join(as_text(one) for one in value)
    if isinstance(value, PersonName):
        return str(value)
    return str(getattr(value, "original_string", None) or value)


def value_of(element):
    vr = element.VR
    if element.tag in PIXELS:
        return {"pixels": True}
    if vr in TEXT:
        return {"text": as_text(element.value)}
    if vr in BYTES:
        return {"n_bytes": len(element.value or b"")}
    values = element.value
    if values is None or values == "":
        values = []
    if not isinstance(values, (MultiValue, list)):
        values = [values]
    if vr == "AT":
        return {"text": "\\".join(f"({v.group:04X},{v.elem:04X})" for v in map(pydicom.tag.Tag, values))}
    return {"numbers": [float(v) for v in values]}


def rows(data_set, before=""):
    for element in data_set:
        if element.tag.element == 0:
            continue
        path = f"{before}{element.tag.group:04X}{element.tag.element:04X}"
        if element.VR == "SQ":
            yield [path, "SQ", {"items": len(element.value)}]
            for number, item in enumerate(element.value, 1):
                yield from rows(item, f"{path}[{number}].")
        else:
            yield [path, element.VR, value_of(element)]


def main(out, folders):
    warnings.simplefilter("ignore")
    pydicom.config.replace_un_with_known_vr = False
    n_files = n_rows = n_failed = 0
    with open(out, "w", encoding="utf-8") as lines:
        for path in sorted(p for folder in folders for p in Path(folder).rglob("*") if p.is_file()):
            try:
                data_set = pydicom.dcmread(path)
                found = list(rows(data_set.file_meta)) + list(rows(data_set))
            except Exception:
                n_failed += 1
                continue
            lines.write(json.dumps([str(path.resolve()), found]) + "\n")
            n_files += 1
            n_rows += len(found)
    print(f"{n_files} files, {n_rows} elements written; {n_failed} files not read by pydicom")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
