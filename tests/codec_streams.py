#!/usr/bin/env python3
"""Makes compressed streams, and beside each the samples that a common program finds in it.

  pip install numpy imagecodecs pillow
  codec_streams.py FOLDER
  OVERREAD_CODEC_STREAMS=FOLDER cargo test --release -p overread-codec -- --nocapture common_programs

libjpeg-turbo writes and reads JPEG and JPEG lossless, lj92 some of the latter, libjxl JPEG XL, OpenJPEG JPEG 2000. The
latter's opj_compress (Debian: libopenjp2-tools) is called for the options that imagecodecs does not have.
"""
import io
import itertools
import pathlib
import shutil
import subprocess
import sys
import tempfile
import timeit

import imagecodecs as ic
import numpy as np
from PIL import Image

RANDOM = np.random.default_rng(5)
BARE = {"colorspace": "rgb", "outcolorspace": "rgb"}


def picture(height, width, n_components, bits, noise):
    """Smooth waves with noise, as deep as asked."""
    y, x = np.mgrid[:height, :width]
    top = (1 << bits) - 1
    waves = [(np.sin(x / (7 + c) + c) + np.cos(y / (5 + c)) + 2) / 4 * top for c in range(n_components)]
    values = np.stack(waves, 2) + RANDOM.normal(0, noise * top, (height, width, n_components))
    values = np.clip(values, 0, top).astype(np.uint8 if bits <= 8 else np.uint16)
    return values[:, :, 0] if n_components == 1 else values


def lossless(put):
    for bits, predictor, n in itertools.product(range(2, 17), range(1, 8), (1, 3)):
        for height, width, noise in ((1, 1, 0.1), (1, 9, 0.1), (9, 1, 0.1), (37, 53, 0.02), (37, 53, 5)):
            values = picture(height, width, n, bits, noise)
            how = dict(lossless=True, predictor=predictor, bitspersample=bits, **(BARE if n == 3 else {}))
            put(f"lossless_{bits}_{predictor}_{n}_{height}x{width}_{noise}.jpg", ic.jpeg8_encode(values, **how), values)
    for bits in range(8, 17):
        values = picture(64, 70, 1, bits, 0.02)
        put(f"lossless_lj92_{bits}.jpg", ic.ljpeg_encode(values, bitspersample=bits), values)


def lossy(put):
    sizes = ((1, 1), (7, 9), (16, 16), (33, 50), (240, 321))
    restarts = ({}, {"restart_marker_blocks": 3}, {"restart_marker_rows": 1})
    for (height, width), noise, quality in itertools.product(sizes, (0, 0.1), (30, 95)):
        name = f"{height}x{width}_{noise}_{quality}"
        for n, progressive, (nth, restart), sampling in itertools.product((1, 3), (False, True), enumerate(restarts), range(3)):
            if n == 1 and sampling:
                continue
            file = io.BytesIO()
            how = dict(quality=quality, progressive=progressive, **restart, **({"subsampling": sampling} if n == 3 else {}))
            Image.fromarray(picture(height, width, n, 8, noise)).save(file, "JPEG", **how)
            stream = file.getvalue()
            put(f"jpeg_{n}_{int(progressive)}_{nth}_{sampling}_{name}.jpg", stream, ic.jpeg8_decode(stream))
        for bits in (8, 12):
            for sampling in ("444", "422", "420", "440", "411"):
                stream = ic.jpeg8_encode(picture(height, width, 3, bits, noise), level=quality, subsampling=sampling, bitspersample=bits)
                put(f"jpeg_{bits}_{sampling}_{name}.jpg", stream, ic.jpeg8_decode(stream))
            stream = ic.jpeg8_encode(picture(height, width, 3, bits, noise), level=quality, bitspersample=bits, **BARE)
            put(f"jpeg_{bits}_rgb_{name}.jpg", stream, ic.jpeg8_decode(stream, **BARE))
            stream = ic.jpeg8_encode(picture(height, width, 1, bits, noise), level=quality, bitspersample=bits)
            put(f"jpeg_{bits}_grey_{name}.jpg", stream, ic.jpeg8_decode(stream))


def jpeg_xl(put):
    for bits, n, (height, width) in itertools.product((8, 10, 12, 16), (1, 3), ((1, 1), (67, 129), (300, 260))):
        values = picture(height, width, n, bits, 0.05)
        name = f"{bits}_{n}_{height}x{width}"
        for box in (False, True):
            put(f"xl_lossless_{int(box)}_{name}.jxl", ic.jpegxl_encode(values, lossless=True, bitspersample=bits, usecontainer=box), values)
        stream = ic.jpegxl_encode(values, level=90, bitspersample=bits)
        put(f"xl_{name}.jxl", stream, ic.jpegxl_decode(stream))
    for n in (1, 3):
        stream = ic.jpeg8_encode(picture(200, 301, n, 8, 0.05), level=90)
        put(f"xl_recompressed_{n}.jxl", ic.jpegxl_encode_jpeg(stream), ic.jpeg8_decode(stream))


STYLES = [f"-M {m}" for m in (1, 2, 4, 5, 8, 9, 12, 16, 32, 37, 63)]
ORDERS = [
    how.format(order)
    for order in ("LRCP", "RLCP", "RPCL", "PCRL", "CPRL")
    for how in ("-p {} -r 20,8,1 -c [64,64],[32,32],[16,16] -t 100,90 -d 13,9 -SOP", "-p {} -r 8,1 -n 4 -c [128,64],[32,32] -EPH")
]
OPTIONS = [
    "", "-n 1", "-n 3", "-n 7", "-b 32,32", "-b 4,4", "-b 1024,4", "-b 4,1024", "-t 50,40", "-t 50,40 -d 13,9 -T 7,3",
    "-d 13,9", "-d 101,77 -T 100,70 -t 64,64", "-c [64,64],[32,32],[16,16]", "-c [32,64] -t 64,64", "-SOP -EPH",
    "-r 20,10,5,1", "-TP R -t 64,64", "-TP L -r 10,5,1", "-TP C -p CPRL", "-ROI c=0,U=9", "-PLT", "-TLM", "-r 9",
    "-n 4 -r 10,5,1 -POC T0=0,0,2,2,1,RLCP/T0=0,0,3,4,3,LRCP -t 200,200", "-M 1 -r 20,10,5,1", "-M 5 -b 16,16 -r 7,1",
]
IRREVERSIBLE = ["-r 8", "-r 1", "-q 40,50", "-t 50,40 -d 13,9 -r 4", "-M 1 -r 3", "-r 1 -n 1"]


def jpeg_2000(put):
    if not shutil.which("opj_compress"):
        print("JPEG 2000 left out: opj_compress is missing")
        return
    options = [("lossless", o) for o in OPTIONS + STYLES + ORDERS] + [("lossy", "-I " + o) for o in IRREVERSIBLE]
    with tempfile.TemporaryDirectory() as folder:
        raw, out = pathlib.Path(folder) / "in.raw", pathlib.Path(folder) / "out.j2k"
        for (bits, n, sign), (nth, (kind, how)) in itertools.product(
            ((8, 1, "u"), (8, 3, "u"), (8, 1, "s"), (12, 1, "u"), (16, 1, "s")), enumerate(options)
        ):
            values = picture(131, 173, n, bits, 0.02)
            if "ROI" in how and bits == 16:
                continue  # more bit planes than any decoder here has
            planes = values[None] if n == 1 else values.transpose(2, 0, 1)
            raw.with_suffix(".rawl").write_bytes(planes.tobytes())
            raw.write_bytes(planes.tobytes())
            out.unlink(missing_ok=True)
            source = raw if bits == 8 else raw.with_suffix(".rawl")
            command = ["opj_compress", "-i", source, "-o", out, "-F", f"173,131,{n},{bits},{sign}", *how.split()]
            subprocess.run(command + (["-mct", "1"] if n == 3 else []), capture_output=True)
            if out.exists():
                stream = out.read_bytes()
                put(f"{kind}_{bits}{sign}_{n}_{nth}.j2k", stream, ic.jpeg2k_decode(stream))
            else:
                print("opj_compress refuses", how)


def bench(put):
    """Streams for `cargo bench -p overread-codec`; the times of the common programs are printed."""
    streams = {
        "bench_grey_8.jpg": ic.jpeg8_encode(picture(1024, 1024, 1, 8, 0.02), level=90),
        "bench_grey_12.jpg": ic.jpeg8_encode(picture(1024, 1024, 1, 12, 0.02), level=90, bitspersample=12),
        "bench_colour_420.jpg": ic.jpeg8_encode(picture(1024, 1024, 3, 8, 0.02), level=90, subsampling="420"),
        "bench_lossless_16.jpg": ic.jpeg8_encode(picture(512, 512, 1, 16, 0.001), lossless=True, bitspersample=16),
        "bench_j2k_lossless_16.j2k": ic.jpeg2k_encode(picture(512, 512, 1, 16, 0.001), level=0, reversible=True, codecformat="j2k"),
        "bench_j2k_lossy_16.j2k": ic.jpeg2k_encode(picture(512, 512, 1, 16, 0.001), level=60, codecformat="j2k"),
        "bench_ht_lossless_16.j2k": ic.htj2k_encode(picture(512, 512, 1, 16, 0.001), reversible=True),
        "bench_xl_lossless_16.jxl": ic.jpegxl_encode(picture(512, 512, 1, 16, 0.001), lossless=True),
    }
    for name, stream in streams.items():
        read = next(read for part, read in READERS.items() if part in name)
        values = read(stream)
        best = min(timeit.repeat(lambda: read(stream), number=1, repeat=20))
        print(f"{name}: {1e3 * best:.2f} ms")
        put(name, stream, values)


READERS = {"_xl_": ic.jpegxl_decode, "_ht_": ic.htj2k_decode, "_j2k_": ic.jpeg2k_decode, "": ic.jpeg8_decode}


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)

    def put(name, stream, values):
        path = folder / name
        path.write_bytes(bytes(stream))
        path.with_suffix(".raw").write_bytes(np.ascontiguousarray(values).tobytes())

    lossless(put)
    lossy(put)
    jpeg_xl(put)
    jpeg_2000(put)
    bench(put)
    print(len(list(folder.glob("*.raw"))), "streams")


if __name__ == "__main__":
    main()
