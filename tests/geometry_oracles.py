#!/usr/bin/env python3
"""Compares the geometry that `overread scan --json` finds with that of SimpleITK and of dcm2niix.

    python3 tests/geometry_oracles.py PROGRAM FOLDER …

PROGRAM is the built `overread`; each FOLDER holds one series (or one multi-frame object). Needs `pip install numpy
SimpleITK` and `dcm2niix` on the path; what is missing is left out and said. For every volume that both sides find with
the same matrix, the corner voxels' places in patient space (mm, LPS) are compared; the largest distance is printed, and
the exit status is 1 when one is above 0.01 mm.

Known differences, which are the other side's: SimpleITK takes every series for upright and so misplaces sheared slices
(gantry tilt); dcm2niix ignores the frame offsets of RT Dose; NIfTI holds 32-bit floats.
"""

import contextlib
import glob
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np

LARGEST_MM = 0.01


def volumes_of(program, folder):
    answer = subprocess.run([program, "scan", "--json", folder], capture_output=True, text=True, check=False)
    if not answer.stdout:
        print(f"nothing read in {folder}: {answer.stderr.strip()}")
        return []
    found = json.loads(answer.stdout)
    found = found.get("data", found)
    return [
        volume
        for study in found["studies"]
        for series in study["series"]
        for volume in series["volumes"]
        if volume["kind"] == "volume"
    ]


def patient_from_voxel(volume):
    directions = np.array(volume["direction"]).reshape(3, 3)
    spacing_mm = volume["spacing_mm"]
    normal = np.cross(directions[0], directions[1])
    matrix = np.eye(4)
    matrix[:3, 0] = directions[0] * spacing_mm[0]
    matrix[:3, 1] = directions[1] * spacing_mm[1]
    # The spacing of slices is that along the normal; a sheared step is longer.
    matrix[:3, 2] = directions[2] * (spacing_mm[2] / abs(directions[2] @ normal))
    matrix[:3, 3] = volume["origin_mm"]
    return matrix


def corners_mm(matrix, size):
    ends = [(0, n - 1) for n in size]
    places = [(matrix @ np.array([i, j, k, 1.0]))[:3] for i in ends[0] for j in ends[1] for k in ends[2]]
    return np.array(sorted(tuple(np.round(p, 6)) for p in places))


def with_simpleitk(folder):
    try:
        import SimpleITK as sitk
    except ImportError:
        print("skipped: SimpleITK is not installed")
        return
    reader = sitk.ImageSeriesReader()
    names = reader.GetGDCMSeriesFileNames(folder)
    if len(names) < 2:
        return
    reader.SetFileNames(names)
    try:
        image = reader.Execute()
    except RuntimeError as error:
        print(f"SimpleITK cannot read {folder}: {str(error).splitlines()[-1]}")
        return
    matrix = np.eye(4)
    matrix[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    matrix[:3, 3] = image.GetOrigin()
    yield "SimpleITK", image.GetSize(), matrix


def with_dcm2niix(folder):
    if shutil.which("dcm2niix") is None:
        print("skipped: dcm2niix is not installed")
        return
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["dcm2niix", "-b", "n", "-z", "n", "-o", out, folder], capture_output=True, check=False)
        for path in sorted(glob.glob(os.path.join(out, "*.nii"))):
            # Resampled by dcm2niix itself, not as it was acquired.
            if "_Tilt" in path or "_Eq" in path:
                continue
            with open(path, "rb") as file:
                header = file.read(348)
            size = struct.unpack("<8h", header[40:56])[1:4]
            rows = np.array(struct.unpack("<12f", header[280:328]), dtype=float).reshape(3, 4)
            ras = np.vstack([rows, [0, 0, 0, 1]])
            yield "dcm2niix", size, np.diag([-1.0, -1.0, 1.0, 1.0]) @ ras


@contextlib.contextmanager
def alone(path):
    """A folder as it is; one file in a folder of its own, since dcm2niix reads the files beside it as well."""
    if os.path.isdir(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        yield folder


def main(program, folders):
    worst = 0.0
    for folder in folders:
        ours = [
            ((v["columns"], v["rows"], v["n_slices"]), patient_from_voxel(v))
            for v in volumes_of(program, folder)
        ]
        with alone(folder) as place:
            theirs_of_all = [*with_simpleitk(place), *with_dcm2niix(place)]
        for name, size, matrix in theirs_of_all:
            # NIfTI may store the axes in another order.
            alike = [(s, m) for s, m in ours if sorted(s) == sorted(size)]
            if not alike:
                print(f"{name:10} {folder}: {tuple(size)} is found by {name} alone")
                continue
            theirs = corners_mm(matrix, size)
            off_mm = min(np.abs(corners_mm(m, s) - theirs).max() for s, m in alike)
            worst = max(worst, off_mm)
            print(f"{name:10} {folder}: {tuple(size)} corners {off_mm:.4f} mm apart")
    return int(LARGEST_MM < worst)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
