#!/usr/bin/env python3
"""Compares slabs over padding, as `overread render` computes them, with masked arrays of NumPy.

    python3 tests/padding_oracle.py PROGRAM FOLDER …

PROGRAM is the built `overread`; each FOLDER holds one upright series with Pixel Padding Value. Needs `pip install numpy
pydicom`. Planes between two slices and slabs of several slices are asked for at the native pixels, so that the masked
arrays need no interpolation of their own but along the slices. The largest difference is printed; the exit status is 1
when one is above 0.01, when a pixel has a value on one side only, or when no padding was met.
"""

import glob
import os
import subprocess
import sys
import tempfile

import numpy as np
import pydicom

LARGEST = 0.01
MAX_SLAB_SLICES = 6


def read(folder):
    """Modality values as a masked array of slices × rows × columns in order along the normal, and the geometry."""
    files = [pydicom.dcmread(path) for path in glob.glob(os.path.join(folder, "*")) if os.path.isfile(path)]
    files = [d for d in files if "PixelData" in d and "ImagePositionPatient" in d]
    row, column = np.split(np.array(files[0].ImageOrientationPatient, float), 2)
    normal = np.cross(row, column)
    files.sort(key=lambda d: np.dot(normal, np.array(d.ImagePositionPatient, float)))
    slices = []
    for d in files:
        stored = d.pixel_array.astype(float)
        low = float(d.PixelPaddingValue)
        high = float(d.get("PixelPaddingRangeLimit", low))
        low, high = min(low, high), max(low, high)
        values = stored * float(d.RescaleSlope) + float(d.RescaleIntercept)
        slices.append(np.ma.masked_where((low <= stored) & (stored <= high), values))
    return files, np.ma.stack(slices), (row, column, normal)


def render(program, folder, uid, arguments):
    with tempfile.TemporaryDirectory() as tmp:
        out = os.path.join(tmp, "a.npy")
        command = [program, "render", folder, "--series", uid, "--out", out, *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(f"{' '.join(command)}: {run.stderr.strip()}")
        return np.load(out)


def compare(name, got, want):
    """Both sides' values; True when they agree."""
    here, there = np.isfinite(got), ~np.ma.getmaskarray(want)
    both = here & there
    worst = float(np.max(np.abs(got[both] - want[both]))) if both.any() else 0.0
    n_one_sided = int(np.sum(here != there))
    print(f"  {name}: largest difference {worst:.4f} over {both.sum()} pixels, {n_one_sided} on one side only, {(~there).sum()} of padding alone")
    return worst <= LARGEST and n_one_sided == 0


def check(program, folder):
    files, values, (row, column, normal) = read(folder)
    first = files[0]
    n_slices, n_rows, n_columns = values.shape
    origins = np.array([d.ImagePositionPatient for d in files], float)
    step = (origins[-1] - origins[0]) / (n_slices - 1)
    between_rows, between_columns = (float(v) for v in first.PixelSpacing)
    if abs(between_rows - between_columns) > 1e-6 or np.linalg.norm(np.cross(step, normal)) > 1e-3:
        sys.exit(f"{folder}: pixels are not square or slices sheared; name another series")
    print(f"{folder}: {n_slices} slices, {int(np.ma.count_masked(values))} voxels of padding")
    centre_in_slice = row * between_columns * (n_columns - 1) / 2 + column * between_rows * (n_rows - 1) / 2
    direction = ",".join(repr(float(v)) for v in (*normal, *(-column)))
    spacing = float(np.linalg.norm(step))
    ok = np.ma.count_masked(values) > 0

    def plane(at_slice, *more):
        at = origins[0] + step * at_slice + centre_in_slice
        place = ",".join(repr(float(v)) for v in at)
        size = f"{n_columns}x{n_rows}"
        arguments = ["--plane", f"oblique:{direction}", "--at", place, "--size", size]
        return render(program, folder, first.SeriesInstanceUID, [*arguments, "--mm-per-pixel", repr(between_columns), *more])

    middle = n_slices // 2
    for share in (0.25, 0.75):
        near, far = values[middle], values[middle + 1]
        nearest = near if share < 0.5 else far
        either = np.ma.getmaskarray(near) | np.ma.getmaskarray(far)
        blended = near.data * (1 - share) + far.data * share
        want = np.ma.masked_array(np.where(either, nearest.data, blended), np.where(either, np.ma.getmaskarray(nearest), False))
        got = plane(middle + share, "--interpolation", "linear")
        ok &= compare(f"{share} between two slices", got, want)
    if spacing <= between_columns:
        return ok
    # Layers are as thin as the pixels, so the slab is asked for with nearest voxels: every layer is one slice then.
    n_slab = min(MAX_SLAB_SLICES, n_slices)
    first_slice = max(0, middle - n_slab // 2)
    thickness = n_slab * spacing
    n_layers = int(np.ceil(thickness / between_columns - 1e-6))
    centre = first_slice + (n_slab - 1) / 2
    layers = centre + ((np.arange(n_layers) + 0.5) / n_layers - 0.5) * n_slab
    layers = values[np.clip(np.floor(layers + 0.5).astype(int), 0, n_slices - 1)]
    for mode, want in (("mean", layers.mean(axis=0)), ("mip", layers.max(axis=0)), ("minip", layers.min(axis=0))):
        got = plane(centre, "--interpolation", "nearest", "--slab", f"{mode}:{thickness!r}")
        ok &= compare(f"{mode} of {n_slab} slices", got, want)
    return ok


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, folders = sys.argv[1], sys.argv[2:]
    results = [check(program, folder) for folder in folders]
    print(f"{sum(results)} of {len(results)} series agree")
    return 0 if all(results) else 1


sys.exit(main())
