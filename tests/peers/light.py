#!/usr/bin/env python3
"""Races the light through volumes that `volume` computes on the CPU against VTK's, and prints one table of times and ratios.

  python3 -m venv peers && peers/bin/pip install --only-binary=:all: numpy vtk
  peers/bin/python tests/peers/light.py [--rounds 5]

A body of 512 x 512 x 512 16-bit values with bones and vessels in it, seen from the front, 512 x 512 pixels, parallel rays,
two threads, samples 1.5 voxels apart, shaded: once as bone, once as vessels. VTK's mapper is the one that casts rays in fixed
point on the processor; it is told to keep that distance of samples and that size. Ours is the bench of the project, run
before and after the peer; the slower of the two counts. The peer is asked for the fastest of its rounds.
"""
import argparse
import json
import os
import pathlib
import subprocess
import time

import numpy as np
import vtk
from vtk.util.numpy_support import numpy_to_vtk

SIDE, PIXELS = 512, 512
SPACING_MM = 0.7
PRESETS = {
    "bone": [(150, (0.55, 0.42, 0.32), 0.0), (220, (0.72, 0.60, 0.48), 0.10), (330, (0.88, 0.80, 0.68), 0.60),
             (700, (0.95, 0.91, 0.83), 0.95), (2000, (1.0, 0.99, 0.96), 0.99)],
    "vessels": [(110, (0.45, 0.05, 0.04), 0.0), (170, (0.66, 0.13, 0.09), 0.18), (280, (0.82, 0.28, 0.18), 0.60),
                (420, (0.90, 0.62, 0.44), 0.75), (700, (0.94, 0.88, 0.78), 0.90), (2000, (1.0, 0.98, 0.94), 0.97)],
}
ROOT = pathlib.Path(__file__).resolve().parents[2]


def body():
    """The voxels of the bench, z y x: an oval of soft tissue with noise, a spine, ribs, and vessels."""
    x = np.arange(SIDE)[None, :]
    y = np.arange(SIDE)[:, None]
    slices = np.empty((SIDE, SIDE, SIDE), np.int16)
    for z in range(SIDE):
        noise = (x * 31 + y * 17 + z * 57) % 41 - 20
        oval = ((x - 256) / 220.0) ** 2 + ((y - 256) / 150.0) ** 2
        value = np.where(oval < 1.0, 40 + noise, -1000 + noise // 2)
        value = np.where((x - 256) ** 2 + (y - 350) ** 2 < 35 ** 2, 420 + noise, value)
        rib = (0.80 < oval) & (oval < 0.90) & ((z + x // 8) % 60 < 20)
        value = np.where(rib, 520 + noise, value)
        for column in range(96, 440, 48):
            off = 20 * np.sin(z * 0.02 + column)
            value = np.where((x - column - off) ** 2 + (y - 240) ** 2 < 9 ** 2, 300 + noise, value)
        slices[z] = value
    return slices


def peer(voxels, corners):
    vtk.vtkMultiThreader.SetGlobalDefaultNumberOfThreads(2)
    image = vtk.vtkImageData()
    image.SetDimensions(SIDE, SIDE, SIDE)
    image.SetSpacing(*[SPACING_MM] * 3)
    image.GetPointData().SetScalars(numpy_to_vtk(voxels.ravel(), deep=False))
    mapper = vtk.vtkFixedPointVolumeRayCastMapper()
    mapper.SetInputData(image)
    mapper.SetNumberOfThreads(2)
    mapper.AutoAdjustSampleDistancesOff()
    mapper.LockSampleDistanceToInputSpacingOff()
    mapper.SetSampleDistance(1.5 * SPACING_MM)
    mapper.SetInteractiveSampleDistance(1.5 * SPACING_MM)
    mapper.SetImageSampleDistance(1.0)
    opacity, colour = vtk.vtkPiecewiseFunction(), vtk.vtkColorTransferFunction()
    for value, (r, g, b), held in corners:
        opacity.AddPoint(value, held)
        colour.AddRGBPoint(value, r, g, b)
    looks = vtk.vtkVolumeProperty()
    looks.SetScalarOpacity(opacity)
    looks.SetScalarOpacityUnitDistance(1.0)
    looks.SetColor(colour)
    looks.SetInterpolationTypeToLinear()
    looks.ShadeOn()
    volume = vtk.vtkVolume()
    volume.SetMapper(mapper)
    volume.SetProperty(looks)
    renderer = vtk.vtkRenderer()
    renderer.AddVolume(volume)
    window = vtk.vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetSize(PIXELS, PIXELS)
    window.AddRenderer(renderer)
    camera = renderer.GetActiveCamera()
    middle = (SIDE - 1) / 2 * SPACING_MM
    camera.SetFocalPoint(middle, middle, middle)
    camera.SetPosition(middle, middle - 1000, middle)
    camera.SetViewUp(0, 0, 1)
    camera.ParallelProjectionOn()
    camera.SetParallelScale(PIXELS / 2 * 0.75)
    renderer.ResetCameraClippingRange()

    def once():
        mapper.Modified()
        camera.Azimuth(1e-4)
        window.Render()
    return once


def fastest_ms(work, rounds):
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def ours_ms():
    bench = ["cargo", "bench", "--quiet", "--package", "overread-volume", "--bench", "light"]
    threads = os.environ | {"RAYON_NUM_THREADS": "2"}
    subprocess.run(bench, cwd=ROOT, env=threads, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    meta = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps"], cwd=ROOT, check=True, capture_output=True)
    target = pathlib.Path(json.loads(meta.stdout)["target_directory"])
    folder = target / "criterion" / "light_512_to_512"
    read = lambda name: json.loads((folder / name / "new" / "estimates.json").read_text())["median"]["point_estimate"] / 1e6
    return {name: read(name) for name in PRESETS}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    before = ours_ms()
    voxels = body()
    theirs = {name: fastest_ms(peer(voxels, corners), rounds) for name, corners in PRESETS.items()}
    after = ours_ms()
    print(f"{'preset':<10}{'ours ms':>10}{'VTK ms':>10}{'times':>8}")
    for name in PRESETS:
        ours = max(before[name], after[name])
        print(f"{name:<10}{ours:>10.1f}{theirs[name]:>10.1f}{theirs[name] / ours:>8.2f}")


if __name__ == "__main__":
    main()
