#!/usr/bin/env python3
"""Races the planes that `volume` computes on the CPU against SimpleITK and VTK, and prints one table of medians and ratios.

  python3 -m venv peers && peers/bin/pip install --only-binary=:all: numpy SimpleITK vtk
  peers/bin/python tests/peers/planes.py [--rounds 7]

Two rows, both from 512 x 512 x 512 16-bit values to 1024 x 1024 pixels, linear, two threads: an oblique plane, and the
maximum over a slab of 20 mm in steps of the spacing. Ours is the bench of the project, read from what criterion wrote, and
is run before and after the peers; the slower of the two counts. The peers get the volume in memory and write floats.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import time

import numpy as np
import SimpleITK as sitk
import vtk
from vtk.util.numpy_support import numpy_to_vtk

SIDE, PIXELS = 512, 1024
SPACING_MM, PIXEL_MM, SLAB_MM = 0.7, 0.35, 20.0
ORIGIN_MM = -180.0
AWAY, UP = (0.4, 0.5, 0.77), (0.1, -1.0, 0.2)
TARGET = 2.0
ROOT = pathlib.Path(__file__).resolve().parents[2]


def frame():
    away = np.array(AWAY) / np.linalg.norm(AWAY)
    up = np.array(UP) - away * away.dot(UP)
    up /= np.linalg.norm(up)
    return np.cross(away, up), -up, away  # along a row, down, away: right-handed


def cube():
    """The voxels of the bench, z y x."""
    at = np.arange(SIDE * SIDE, dtype=np.int64) * 31
    slices = [((at + k * 977) % 4096 - 1024).astype(np.int16).reshape(SIDE, SIDE) for k in range(SIDE)]
    return np.stack(slices)


def centre():
    return ORIGIN_MM + SPACING_MM * np.array([255.3, 255.4, 255.6])


def corner(depth_mm=0.0):
    row, down, away = frame()
    half = (PIXELS - 1) / 2 * PIXEL_MM
    return centre() - row * half - down * half + away * depth_mm


def n_steps():
    return int(round(SLAB_MM / SPACING_MM)) + 1


def simpleitk(voxels):
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    image = sitk.GetImageFromArray(voxels)
    image.SetSpacing([SPACING_MM] * 3)
    image.SetOrigin([ORIGIN_MM] * 3)
    row, down, away = frame()
    resample = sitk.ResampleImageFilter()
    resample.SetInterpolator(sitk.sitkLinear)
    resample.SetOutputDirection(np.stack([row, down, away], axis=1).ravel().tolist())
    resample.SetOutputPixelType(sitk.sitkFloat32)

    def plane():
        resample.SetSize([PIXELS, PIXELS, 1])
        resample.SetOutputSpacing([PIXEL_MM, PIXEL_MM, SPACING_MM])
        resample.SetOutputOrigin(corner().tolist())
        return resample.Execute(image)

    def slab():
        resample.SetSize([PIXELS, PIXELS, n_steps()])
        resample.SetOutputSpacing([PIXEL_MM, PIXEL_MM, SPACING_MM])
        resample.SetOutputOrigin(corner(-SLAB_MM / 2).tolist())
        return sitk.MaximumProjection(resample.Execute(image), 2)

    return plane, slab


def vtk_reslice(voxels):
    vtk.vtkMultiThreader.SetGlobalDefaultNumberOfThreads(2)
    try:
        vtk.vtkSMPTools.Initialize(2)
    except AttributeError:
        pass
    image = vtk.vtkImageData()
    image.SetDimensions(SIDE, SIDE, SIDE)
    image.SetSpacing(*[SPACING_MM] * 3)
    image.SetOrigin(*[ORIGIN_MM] * 3)
    scalars = numpy_to_vtk(voxels.ravel(), deep=False)
    image.GetPointData().SetScalars(scalars)
    row, down, away = frame()

    def made(n_slices):
        reslice = vtk.vtkImageReslice()
        reslice.SetInputData(image)
        reslice.SetInterpolationModeToLinear()
        reslice.SetOutputScalarType(vtk.VTK_FLOAT)
        reslice.SetResliceAxesDirectionCosines(*row, *down, *away)
        reslice.SetResliceAxesOrigin(*corner())
        reslice.SetOutputDimensionality(2)
        reslice.SetOutputSpacing(PIXEL_MM, PIXEL_MM, SPACING_MM)
        reslice.SetOutputOrigin(0, 0, 0)
        reslice.SetOutputExtent(0, PIXELS - 1, 0, PIXELS - 1, 0, 0)
        if 1 < n_slices:
            reslice.SetSlabModeToMax()
            reslice.SetSlabNumberOfSlices(n_slices)
        return reslice

    def run(reslice):
        def once():
            reslice.Modified()
            reslice.Update()
            return reslice.GetOutput()
        return once

    return run(made(1)), run(made(n_steps()))


def median_ms(work, rounds):
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def ours_ms():
    bench = ["cargo", "bench", "--quiet", "--package", "overread-volume", "--bench", "reslice", "--", "oblique"]
    subprocess.run(bench, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    meta = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=ROOT, check=True, capture_output=True)
    target = pathlib.Path(json.loads(meta.stdout)["target_directory"])
    folder = target / "criterion" / "reslice_512_to_1024"
    read = lambda name: json.loads((folder / name / "new" / "estimates.json").read_text())["median"]["point_estimate"] / 1e6
    return [read("oblique"), read("oblique_mip_20_mm")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    ours = ours_ms()
    voxels = cube()
    peers = {"SimpleITK": simpleitk(voxels), "VTK": vtk_reslice(voxels)}
    measured = {name: [median_ms(work, rounds) for work in works] for name, works in peers.items()}
    ours = [max(pair) for pair in zip(ours, ours_ms())]
    print(f"{'row':<24}{'ours ms':>9}" + "".join(f"{name:>12}" for name in peers) + f"{'x best':>9}{'target':>8}")
    for i, row in enumerate(["oblique plane", "maximum over 20 mm"]):
        best = min(times[i] for times in measured.values())
        cells = "".join(f"{times[i]:12.1f}" for times in measured.values())
        print(f"{row:<24}{ours[i]:9.1f}{cells}{best / ours[i]:9.1f}{TARGET:8.1f}")


if __name__ == "__main__":
    main()
