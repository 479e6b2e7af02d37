#!/usr/bin/env python3
"""Compares series of single slices with the one object that highdicom converts each to (PS3.3 A.70 to A.72).

    python3 tests/converted_oracle.py PROGRAM FOLDER …

PROGRAM is the built `overread`; each FOLDER holds one CT, MR or PET series. Needs `pip install numpy pydicom highdicom
pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg`. Both are scanned and decoded: grid, unit, quantities (SUV among them),
labels, warnings and the hash of the stored values in the order of the volume must be the same, and modality values of a
plane across the slices too. What differs is printed; the exit status is 1 when anything does.

Known differences, which are the conversion's: it writes Spacing Between Slices anew, so that one that contradicted the
positions is gone, and it takes body parts that it has no code for as they are.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import highdicom.legacy
import numpy as np
import pydicom
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CLASSES = {
    "CT": highdicom.legacy.LegacyConvertedEnhancedCTImage,
    "MR": highdicom.legacy.LegacyConvertedEnhancedMRImage,
    "PT": highdicom.legacy.LegacyConvertedEnhancedPETImage,
}
# Mandatory for highdicom, and missing in much that is de-identified.
EMPTY = ("AccessionNumber", "StudyID", "StudyTime", "StudyDate", "ReferringPhysicianName", "Manufacturer")
EMPTY += ("PatientBirthDate", "PatientSex", "PatientName", "PatientID")
NOT_COMPARED = {"warnings"}
THE_CONVERSIONS_OWN = {"slice_spacing_contradicts"}


def convert(folder, classic, converted):
    """Copies the largest series of the folder, and writes the object that it is converted to."""
    found = {}
    for path in sorted(p for p in pathlib.Path(folder).rglob("*") if p.is_file()):
        try:
            data_set = pydicom.dcmread(path)
        except Exception:
            continue
        if "PixelData" in data_set and "ImagePositionPatient" in data_set:
            found.setdefault(data_set.SeriesInstanceUID, []).append((path, data_set))
    if not found:
        raise ValueError("no slices")
    slices = max(found.values(), key=len)
    for number, (path, data_set) in enumerate(slices):
        (classic / f"{number:04}.dcm").write_bytes(path.read_bytes())
        if data_set.file_meta.TransferSyntaxUID.is_compressed:
            data_set.decompress()
        for keyword in EMPTY:
            if keyword not in data_set:
                setattr(data_set, keyword, "")
        if "SeriesNumber" not in data_set:
            data_set.SeriesNumber = 1
    data_sets = [data_set for _, data_set in slices]
    made = CLASSES[data_sets[0].Modality](
        legacy_datasets=data_sets,
        series_instance_uid=generate_uid(),
        series_number=data_sets[0].SeriesNumber,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        transfer_syntax_uid=ExplicitVRLittleEndian,
    )
    made.save_as(converted / "converted.dcm")
    return len(slices)


def run(program, *arguments):
    answer = subprocess.run([program, *arguments, "--header-index", "off"], capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"{' '.join(arguments)}: {answer.stderr.strip()}")
    return answer.stdout


def facts(program, folder):
    """What the one volume of a folder says, the hash of its stored values, and a plane across its slices."""
    found = json.loads(run(program, "scan", str(folder), "--json"))
    volumes = [(s, v) for study in found["studies"] for s in study["series"] for v in s["volumes"]]
    told = [sorted({w["code"] for w in v["warnings"]} - THE_CONVERSIONS_OWN) for _, v in volumes]
    said = [{k: x for k, x in v.items() if k not in NOT_COMPARED} for _, v in volumes]
    values = json.loads(run(program, "decode", str(folder), "--hash", "--discard", "--json"))
    plane = None
    if len(volumes) == 1 and volumes[0][1]["kind"] == "volume":
        out = os.path.join(folder, "plane.npy")
        run(program, "render", str(folder), "--plane", "oblique:0.3,0.5,0.8,0.1,-0.9,0.2", "--size", "101x99", "--out", out)
        plane = np.load(out)
        os.remove(out)
    body_part = [s["body_part"].upper() for s, _ in volumes]
    return {"volumes": said, "warnings": told, "body part": body_part, "stored values": values.get("sha256")}, plane


def check(program, folder):
    with tempfile.TemporaryDirectory() as tmp:
        classic, converted = pathlib.Path(tmp, "classic"), pathlib.Path(tmp, "converted")
        classic.mkdir(), converted.mkdir()
        n_slices = convert(folder, classic, converted)
        (one, plane), (other, other_plane) = facts(program, classic), facts(program, converted)
    differing = [f"{what}: {one[what]} | {other[what]}" for what in one if one[what] != other[what]]
    if (plane is None) != (other_plane is None) or plane is not None and not np.array_equal(plane, other_plane, equal_nan=True):
        differing.append("the plane across the slices")
    print(f"{folder}: {n_slices} slices, {'the same' if not differing else 'differs'}")
    for line in differing:
        print(f"  {line[:600]}")
    return not differing


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    warnings.filterwarnings("ignore")
    results = []
    for folder in sys.argv[2:]:
        try:
            results.append(check(sys.argv[1], folder))
        except (ValueError, KeyError, AttributeError) as error:
            print(f"{folder}: left out, {error}")
    print(f"{sum(results)} of {len(results)} series are the same converted")
    return 0 if results and all(results) else 1


sys.exit(main())
