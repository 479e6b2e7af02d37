#!/usr/bin/env python3
"""Makes compressed streams, and beside each the samples that a common program finds in it.

  pip install numpy imagecodecs pillow
  codec_streams.py FOLDER
  OVERREAD_CODEC_STREAMS=FOLDER cargo test --release -p overread-codec --test jpeg -- --nocapture common_programs

libjpeg-turbo writes and reads JPEG and JPEG lossless, lj92 some of the latter, libjxl JPEG XL.
"""
import io
import itertools
import pathlib
import sys
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


def bench(put):
    """Streams for `cargo bench -p overread-codec --bench jpeg`; the times of the common programs are printed."""
    streams = {
        "bench_grey_8.jpg": ic.jpeg8_encode(picture(1024, 1024, 1, 8, 0.02), level=90),
        "bench_grey_12.jpg": ic.jpeg8_encode(picture(1024, 1024, 1, 12, 0.02), level=90, bitspersample=12),
        "bench_colour_420.jpg": ic.jpeg8_encode(picture(1024, 1024, 3, 8, 0.02), level=90, subsampling="420"),
        "bench_lossless_16.jpg": ic.jpeg8_encode(picture(512, 512, 1, 16, 0.001), lossless=True, bitspersample=16),
        "bench_xl_lossless_16.jxl": ic.jpegxl_encode(picture(512, 512, 1, 16, 0.001), lossless=True),
    }
    for name, stream in streams.items():
        read = ic.jpegxl_decode if name.endswith("jxl") else ic.jpeg8_decode
        values = read(stream)
        best = min(timeit.repeat(lambda: read(stream), number=1, repeat=20))
        print(f"{name}: {1e3 * best:.2f} ms")
        put(name, stream, values)


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
    bench(put)
    print(len(list(folder.glob("*.raw"))), "streams")


if __name__ == "__main__":
    main()
