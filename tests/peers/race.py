#!/usr/bin/env python3
"""Races `overread` against the well-known readers of PyPI, row by row, and prints one table of medians and ratios.

  python3 -m venv peers && peers/bin/pip install --only-binary=:all: \
      numpy pydicom SimpleITK python-gdcm imagecodecs pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pylibjpeg-rle
  cargo build --release --package overread-app
  peers/bin/python tests/peers/race.py target/release/overread [--series FOLDER] [--rounds 5] [--rows jpegls,rle,…]

Without --series a CT of 275 slices of 512 x 512 is made up: ellipses with noise, so that the codecs have real work. Each
compressed row is made from it with an encoder that is not ours, and no row is raced before our voxels are those of the
encoder's input. Contestants take turns (A B C A B C …) after one unmeasured round. A peer is a process of its own and
reports the time from the first file touched to the last voxel; of ours the whole process counts, its start included. The
column `x best` is the fastest peer's median by ours: above 1 we are faster.

Rows: uncompressed, jpeglossless, jpegls, rle, jpeg2000, htj2k, scan (headers read, then headers kept), memory, multiframe,
window. `read` is no peer but the plain reading of all bytes, for the distance to what is possible. `window` needs Xvfb and is
left out with a word where it is missing.
"""
import argparse
import hashlib
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

CODECS = {
    "uncompressed": "1.2.840.10008.1.2.1",
    "jpeglossless": "1.2.840.10008.1.2.4.70",
    "jpegls": "1.2.840.10008.1.2.4.80",
    "rle": "1.2.840.10008.1.2.5",
    "jpeg2000": "1.2.840.10008.1.2.4.90",
    "htj2k": "1.2.840.10008.1.2.4.201",
}
TARGETS = {"uncompressed": 4.0, "jpeglossless": 1.5, "jpegls": 1.2, "rle": 3.0, "jpeg2000": 1.2, "scan": 3.0, "scan again": 20.0}
ELEVEN = [(0x8, 0x16), (0x8, 0x18), (0x8, 0x60), (0x10, 0x10), (0x10, 0x20), (0x20, 0xD), (0x20, 0xE), (0x20, 0x13),
          (0x20, 0x32), (0x28, 0x10), (0x28, 0x11)]


# ---- the peers, each run by this same file in a process of its own ----

def files_of(folder):
    return sorted(str(p) for p in pathlib.Path(folder).rglob("*") if p.is_file())


def peer_read(folder):
    for name in files_of(folder):
        with open(name, "rb") as handle:
            handle.read()


def peer_simpleitk(folder):
    import SimpleITK as sitk
    reader = sitk.ImageSeriesReader()
    yield
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(folder))
    reader.Execute()


def peer_pydicom(folder):
    import numpy
    import pydicom
    names = files_of(folder)
    yield
    sets = sorted((pydicom.dcmread(name) for name in names), key=lambda d: int(d.InstanceNumber))
    numpy.stack([d.pixel_array for d in sets])


def peer_gdcm(folder):
    import gdcm
    names = files_of(folder)
    yield
    kept = []
    for name in names:
        reader = gdcm.ImageReader()
        reader.SetFileName(name)
        if not reader.Read():
            raise SystemExit("gdcm does not read it")
        kept.append(reader.GetImage().GetBuffer())


def peer_imagecodecs(folder):
    import imagecodecs
    import numpy
    import pydicom
    from concurrent.futures import ThreadPoolExecutor
    from pydicom.encaps import generate_frames
    decoders = {"70": imagecodecs.ljpeg_decode, "80": imagecodecs.jpegls_decode, "90": imagecodecs.jpeg2k_decode,
                "201": imagecodecs.htj2k_decode}

    def one(name):
        d = pydicom.dcmread(name)
        decode = decoders[str(d.file_meta.TransferSyntaxUID).split(".")[-1]]
        return int(d.InstanceNumber), decode(next(generate_frames(d.PixelData, number_of_frames=1)))

    names = files_of(folder)
    yield
    with ThreadPoolExecutor(2) as pool:
        frames = sorted(pool.map(one, names), key=lambda pair: pair[0])
    numpy.stack([frame for _, frame in frames])


def peer_gdcmscanner(folder):
    import gdcm
    scanner = gdcm.Scanner()
    for tag in ELEVEN:
        scanner.AddTag(gdcm.Tag(*tag))
    names = files_of(folder)
    yield
    if not scanner.Scan(names):
        raise SystemExit("gdcm does not scan it")


def peer_pydicom_headers(folder):
    import pydicom
    names = files_of(folder)
    yield
    for name in names:
        pydicom.dcmread(name, stop_before_pixels=True, specific_tags=ELEVEN)


def run_peer(name, folder):
    """Prints the seconds of one peer; imports happen before the clock starts."""
    steps = globals()["peer_" + name](folder)
    if steps is not None:
        next(steps)
    begin = time.perf_counter()
    if steps is None:
        peer_read(folder)
    else:
        next(steps, None)
    print(time.perf_counter() - begin)


# ---- measuring ----

def measured(command, env=None):
    """Wall seconds and peak resident bytes of a process; `None` when it fails."""
    run = subprocess.run([sys.executable, "-S", __file__, "--measure"] + command, capture_output=True, text=True,
                         env={**os.environ, **(env or {})})
    if run.returncode != 0:
        print("  failed:", " ".join(command), run.stderr.strip()[-200:], file=sys.stderr)
        return None
    seconds, peak_bytes = run.stdout.split()
    return float(seconds), int(peak_bytes)


def run_measured(command):
    """Prints seconds and peak bytes. In a process of its own, since a child's peak begins with that of its parent."""
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    print(time.perf_counter() - begin, usage.ru_maxrss * 1024)
    sys.exit(1 if child.returncode else 0)


def peer_seconds(name, folder):
    run = subprocess.run([sys.executable, __file__, "--peer", name, folder], capture_output=True, text=True)
    return float(run.stdout) if run.returncode == 0 else None


def race(contestants, rounds):
    """Medians by name; a contestant that fails once is out."""
    for name in list(contestants):
        if contestants[name]() is None:
            del contestants[name]
    times = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, run in contestants.items():
            times[name].append(run())
    return {name: statistics.median(t) for name, t in times.items() if None not in t}


def row(table, name, medians, note=""):
    ours = medians.get("overread")
    peers = {n: s for n, s in medians.items() if n not in ("overread", "read")}
    best = min(peers, key=peers.get) if peers else None
    ratio = peers[best] / ours if ours and best else None
    target = TARGETS.get(name)
    table.append((name, f"{ours:.3f}" if ours else "failed", f"{best} {peers[best]:.3f}" if best else "-",
                  f"{ratio:.2f}" if ratio else "-", f">= {target}" if target else "-",
                  "; ".join(filter(None, [note] + [f"{n} {s:.3f}" for n, s in medians.items() if n not in ("overread", best)]))))


# ---- the material ----

def make_series(folder):
    import numpy
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    rng = numpy.random.default_rng(3)
    y, x = numpy.mgrid[0:512, 0:512]
    for k in range(275):
        body = ((x - 256) / 210) ** 2 + ((y - 256) / 150) ** 2 < 1
        lung = ((abs(x - 256) - 95) / 70) ** 2 + ((y - 250) / 100) ** 2 < 1 - abs(k - 137) / 200
        bone = ((x - 256) / 28) ** 2 + ((y - 350) / 24) ** 2 < 1
        hu = numpy.where(bone, 700, numpy.where(lung & body, -850, numpy.where(body, 40, -1000)))
        values = (hu + 1024 + rng.normal(0, 12, hu.shape) * (hu > -1000)).clip(0, 4095).astype("<u2")
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = CODECS["uncompressed"]
        meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        meta.MediaStorageSOPInstanceUID = f"1.2.3.9.{k + 1}"
        d = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
        d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        d.PatientID, d.PatientName, d.Modality = "RACE", "Race^Test", "CT"
        d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = "1.2.3.9", "1.2.3.9.0", "1.2.3.9.0.1"
        d.InstanceNumber = k + 1
        d.ImagePositionPatient, d.ImageOrientationPatient = [-180, -180, k * 1.25], [1, 0, 0, 0, 1, 0]
        d.PixelSpacing, d.SliceThickness = [0.7, 0.7], 1.25
        d.Rows = d.Columns = 512
        d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
        d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 0
        d.RescaleIntercept, d.RescaleSlope = -1024, 1
        d.PixelData = values.tobytes()
        d["PixelData"].VR = "OW"
        d.save_as(folder / f"{k:04}.dcm", enforce_file_format=True)


def encode(name, source, folder):
    """The series under another transfer syntax, by an encoder that is not ours."""
    import imagecodecs
    import numpy
    import pydicom
    from pydicom.encaps import encapsulate
    for path in files_of(source):
        d = pydicom.dcmread(path)
        values = numpy.ascontiguousarray(d.pixel_array)
        if name == "rle":
            d.compress(CODECS["rle"], generate_instance_uid=False)
        else:
            # The encoders know unsigned samples; the bits are the same and the decoded ones are compared below.
            bits = values.view("u2") if values.dtype == numpy.int16 else values
            if values.dtype == numpy.int16 and name in ("jpeg2000", "htj2k"):
                bits = values
            made = {
                "jpeglossless": lambda: imagecodecs.ljpeg_encode(bits, bitspersample=16),
                "jpegls": lambda: imagecodecs.jpegls_encode(bits),
                "jpeg2000": lambda: imagecodecs.jpeg2k_encode(bits, level=0, codecformat="j2k", reversible=True),
                "htj2k": lambda: imagecodecs.htj2k_encode(bits),
            }[name]()
            d.PixelData = encapsulate([bytes(made)])
            d["PixelData"].VR = "OB"
            d["PixelData"].is_undefined_length = True
            d.file_meta.TransferSyntaxUID = CODECS[name]
        d.save_as(folder / pathlib.Path(path).name)


def voxel_hash(folder):
    """SHA-256 of the stored values in the order of the slices, by a reader that is not ours."""
    import numpy
    import pydicom
    sets = [pydicom.dcmread(path) for path in files_of(folder)]
    normal = numpy.cross(sets[0].ImageOrientationPatient[:3], sets[0].ImageOrientationPatient[3:])
    sets.sort(key=lambda d: float(numpy.dot(d.ImagePositionPatient, normal)))
    return hashlib.sha256(b"".join(d.pixel_array.tobytes() for d in sets)).hexdigest()


def make_small_files(folder, n_files):
    """Many small files: the headers of the first slices, a picture of 8 x 8."""
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    for k in range(n_files):
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = CODECS["uncompressed"]
        meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        meta.MediaStorageSOPInstanceUID = f"1.2.3.8.{k + 1}"
        d = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
        d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
        d.StudyDate, d.StudyTime, d.AccessionNumber = "20260102", "120000", "A1"
        d.Manufacturer, d.StudyDescription, d.SeriesDescription = "Race", "Many files", f"Series {k // 500}"
        d.PatientID, d.PatientName, d.Modality = "RACE", "Race^Test", "CT"
        d.StudyInstanceUID, d.SeriesInstanceUID = "1.2.3.8", f"1.2.3.8.0.{k // 500}"
        d.FrameOfReferenceUID, d.InstanceNumber = "1.2.3.8.0", k % 500 + 1
        d.ImagePositionPatient, d.ImageOrientationPatient = [0, 0, k % 500], [1, 0, 0, 0, 1, 0]
        d.PixelSpacing, d.SliceThickness, d.KVP = [1, 1], 1, 120
        d.Rows = d.Columns = 8
        d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
        d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 0
        d.RescaleIntercept, d.RescaleSlope = -1024, 1
        d.PixelData = bytes(128)
        d["PixelData"].VR = "OW"
        place = folder / f"{k // 500:03}"
        place.mkdir(exist_ok=True)
        d.save_as(place / f"{k:06}", enforce_file_format=True)


def make_multiframe(path, n_frames):
    """A multi-frame object of 512 x 512 x 16 bit whose pixels are a hole in the file: it takes no room on the disk."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = CODECS["uncompressed"]
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7.3"
    meta.MediaStorageSOPInstanceUID = "1.2.3.7.1"
    d = FileDataset(None, {}, file_meta=meta, preamble=b"\0" * 128)
    d.SOPClassUID, d.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
    d.PatientID, d.PatientName, d.Modality = "RACE", "Race^Test", "OT"
    d.StudyInstanceUID, d.SeriesInstanceUID, d.InstanceNumber = "1.2.3.7", "1.2.3.7.0", 1
    d.NumberOfFrames, d.Rows, d.Columns = n_frames, 512, 512
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 0
    d.WindowCenter, d.WindowWidth = 100, 200
    d.save_as(path, enforce_file_format=True)
    n_bytes = n_frames * 512 * 512 * 2
    with open(path, "ab") as out:
        out.write(bytes.fromhex("e07f10004f570000") + n_bytes.to_bytes(4, "little"))
        out.truncate(out.tell() + n_bytes)


# ---- the rows ----

def codec_row(table, args, work, name, source):
    folder = source
    if name != "uncompressed":
        folder = work / name
        if not folder.is_dir():
            made = work / (name + ".part")
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            encode(name, source, made)
            made.rename(folder)
    said = subprocess.run([args.binary, "decode", str(folder), "--discard", "--hash"], capture_output=True, text=True)
    if args.truth not in said.stdout:
        table.append((name, "OTHER VOXELS", "-", "-", "-", said.stderr.strip()[-120:]))
        return
    names = ["read", "simpleitk", "pydicom", "gdcm"] + (["imagecodecs"] if name not in ("uncompressed", "rle") else [])
    contestants = {n: (lambda n=n: peer_seconds(n, str(folder))) for n in names}

    def ours():
        run = measured([args.binary, "decode", str(folder), "--discard"])
        return run and run[0]

    contestants["overread"] = ours
    row(table, name, race(contestants, args.rounds))


def scan_rows(table, args, work):
    """Eleven attributes of 10,000 files: the first time without an index of headers, the second time with one."""
    folder = work / "small"
    if not folder.is_dir():
        made = work / "small.part"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        make_small_files(made, 10_000)
        made.rename(folder)
        time.sleep(3)  # files of the last moment are not kept
    with tempfile.TemporaryDirectory() as place:
        def ours(index):
            run = measured([args.binary, "scan", str(folder), "--json", "--store", f"{place}/store",
                            "--header-index", index])
            return run and run[0]

        ours(f"{place}/index")
        medians = race({
            "read": lambda: peer_seconds("read", str(folder)),
            "gdcmscanner": lambda: peer_seconds("gdcmscanner", str(folder)),
            "pydicom headers": lambda: peer_seconds("pydicom_headers", str(folder)),
            "overread": lambda: ours("off"),
            "overread again": lambda: ours(f"{place}/index"),
        }, args.rounds)
    again = medians.pop("overread again", None)
    row(table, "scan", medians, "10,000 files")
    row(table, "scan again", {**medians, "overread": again} if again else medians, "10,000 files, headers kept")


def memory_row(table, args, source):
    voxels = sum(os.path.getsize(p) for p in files_of(source))
    idle = measured([args.binary, "--version"])
    run = measured([args.binary, "decode", str(source), "--discard"])
    if run and idle:
        over = (run[1] - voxels) / 1e6
        table.append(("memory", f"{run[1] / 1e6:.0f} MB", f"files {voxels / 1e6:.0f} MB", f"+{over:.0f} MB", "<= +40 MB",
                      f"idle process {idle[1] / 1e6:.0f} MB"))


def multiframe_row(table, args, work):
    path = work / "multiframe.dcm"
    if not path.is_file():
        make_multiframe(path, 8190)
    png = work / "frame.png"
    for slice_idx in (0, 8189):
        run = measured([args.binary, "render", str(path), "--slice", str(slice_idx), "--out", str(png)])
        if run:
            table.append((f"multiframe {slice_idx}", f"{run[0]:.3f}", "-", f"{run[1] / 1e6:.0f} MB", "<= 300 MB", "4.3 GB, one frame"))
    run = measured([args.binary, "decode", str(path), "--hash"], {"OVERREAD_MEMORY": "128M"})
    if run:
        table.append(("multiframe all", f"{run[0]:.3f}", "-", f"{run[1] / 1e6:.0f} MB", "<= 300 MB", "4.3 GB hashed within OVERREAD_MEMORY=128M"))


def window_row(table, args, source):
    """From the start of the process to the first picture that the screen itself shows, seen in Xvfb's own memory."""
    if not shutil.which("Xvfb"):
        table.append(("window", "-", "-", "-", "<= 0.23", "left out: Xvfb is missing"))
        return
    with tempfile.TemporaryDirectory() as place:
        display = next(n for n in range(90, 200) if not os.path.exists(f"/tmp/.X11-unix/X{n}"))
        server = subprocess.Popen(["Xvfb", f":{display}", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-fbdir", place],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            time.sleep(2)
            seconds = [first_picture_seconds(args.binary, source, place, display) for _ in range(args.rounds)]
        finally:
            server.kill()
            server.wait()
    if None in seconds:
        table.append(("window", "failed", "-", "-", "<= 0.23", "no first picture within 30 s"))
    else:
        each = ", ".join(f"{s:.3f}" for s in seconds)
        table.append(("window", f"{statistics.median(seconds):.3f}", "-", "-", "<= 0.23", f"start to a picture on the screen: {each}"))


def first_picture_seconds(binary, source, place, display):
    import mmap
    import numpy
    with open(f"{place}/Xvfb_screen0", "rb") as handle:
        screen = mmap.mmap(handle.fileno(), 0, prot=mmap.PROT_READ)
    pixels = numpy.frombuffer(screen, numpy.uint8, offset=len(screen) - 1920 * 1080 * 4).reshape(1080, 1920, 4)
    # Panels and letters have few shades; more than this in every eighth pixel are those of a scan.
    n_shades = 60
    env = {k: v for k, v in os.environ.items() if k != "WAYLAND_DISPLAY"}
    with tempfile.TemporaryDirectory() as store:
        begin = time.perf_counter()
        child = subprocess.Popen([binary, "--store", store, str(source)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 env={**env, "DISPLAY": f":{display}"})
        took = None
        while took is None and time.perf_counter() - begin < 30:
            time.sleep(0.002)
            if n_shades < len(numpy.unique(pixels[80:1000:8, 100:1800:8, 0])):
                took = time.perf_counter() - begin
        child.kill()
        child.wait()
        time.sleep(0.5)  # until the server has cleared what the window showed
    return took


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--peer":
        return run_peer(sys.argv[2], sys.argv[3])
    if 2 < len(sys.argv) and sys.argv[1] == "--measure":
        return run_measured(sys.argv[2:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary")
    parser.add_argument("--series", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", default="uncompressed,jpeglossless,jpegls,rle,jpeg2000,htj2k,scan,memory,multiframe,window")
    parser.add_argument("--work", type=pathlib.Path, help="where what is made is kept; by default in the temporary folder")
    args = parser.parse_args()
    work = args.work or pathlib.Path(tempfile.gettempdir()) / "overread-race"
    work.mkdir(parents=True, exist_ok=True)
    source = args.series
    if source is None:
        source = work / "uncompressed"
        if not source.is_dir():
            made = work / "uncompressed.part"
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
            make_series(made)
            made.rename(source)
    args.truth = voxel_hash(source)
    table = [("row", "overread s", "best peer s", "x best", "target", "others s")]
    n_said = 1
    for name in args.rows.split(","):
        print("…", name, file=sys.stderr)
        if name in CODECS:
            codec_row(table, args, work, name, source)
        elif name == "scan":
            scan_rows(table, args, work)
        elif name == "memory":
            memory_row(table, args, source)
        elif name == "multiframe":
            multiframe_row(table, args, work)
        elif name == "window":
            window_row(table, args, source)
        else:
            sys.exit(f"there is no row '{name}'")
        for line in table[n_said:]:
            print("  ", *line, sep=" | ", file=sys.stderr)
        n_said = len(table)
    widths = [max(len(line[i]) for line in table) for i in range(len(table[0]))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


if __name__ == "__main__":
    main()
