#!/usr/bin/env python3
"""Compares planes through real series, as `overread render` computes them, with VTK and with slices sampled one by one.

    python3 tests/reslice_oracle.py PROGRAM FOLDER …

PROGRAM is the built `overread`; each FOLDER holds one grey series. Needs `pip install numpy SimpleITK vtk`. SimpleITK
reads each slice alone, so that its place is that of its own header. Two answers are made from these slices:

* `vtkImageReslice` over the regular grid that their places are on, sheared ones (gantry tilt) included;
* without any grid: each pixel is carried along the path from slice to slice onto the two planes about it, sampled
  there between its four neighbours, and the two are blended.

Axial, coronal, sagittal and three oblique planes are asked for at a scale that is no multiple of the pixels. The
largest difference is printed as modality values and as a part of the values' range. The exit status is 1 when a linear
or cubic one is above a ten-thousandth of the range, when more than a thousandth of the nearest ones differ (places
halfway between two voxels), when a pixel has a value on one side only and lies further from the edge than rounding, or
when nothing was compared. Beside padding the program takes the nearest voxel, so such pixels are left out here; so are
those of cubic interpolation within a voxel of the edge, where the program repeats the last voxel and VTK does not.
"""

import glob
import os
import subprocess
import sys
import tempfile

import numpy as np
import SimpleITK as sitk
import vtk
from vtk.util.numpy_support import numpy_to_vtk, vtk_to_numpy

SIZE = (301, 257)
LARGEST_PART = 1e-4
LARGEST_NEAREST_SHARE = 1e-3
# Voxels from the edge of the volume within which either side may say that there is nothing.
EDGE = 1e-4
PLANES = {
    "axial": ((0, 0, 1), (0, -1, 0)),
    "coronal": ((0, 1, 0), (0, 0, 1)),
    "sagittal": ((1, 0, 0), (0, 0, 1)),
    "oblique 1": ((0.3, 0.5, 0.8), (0.1, -0.9, 0.2)),
    "oblique 2": ((-0.7, 0.6, 0.1), (0.2, 0.1, 1.0)),
    "oblique 3": ((0.05, 0.02, 1.0), (1.0, 0.3, 0.0)),
}


class Series:
    """Slices in order along their normal, each with its place; modality values."""

    def __init__(self, folder):
        slices = []
        for path in sorted(glob.glob(os.path.join(folder, "*"))):
            try:
                image = sitk.ReadImage(path)
            except RuntimeError:
                continue
            values = np.squeeze(sitk.GetArrayFromImage(image)).astype(float)
            if values.ndim != 2 or not image.HasMetaDataKey("0020|0032"):
                continue
            if image.HasMetaDataKey("0028|0004") and image.GetMetaData("0028|0004").strip() == "MONOCHROME1":
                raise ValueError("SimpleITK turns the values of MONOCHROME1 round")
            numbers = lambda key: np.array([float(v) for v in image.GetMetaData(key).split("\\")])
            cosines = numbers("0020|0037")
            row = cosines[:3] / np.linalg.norm(cosines[:3])
            column = cosines[3:] / np.linalg.norm(cosines[3:])
            between_rows, between_columns = numbers("0028|0030")[:2]
            padding = float(image.GetMetaData("0028|0120")) if image.HasMetaDataKey("0028|0120") else None
            slope = float(image.GetMetaData("0028|1053")) if image.HasMetaDataKey("0028|1053") else 1.0
            intercept = float(image.GetMetaData("0028|1052")) if image.HasMetaDataKey("0028|1052") else 0.0
            padded = np.zeros(values.shape, bool) if padding is None else values == padding * slope + intercept
            place = numbers("0020|0032")
            self.uid = image.GetMetaData("0020|000e").strip("\0 ")
            slices.append((place @ np.cross(row, column), place, values, padded, row * between_columns, column * between_rows))
        slices.sort(key=lambda s: s[0])
        if len(slices) < 2:
            raise ValueError("fewer than two slices")
        if any(s[2].shape != slices[0][2].shape or np.abs(s[4] - slices[0][4]).max() > 1e-4 for s in slices):
            raise ValueError("slices of different size, spacing or orientation")
        self.places = np.array([s[1] for s in slices])
        self.values = np.stack([s[2] for s in slices])
        self.padded = np.stack([s[3] for s in slices])
        self.column_step, self.row_step = slices[0][4], slices[0][5]
        self.step = (self.places[-1] - self.places[0]) / (len(slices) - 1)
        if not np.linalg.norm(self.step) > 0:
            raise ValueError("all slices lie at one place")
        regular = self.places[0] + np.outer(np.arange(len(slices)), self.step)
        if np.abs(regular - self.places).max() > 0.02 * np.linalg.norm(self.step):
            raise ValueError("slices are not evenly spaced")
        normal = np.cross(self.column_step, self.row_step)
        normal /= np.linalg.norm(normal)
        self.tilt_deg = np.degrees(np.arccos(min(1.0, abs(normal @ self.step) / np.linalg.norm(self.step))))

    def patient_from_voxel(self):
        matrix = np.eye(4)
        matrix[:3, 0], matrix[:3, 1], matrix[:3, 2] = self.column_step, self.row_step, self.step
        matrix[:3, 3] = self.places[0]
        return matrix


def with_vtk(series, patient_from_pixel, interpolation):
    """The plane by VTK, in voxel indices throughout, and which pixels lie near padding."""

    def reslice(array, mode):
        image = vtk.vtkImageData()
        image.SetDimensions(*array.shape[::-1])
        image.GetPointData().SetScalars(numpy_to_vtk(array.ravel(), deep=True))
        matrix = vtk.vtkMatrix4x4()
        matrix.DeepCopy((np.linalg.inv(series.patient_from_voxel()) @ patient_from_pixel).ravel())
        transform = vtk.vtkTransform()
        transform.SetMatrix(matrix)
        reslice = vtk.vtkImageReslice()
        reslice.SetInputData(image)
        reslice.SetResliceTransform(transform)
        reslice.SetOutputExtent(0, SIZE[0] - 1, 0, SIZE[1] - 1, 0, 0)
        reslice.SetOutputSpacing(1, 1, 1)
        reslice.SetOutputOrigin(0, 0, 0)
        reslice.SetOutputDimensionality(2)
        reslice.SetBackgroundLevel(NOTHING)
        reslice.BorderOn()
        {"nearest": reslice.SetInterpolationModeToNearestNeighbor, "linear": reslice.SetInterpolationModeToLinear, "cubic": reslice.SetInterpolationModeToCubic}[mode]()
        reslice.Update()
        got = vtk_to_numpy(reslice.GetOutput().GetPointData().GetScalars()).reshape(SIZE[::-1]).copy()
        got[got == NOTHING] = np.nan
        return got

    near_padding = np.zeros(SIZE[::-1], bool)
    if series.padded.any():
        near_padding = ~(np.abs(reslice(series.padded.astype(float), interpolation)) < 1e-9)
    return reslice(series.values, interpolation), near_padding


NOTHING = -1e30


def slice_by_slice(series, points):
    """Linear, from each slice's own place: no matrix of the whole volume, no third index."""
    normal = np.cross(series.column_step, series.row_step)
    normal /= np.linalg.norm(normal)
    heights = series.places @ normal
    of_point = points @ normal
    n_slices, n_rows, n_columns = series.values.shape
    pitch = (heights[-1] - heights[0]) / (n_slices - 1)
    outside = (of_point < heights[0] - pitch / 2) | (heights[-1] + pitch / 2 < of_point)
    upper = np.clip(np.searchsorted(heights, of_point), 1, n_slices - 1)
    lower = upper - 1
    share = np.clip((of_point - heights[lower]) / (heights[upper] - heights[lower]), 0, 1)
    path = series.places[upper] - series.places[lower]
    total = np.zeros(of_point.shape)
    for slice_idx, weight in ((lower, 1 - share), (upper, share)):
        # Along the path from slice to slice, onto the plane of this one.
        along = (heights[slice_idx] - of_point) / (path @ normal)
        off = points + path * along[..., None] - series.places[slice_idx]
        column = off @ series.column_step / (series.column_step @ series.column_step)
        row = off @ series.row_step / (series.row_step @ series.row_step)
        outside |= (column < -0.5) | (n_columns - 0.5 < column) | (row < -0.5) | (n_rows - 0.5 < row)
        column, row = np.clip(column, 0, n_columns - 1), np.clip(row, 0, n_rows - 1)
        left, top = np.minimum(column.astype(int), n_columns - 2), np.minimum(row.astype(int), n_rows - 2)
        right_share, lower_share = column - left, row - top
        at = lambda r, c: series.values[slice_idx, r, c]
        upper_row = at(top, left) * (1 - right_share) + at(top, left + 1) * right_share
        lower_row = at(top + 1, left) * (1 - right_share) + at(top + 1, left + 1) * right_share
        total += weight * (upper_row * (1 - lower_share) + lower_row * lower_share)
    return np.where(outside, np.nan, total)


def compare(name, got, want, left_out, doubtful, value_range):
    """Prints the largest difference; True when it is within the bounds."""
    here, there = np.isfinite(got) & ~left_out, np.isfinite(want) & ~left_out
    both = here & there
    n_one_sided = int(((here != there) & ~doubtful).sum())
    off = np.abs(got - want)[both]
    worst = float(off.max()) if off.size else 0.0
    if "nearest" in name:
        share = float((off > 0).mean()) if off.size else 0.0
        print(f"  {name:32} {share:.6f} of {both.sum()} pixels differ, {n_one_sided} on one side only")
        return share <= LARGEST_NEAREST_SHARE and n_one_sided == 0, both.sum()
    print(f"  {name:32} largest difference {worst:.5f} ({worst / value_range:.1e} of the range) over {both.sum()} pixels, {n_one_sided} on one side only")
    return worst <= LARGEST_PART * value_range and n_one_sided == 0, both.sum()


def check(program, folder):
    series = Series(folder)
    spacings = [float(np.linalg.norm(s)) for s in (series.column_step, series.row_step, series.step)]
    print(f"{folder}: {series.values.shape[::-1]} voxels, steps {' × '.join(f'{s:.3f}' for s in spacings)} mm, tilt {series.tilt_deg:.2f}°")
    size = np.array(series.values.shape[::-1])
    voxel_from_patient = np.linalg.inv(series.patient_from_voxel())
    middle = (series.patient_from_voxel() @ np.append((size - 1) / 2, 1))[:3]
    extent = float(np.linalg.norm(series.patient_from_voxel()[:3, :3] @ (size - 1)))
    value_range = float(np.ptp(series.values))
    ok, n_compared = True, 0
    for name, (away, up) in PLANES.items():
        away = np.array(away, float) / np.linalg.norm(away)
        up = np.array(up, float)
        up -= away * (away @ up)
        up /= np.linalg.norm(up)
        # As the program says: the normal points away from the viewer, and the picture's right is normal × up.
        right = np.cross(away, up)
        mm_per_pixel = 0.7013 * extent / max(SIZE)
        # Off the middle, so that voxel centres and pixel centres do not fall together.
        at = middle + series.step * 0.3137 + series.column_step * 0.1711 + series.row_step * 0.2293
        corner = at - right * mm_per_pixel * (SIZE[0] - 1) / 2 + up * mm_per_pixel * (SIZE[1] - 1) / 2
        patient_from_pixel = np.eye(4)
        patient_from_pixel[:3, 0], patient_from_pixel[:3, 1] = right * mm_per_pixel, -up * mm_per_pixel
        patient_from_pixel[:3, 2], patient_from_pixel[:3, 3] = away, corner
        rows, columns = np.mgrid[: SIZE[1], : SIZE[0]]
        points = corner + columns[..., None] * patient_from_pixel[:3, 0] + rows[..., None] * patient_from_pixel[:3, 1]
        in_voxels = points @ voxel_from_patient[:3, :3].T + voxel_from_patient[:3, 3]
        from_edge = np.minimum(np.abs(in_voxels + 0.5), np.abs(in_voxels - (size - 0.5))).min(axis=-1)
        doubtful = from_edge < EDGE
        numbers = lambda vector: ",".join(repr(float(v)) for v in vector)
        asked = ["--plane", f"oblique:{numbers((*away, *up))}", "--at", numbers(at), "--size", f"{SIZE[0]}x{SIZE[1]}", "--mm-per-pixel", repr(mm_per_pixel)]
        for interpolation in ("nearest", "linear", "cubic"):
            got = render(program, folder, series.uid, [*asked, "--interpolation", interpolation])
            want, near_padding = with_vtk(series, patient_from_pixel, interpolation)
            if interpolation == "cubic":
                near_padding |= ((in_voxels < 1) | (size - 2 < in_voxels)).any(axis=-1)
            fine, n = compare(f"{name}, {interpolation}, VTK", got, want, near_padding, doubtful, value_range)
            ok, n_compared = ok and fine, n_compared + n
            if interpolation == "linear":
                want = slice_by_slice(series, points)
                ok &= compare(f"{name}, linear, slice by slice", got, want, near_padding, doubtful, value_range)[0]
    return bool(ok and n_compared)


def render(program, folder, uid, arguments):
    with tempfile.TemporaryDirectory() as tmp:
        out = os.path.join(tmp, "a.npy")
        command = [program, "render", folder, "--series", uid, "--out", out, *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            sys.exit(f"{' '.join(command)}: {run.stderr.strip()}")
        return np.load(out)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    results = []
    for folder in sys.argv[2:]:
        try:
            results.append(check(sys.argv[1], folder))
        except ValueError as error:
            print(f"{folder}: left out, {error}")
    print(f"{sum(results)} of {len(results)} series agree")
    return 0 if results and all(results) else 1


sys.exit(main())
