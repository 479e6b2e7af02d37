"""Makes the fonts of this folder from the Debian packages fonts-inter and fonts-jetbrains-mono.

Needs fonttools. Run as `python3 make_fonts.py` inside this folder; the same packages give the same bytes.
"""

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

INTER = "/usr/share/fonts/opentype/inter/{}.otf"
JETBRAINS = "/usr/share/fonts/truetype/jetbrains-mono/{}.ttf"
SOURCES = [
    INTER.format("Inter-Regular"),
    INTER.format("Inter-Medium"),
    INTER.format("Inter-SemiBold"),
    JETBRAINS.format("JetBrainsMono-Regular"),
    JETBRAINS.format("JetBrainsMono-Medium"),
]

# Inclusive ranges: what the interface and European patient names and reports need.
RANGES = [
    (0x20, 0x7E),  # Basic Latin
    (0xA0, 0xFF),  # Latin-1 supplement, with the degree, plus-minus, micro and multiplication signs
    (0x100, 0x17F),  # Latin Extended-A
    (0x218, 0x21B),  # Romanian comma letters
    (0x1E80, 0x1E85),  # Welsh
    (0x1E9E, 0x1E9E),  # capital sharp s
    (0x2C6, 0x2DD),  # spacing accents
    (0x300, 0x30C),  # combining accents: names may arrive decomposed
    (0x326, 0x328),
    (0x370, 0x3CE),  # Greek with tonos
    (0x400, 0x45F),  # Cyrillic
    (0x490, 0x491),  # Ukrainian ghe
    (0x2000, 0x200B),  # spaces
    (0x2010, 0x2027),  # dashes, quotation marks, bullet, ellipsis
    (0x202F, 0x203A),  # narrow space, per mille, primes, angle quotation marks
    (0x2044, 0x2044),
    (0x2070, 0x208E),  # superscripts and subscripts
    (0x20AC, 0x20AC),  # euro
    (0x2116, 0x2116),  # numero
    (0x2122, 0x2122),  # trade mark
    (0x215B, 0x215E),  # eighths
    (0x2190, 0x2199),  # arrows
    (0x21B5, 0x21B5),  # return key
    (0x21E7, 0x21E7),  # shift key
    (0x2202, 0x2202),
    (0x2206, 0x2206),
    (0x220F, 0x221E),  # sums, minus, root, infinity
    (0x2248, 0x2248),  # almost equal
    (0x2260, 0x2265),  # not equal, at most, at least
    (0x2318, 0x2318),  # command key
    (0x2325, 0x2325),  # option key
    (0x2713, 0x2713),  # check mark
    (0xFFFD, 0xFFFD),  # replacement character
]

# Contextual alternates and ligatures are left out on purpose: they turn "2x3" or "->" into other
# signs, and a report must be shown letter by letter as it was written.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]


def with_quadratic_outlines(font: TTFont) -> None:
    """Replaces CFF outlines by glyf outlines, within a thousandth of the em."""
    glyph_order = font.getGlyphOrder()
    glyph_set = font.getGlyphSet()
    max_error = font["head"].unitsPerEm * 0.001
    outlines = {}
    for name in glyph_order:
        pen = TTGlyphPen(glyph_set)
        glyph_set[name].draw(Cu2QuPen(pen, max_error, reverse_direction=True))
        outlines[name] = pen.glyph()
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = glyph_order
    glyf.glyphs = outlines
    font["loca"] = newTable("loca")
    for name in glyph_order:
        glyph = outlines[name]
        glyph.recalcBounds(glyf)
        advance, _ = font["hmtx"][name]
        font["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for field in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                  "maxStackElements", "maxSizeOfInstructions", "maxComponentElements"):
        setattr(maxp, field, 0)
    maxp.maxZones = 1
    post = font["post"]
    post.formatType = 2.0
    post.extraNames = []
    post.mapping = {}
    del font["CFF "]
    if "VORG" in font:
        del font["VORG"]
    font.sfntVersion = "\x00\x01\x00\x00"


def main() -> None:
    wanted = {code for first, last in RANGES for code in range(first, last + 1)}
    for source in SOURCES:
        font = TTFont(source, recalcTimestamp=False)
        options = Options()
        options.layout_features = FEATURES
        options.hinting = False
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
        options.notdef_outline = True
        options.glyph_names = False
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=wanted)
        subsetter.subset(font)
        if "CFF " in font:
            with_quadratic_outlines(font)
        target = source.rsplit("/", 1)[1].rsplit(".", 1)[0] + ".ttf"
        font.save(target)
        print(target, len(font.getBestCmap()), "characters")


if __name__ == "__main__":
    main()
