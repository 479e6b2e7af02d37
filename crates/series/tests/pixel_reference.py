"""Writes small objects of many pixel formats, and beside them what pydicom makes of each.

    python pixel_reference.py FOLDER        needs pydicom 3 and numpy
    OVERREAD_PIXEL_REFERENCE=FOLDER cargo test --release -p overread-series --test series reference_pixels

`cases.json` lists for each file its stored values, and where they apply the modality values, the display values (0 to
1), the colours and the bits of the overlay, all computed by pydicom from the written file.
"""

import json
import pathlib
import sys
import warnings

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.pixels import (
    apply_color_lut,
    apply_modality_lut,
    apply_voi,
    apply_windowing,
)
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

warnings.filterwarnings("ignore")
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
random = np.random.default_rng(20260101)
cases = []


def base(rows, columns, frames=1):
    ds = Dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    ds.SOPInstanceUID = f"1.2.3.{len(cases) + 1}"
    ds.StudyInstanceUID = "1.2.3"
    ds.SeriesInstanceUID = f"1.2.4.{len(cases) + 1}"
    ds.PatientName, ds.PatientID, ds.Modality = "Reference^Pixels", "R", "OT"
    ds.Rows, ds.Columns, ds.SamplesPerPixel = rows, columns, 1
    ds.PhotometricInterpretation = "MONOCHROME2"
    if frames != 1:
        ds.NumberOfFrames = frames
    return ds


def format_of(ds, allocated, stored, signed=0):
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = allocated, stored, stored - 1
    ds.PixelRepresentation = signed


def grey(rows, columns, allocated, stored, signed, frames=1):
    ds = base(rows, columns, frames)
    format_of(ds, allocated, stored, signed)
    low, high = (-(1 << stored - 1), (1 << stored - 1)) if signed else (0, 1 << stored)
    values = random.integers(low, high, (frames, rows, columns), dtype=np.int64)
    values.flat[0], values.flat[-1] = low, high - 1
    kind = {8: "i1", 16: "<i2", 32: "<i4"}[allocated] if signed else {8: "u1", 16: "<u2", 32: "<u4"}[allocated]
    data = values.astype(kind).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    return ds


def colour(rows, columns, photometric, planar, frames=1, allocated=8):
    ds = base(rows, columns, frames)
    format_of(ds, allocated, allocated)
    ds.SamplesPerPixel, ds.PlanarConfiguration, ds.PhotometricInterpretation = 3, planar, photometric
    n = rows * columns * frames * (2 if photometric == "YBR_FULL_422" else 3)
    data = random.integers(0, 256, n * allocated // 8, dtype=np.uint8).tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    return ds


def add(name, ds, syntax=ExplicitVRLittleEndian, display=None, overlay_bits=None):
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = ds.SOPClassUID, ds.SOPInstanceUID
    ds.file_meta = meta
    path = folder / f"{name}.dcm"
    if syntax == RLELossless:
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        ds.compress(RLELossless, encoding_plugin="pydicom", generate_instance_uid=False)
        ds.save_as(path, enforce_file_format=True)
    else:
        big = syntax == ExplicitVRBigEndian
        for tag, width in ((0x7FE00010, ds.BitsAllocated // 8), (0x60003000, 2)):
            if big and tag in ds and width > 1:
                ds[tag].value = np.frombuffer(ds[tag].value, f"<u{width}").byteswap().tobytes()
        for element in ds:
            if element.tag in (0x7FE00010, 0x60003000) or element.keyword.endswith("PaletteColorLookupTableData"):
                element.VR = "OW" if ds.BitsAllocated > 8 or element.tag != 0x7FE00010 else "OB"
        ds.save_as(path, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=not big, enforce_file_format=True)
    read = pydicom.dcmread(path)
    case = {"file": path.name}
    array = read.pixel_array
    if read.SamplesPerPixel == 3:
        case["colours"] = array.reshape(-1, 3).tolist()
    else:
        case["stored"] = array.ravel().tolist()
        if "RescaleSlope" in read or "ModalityLUTSequence" in read:
            case["modality"] = apply_modality_lut(array, read).astype(float).ravel().tolist()
        if read.PhotometricInterpretation == "PALETTE COLOR":
            table = apply_color_lut(array, read).astype(np.int64)
            case["colours"] = (table >> 8 if read.RedPaletteColorLookupTableDescriptor[2] > 8 else table).reshape(-1, 3).tolist()
        if display:
            case["display"] = display(read, array).ravel().tolist()
    if 0x60003000 in read:
        # pydicom takes the bytes of a big-endian overlay as they lie, so that there the bits that were written count.
        case["overlay"] = overlay_bits if syntax == ExplicitVRBigEndian else read.overlay_array(0x6000).ravel().tolist()
    cases.append(case)


for allocated, stored in ((8, 8), (8, 6), (16, 16), (16, 12), (16, 10), (32, 32), (32, 24)):
    for signed in (0, 1):
        for syntax, name in ((ExplicitVRLittleEndian, "le"), (ImplicitVRLittleEndian, "implicit"),
                             (ExplicitVRBigEndian, "be"), (DeflatedExplicitVRLittleEndian, "deflated"), (RLELossless, "rle")):
            if allocated == 32 and name == "rle":
                continue
            for frames in (1, 3):
                add(f"grey_{allocated}_{stored}_{signed}_{name}_{frames}", grey(5, 7, allocated, stored, signed, frames), syntax)

for frames in (1, 5):
    ds = base(3, 7, frames)
    format_of(ds, 1, 1)
    bits = random.integers(0, 2, frames * 21)
    data = np.packbits(bits, bitorder="little").tobytes()
    ds.PixelData = data + b"\0" * (len(data) % 2)
    add(f"bits_{frames}", ds)

for kind, keyword, width in ((np.float32, "FloatPixelData", 32), (np.float64, "DoubleFloatPixelData", 64)):
    ds = base(3, 4, 2)
    ds.BitsAllocated = width
    setattr(ds, keyword, (random.standard_normal(24) * 1e5).astype(kind).tobytes())
    add(f"float_{width}", ds)

for planar in (0, 1):
    for photometric in ("RGB", "YBR_FULL"):
        for frames in (1, 2):
            for syntax, name in ((ExplicitVRLittleEndian, "le"), (RLELossless, "rle")):
                add(f"colour_{photometric}_{planar}_{frames}_{name}", colour(5, 7, photometric, planar, frames), syntax)
    add(f"colour_16_{planar}", colour(5, 7, "RGB", planar, 2, 16))
add("colour_422", colour(5, 8, "YBR_FULL_422", 0))

for bits in (8, 16):
    for segmented in (False, True):
        for first in (0, -3, 5):
            ds = grey(6, 6, 8, 8, int(first < 0))
            ds.PhotometricInterpretation = "PALETTE COLOR"
            n, top = 200, (1 << bits) - 1
            for i, channel in enumerate(("Red", "Green", "Blue")):
                tag = 0x00281101 + i
                ds.add_new(tag, "SS" if first < 0 else "US", [n, first, bits])
                if segmented:
                    data = [0, 2, 3 + i, top // 2, 1, 100, top - i, 1, 98, 0]
                    if bits == 8:
                        words = bytes(data)
                    else:
                        words = np.array(data, "<u2").tobytes()
                    setattr(ds, f"Segmented{channel}PaletteColorLookupTableData", words)
                else:
                    entries = random.integers(0, top + 1, n)
                    setattr(ds, f"{channel}PaletteColorLookupTableData", entries.astype("u1" if bits == 8 else "<u2").tobytes())
            add(f"palette_{bits}_{'segmented' if segmented else 'plain'}_{first}", ds)

for slope, intercept in ((1, -1024), (0.25, 3.5), (2.5e-5, 0), (-1.5, 100)):
    ds = grey(5, 5, 16, 12, 0)
    ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = slope, intercept, "US"
    add(f"rescale_{slope}", ds)

for signed, first in ((0, 10), (1, -20)):
    ds = grey(6, 6, 16, 8, signed)
    item = Dataset()
    item.add_new(0x00283002, "SS" if signed else "US", [60, first, 16])
    item.ModalityLUTType = "OD"
    item.add_new(0x00283006, "US", random.integers(0, 65536, 60).tolist())
    ds.ModalityLUTSequence = [item]
    add(f"modality_lut_{signed}", ds)


def windowed(read, array):
    values = apply_windowing(apply_modality_lut(array, read), read)
    low, high = (0, (1 << read.BitsStored) - 1) if read.PixelRepresentation == 0 else (-(1 << read.BitsStored - 1), (1 << read.BitsStored - 1) - 1)
    slope, intercept = float(read.get("RescaleSlope", 1)), float(read.get("RescaleIntercept", 0))
    low, high = low * slope + intercept, high * slope + intercept
    return (values - low) / (high - low)


for function in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
    for center, width in ((40, 400), (-600.5, 1500.25), (0, 1.5), (100, 4095)):
        ds = grey(6, 6, 16, 12, 1)
        ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = 0.5, 12, "US"
        ds.WindowCenter, ds.WindowWidth, ds.VOILUTFunction = center, width, function
        add(f"window_{function}_{width}", ds, display=windowed)

# With entries of 8 bits pydicom counts table places in 8 bits as well, and with pixels of 8 bits it subtracts in them.
for bits in (10, 12, 16):
    ds = grey(6, 6, 16, 12, 0)
    item = Dataset()
    item.add_new(0x00283002, "US", [3000, 500, bits])
    item.add_new(0x00283006, "US", random.integers(0, 1 << bits, 3000).tolist())
    ds.VOILUTSequence = [item]
    add(f"voi_lut_{bits}", ds, display=lambda read, array, top=(1 << bits) - 1: apply_voi(array, read) / top)

for syntax, name in ((ExplicitVRLittleEndian, "le"), (ExplicitVRBigEndian, "be"), (ImplicitVRLittleEndian, "implicit")):
    for frames in (1, 3):
        ds = grey(5, 7, 16, 12, 0, frames)
        bits = random.integers(0, 2, frames * 35)
        data = np.packbits(bits, bitorder="little").tobytes()
        ds.add_new(0x60000010, "US", 5)
        ds.add_new(0x60000011, "US", 7)
        if frames != 1:
            ds.add_new(0x60000015, "IS", frames)
        ds.add_new(0x60000040, "CS", "G")
        ds.add_new(0x60000050, "SS", [1, 1])
        if frames != 1:
            ds.add_new(0x60000051, "US", 1)
        ds.add_new(0x60000100, "US", 1)
        ds.add_new(0x60000102, "US", 0)
        ds.add_new(0x60003000, "OW", data + b"\0" * (len(data) % 2))
        add(f"overlay_{name}_{frames}", ds, syntax, overlay_bits=bits.tolist())

(folder / "cases.json").write_text(json.dumps(cases))
print(len(cases), "cases, pydicom", pydicom.__version__)
