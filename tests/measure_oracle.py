#!/usr/bin/env python3
"""Compares the numbers of marks, as `overread case` measures them, with pydicom's pixels and plain NumPy arithmetic.

    python3 tests/measure_oracle.py PROGRAM FOLDER …

PROGRAM is the built `overread`; each FOLDER holds one study of grey images with a place in the patient. Needs `pip install
numpy pydicom`. On three images of each folder it draws a polygon, an outline that crosses itself, a rectangle, an ellipse
and a path, at corners that lie on no pixel centre. Counts must be equal, values agree to 1e-6, sizes to 1e-6 relative; the
exit status is 1 when one differs.
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

import numpy as np
import pydicom

SHAPES = {
    "polygon": [(0.23, 0.31), (0.71, 0.24), (0.83, 0.62), (0.52, 0.55), (0.34, 0.81)],
    "crossing": [(0.21, 0.26), (0.78, 0.74), (0.77, 0.27), (0.22, 0.73)],
    "path": [(0.21, 0.26), (0.78, 0.74), (0.77, 0.27)],
}


def images(folder):
    """Three images of a folder, spread over it, each with its modality values."""
    found = []
    for path in sorted(glob.glob(os.path.join(folder, "**", "*"), recursive=True)):
        try:
            d = pydicom.dcmread(path, stop_before_pixels=True)
        except Exception:
            continue
        if d.get("SamplesPerPixel") == 1 and "ImagePositionPatient" in d and "PixelSpacing" in d:
            found.append(path)
    for path in found[:: max(1, len(found) // 3)][:3]:
        d = pydicom.dcmread(path)
        values = d.pixel_array.astype(float) * float(d.get("RescaleSlope", 1)) + float(d.get("RescaleIntercept", 0))
        counts = np.ones(values.shape, bool)
        if "PixelPaddingValue" in d:
            ends = [float(d.PixelPaddingValue), float(d.get("PixelPaddingRangeLimit", d.PixelPaddingValue))]
            counts = ~((min(ends) <= d.pixel_array) & (d.pixel_array <= max(ends)))
        yield d, values, counts


def place(d, column, row):
    """The patient's millimetres at a (column, row), PS3.3 C.7.6.2.1.1."""
    orientation = np.array(d.ImageOrientationPatient, float)
    down, right = [float(v) for v in d.PixelSpacing]
    at = np.array(d.ImagePositionPatient, float) + orientation[:3] * right * column + orientation[3:] * down * row
    return [float(v) for v in at]


def even_odd(corners, shape):
    """Which pixel centres lie inside, by crossings of a ray to the right."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(float)
    inside = np.zeros(shape, bool)
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1]):
        if ay == by:
            continue
        spans = (ay <= y) != (by <= y)
        inside ^= spans & (x < ax + (bx - ax) * (y - ay) / (by - ay))
    return inside


def wanted(d, values, counts):
    """Marks with the numbers that they must have."""
    rows, columns = values.shape
    down, right = [float(v) for v in d.PixelSpacing]
    scaled = {k: [(x * columns + 0.137, y * rows + 0.219) for x, y in v] for k, v in SHAPES.items()}
    at = lambda corners: [place(d, *corner) for corner in corners]

    def numbers(mask, **sizes):
        inside = values[mask & counts]
        return {"mean": inside.mean(), "sd": inside.std(ddof=1), "min": inside.min(), "max": inside.max(),
                "median": np.median(inside), "count": inside.size, **sizes}

    def area(corners):
        x, y = np.array(corners).T
        return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2 * down * right

    for name in ("polygon", "crossing"):
        corners = scaled[name]
        sizes = {"area": area(corners)} if name == "polygon" else {}
        yield name, {"shape": "polygon", "corners": at(corners)}, numbers(even_odd(corners, values.shape), **sizes)
    (ax, ay), (bx, by) = scaled["polygon"][0], scaled["polygon"][2]
    middle, half = ((ax + bx) / 2, (ay + by) / 2), ((bx - ax) / 2, (by - ay) / 2)
    centre = np.array(place(d, *middle))
    a = np.array(place(d, middle[0] + half[0], middle[1])) - centre
    b = np.array(place(d, middle[0], middle[1] + half[1])) - centre
    y, x = np.mgrid[0:rows, 0:columns].astype(float)
    u, v = (x - middle[0]) / half[0], (y - middle[1]) / half[1]
    sides = sorted([2 * half[0] * right, 2 * half[1] * down])
    box = {"shape": "rectangle", "centre": centre.tolist(), "half_side_a": a.tolist(), "half_side_b": b.tolist()}
    yield "rectangle", box, numbers((abs(u) <= 1) & (abs(v) <= 1), area=sides[0] * sides[1], long_side=sides[1])
    round_ = {"shape": "ellipse", "centre": centre.tolist(), "half_axis_a": a.tolist(), "half_axis_b": b.tolist()}
    yield "ellipse", round_, numbers(u * u + v * v <= 1, area=np.pi / 4 * sides[0] * sides[1], long_diameter=sides[1])
    way = np.diff(np.array(scaled["path"]), axis=0) * [right, down]
    yield "path", {"shape": "polyline", "corners": at(scaled["path"])}, {"length": np.hypot(*way.T).sum()}


def run(program, store, *arguments):
    command = [program, *arguments, "--store", store, "--actor", "oracle", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(arguments[:5])}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def values_of(answer):
    """All measured values in a document, mark by mark."""
    if isinstance(answer, dict):
        if "values" in answer and "geometry" in answer:
            yield {v["name"]: v["value"] for v in answer["values"]}
        for child in answer.values():
            yield from values_of(child)
    elif isinstance(answer, list):
        for child in answer:
            yield from values_of(child)


def main(program, folders):
    n_numbers = n_wrong = 0
    worst = 0.0
    for folder in folders:
        for d, values, counts in images(folder):
            marks = list(wanted(d, values, counts))
            with tempfile.TemporaryDirectory() as store:
                case = run(program, store, "case", "create", folder)["id"]
                arguments = [a for _, mark, _ in marks for a in ("--mark", json.dumps(mark))]
                run(program, store, "case", "read", case, "finding", "add", "--concept", "x", "--sop", d.SOPInstanceUID, *arguments)
                found = list(values_of(run(program, store, "case", "show", case)))
            if len(found) < len(marks):
                sys.exit(f"{folder}: {len(found)} of {len(marks)} marks were measured")
            for (name, _, expected), got in zip(marks, found):
                for key, value in expected.items():
                    n_numbers += 1
                    off = abs(got.get(key, np.nan) - value) / max(1.0, abs(value))
                    worst = max(worst, off)
                    if not off <= 1e-6:
                        n_wrong += 1
                        print(f"  {folder} {name} {key}: {got.get(key)} is not {value}")
    print(f"{n_numbers} numbers, {n_wrong} differ, largest relative difference {worst:.1e}")
    return 1 if n_wrong or not n_numbers else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
