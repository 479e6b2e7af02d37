"""Races the reading of headers against GDCM and pydicom, on files that it makes itself.

    pip install pydicom python-gdcm
    cargo build --release -p overread-app
    python tests/scan_peers.py target/release/overread [10000]

Each program reads eleven attributes of every file; the rounds take turns, and medians of wall time are compared. Our
time is that of the whole process, once without the header index, and once with headers that it kept.
"""

import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import gdcm
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

PER_SERIES = 500
ROUNDS = 3
TAGS = [
    (0x08, 0x18), (0x08, 0x60), (0x10, 0x10), (0x10, 0x20), (0x20, 0x0D), (0x20, 0x0E),
    (0x20, 0x13), (0x20, 0x32), (0x20, 0x37), (0x28, 0x10), (0x28, 0x11),
]


def write_files(folder, n_files):
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    data.SOPClassUID = data.file_meta.MediaStorageSOPClassUID
    data.Modality, data.PatientName, data.PatientID = "CT", "Phantom^One", "P1"
    data.StudyDate, data.StudyInstanceUID = "20260102", "1.2.3"
    for name in ("Manufacturer", "InstitutionName", "StationName", "StudyDescription", "ProtocolName"):
        setattr(data, name, f"some {name}")
    private = data.private_block(0x0019, "A MAKER", create=True)
    for element in range(60):
        private.add_new(element, "LO", f"private value {element}")
    data.Rows = data.Columns = 16
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.PixelSpacing, data.ImageOrientationPatient = [0.7, 0.7], [1, 0, 0, 0, 1, 0]
    data.PixelData = b"\1\2" * 256
    for nth in range(n_files):
        series, k = divmod(nth, PER_SERIES)
        data.SeriesInstanceUID = f"1.2.3.{series}"
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{series}.{k}"
        data.InstanceNumber, data.ImagePositionPatient = k + 1, [-180, -180, k * 1.25]
        path = folder / f"S{series:03}" / f"IM{k:05}"
        path.parent.mkdir(exist_ok=True)
        data.save_as(path, enforce_file_format=True)


def by_gdcm(folder):
    directory, scanner = gdcm.Directory(), gdcm.Scanner()
    directory.Load(str(folder), True)
    for tag in TAGS:
        scanner.AddTag(gdcm.Tag(*tag))
    assert scanner.Scan(directory.GetFilenames())


def by_pydicom(folder):
    for path in sorted(folder.rglob("IM*")):
        pydicom.dcmread(path, stop_before_pixels=True, specific_tags=TAGS)


def by_us(program, folder, store, index):
    arguments = ["scan", str(folder), "--json", "--store", str(store), "--header-index", str(index)]
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    program, n_files = sys.argv[1], int(sys.argv[2]) if 2 < len(sys.argv) else 10_000
    top = pathlib.Path(tempfile.mkdtemp())
    try:
        folder, store, index = top / "files", top / "store", top / "index"
        folder.mkdir()
        write_files(folder, n_files)
        time.sleep(3)  # files of the last moment are not kept
        by_us(program, folder, store, index)
        rows = {
            "gdcm": lambda: by_gdcm(folder),
            "pydicom": lambda: by_pydicom(folder),
            "overread, first time": lambda: by_us(program, folder, store, "off"),
            "overread, second time": lambda: by_us(program, folder, store, index),
        }
        took = {name: [] for name in rows}
        for _ in range(ROUNDS):
            for name, run in rows.items():
                start = time.perf_counter()
                run()
                took[name].append(time.perf_counter() - start)
        peer = statistics.median(took["gdcm"])
        for name, seconds in took.items():
            median = statistics.median(seconds)
            print(f"{name:24} {median:7.3f} s   {peer / median:5.1f} x gdcm")
    finally:
        shutil.rmtree(top)


if __name__ == "__main__":
    main()
