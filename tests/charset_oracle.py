"""Writes rows of DICOM text as pydicom decodes it, for the test of the character sets.

    pip install pydicom
    python tests/charset_oracle.py rows.tsv
    OVERREAD_CHARSET_ROWS=$PWD/rows.tsv cargo test --release -p overread-series --lib charset -- --nocapture

Each line holds the values of Specific Character Set, the bytes in hexadecimal and the text, between tabs: every
character of the single-byte sets, names in code extensions mixed at random, and the sets without extensions.
"""

import random
import sys
import warnings

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.valuerep import PersonName

# Without ISO_IR 203, which pydicom takes for Latin-1 where the standard names ISO 8859-15.
SINGLE = [f"ISO_IR {n}" for n in (100, 101, 109, 110, 144, 127, 126, 138, 148, 166, 13)]

# Marks of direction, which are taken out of every name.
DIRECTION_MARKS = {"\u200e", "\u200f"}

NAMES = {
    "ISO 2022 IR 13": "ﾔﾏﾀﾞ",
    "ISO 2022 IR 58": "王小东张",
    "ISO 2022 IR 87": "山田太郎やまだタロウ",
    "ISO 2022 IR 100": "äöüÄçñ",
    "ISO 2022 IR 101": "Łódźćž",
    "ISO 2022 IR 109": "ĥĉŭ",
    "ISO 2022 IR 110": "Āžķ",
    "ISO 2022 IR 126": "Διονυσιος",
    "ISO 2022 IR 127": "قباني",
    "ISO 2022 IR 138": "שרון",
    "ISO 2022 IR 144": "Люкceмбypг",
    "ISO 2022 IR 148": "Çavuşoğlu",
    "ISO 2022 IR 149": "김희중洪吉洞",
    "ISO 2022 IR 159": "亜丂侄鷗",
    "ISO 2022 IR 166": "นามสกุล",
}

WHOLE = [
    ("GB18030", "gb18030", "王小东€𠀀"),
    ("GBK", "gbk", "王小东"),
    ("ISO_IR 192", "utf8", "王^小東=Ω😀"),
]


def single_byte_rows():
    for term in SINGLE:
        for byte in range(0xA0, 0x100):
            raw = bytes([ord("A"), byte, ord("B")])
            try:
                text = decode_bytes(raw, convert_encodings([term]), set("\\^=\r\n\t\f"))
            except UnicodeError:
                continue
            if "\ufffd" not in text and "\\x" not in text and not DIRECTION_MARKS & set(text):
                yield [term], raw, text


def extension_rows(n_tries):
    chance = random.Random(3)
    for first in ("", "ISO 2022 IR 100", "ISO 2022 IR 13", "ISO 2022 IR 144"):
        for _ in range(n_tries):
            others = [term for term in NAMES if term != first]
            terms = [first, *chance.sample(others, chance.choice([1, 1, 2, 3]))]

            def part():
                return NAMES[chance.choice(terms[1:])]

            groups = ["^".join([part(), "Ab", part()][: chance.choice([1, 2, 3])]) for _ in range(chance.choice([1, 2, 3]))]
            text = "=".join(groups)
            encodings = convert_encodings(terms)
            try:
                raw = PersonName(text, encodings).encode(encodings)
                # What its own decoder does not read back is no oracle.
                is_read_back = str(PersonName(raw, encodings).decode()) == text
            except (UnicodeError, LookupError):
                continue
            # It leaves out escapes for Latin-1 in the default repertoire, and for ASCII behind JIS X 0212.
            lacks_escape = b"\x1b" not in raw and not first
            stays_double = b"\x1b$(D" in raw and b"\x1b(" not in raw.rsplit(b"\x1b$(D", 1)[1]
            if is_read_back and b"?" not in raw and not lacks_escape and not stays_double:
                yield terms, raw, text


def main():
    warnings.simplefilter("ignore")
    rows = [*single_byte_rows(), *extension_rows(400)]
    rows += [([term], text.encode(codec), text) for term, codec, text in WHOLE]
    with open(sys.argv[1], "w", encoding="utf8") as out:
        for terms, raw, text in rows:
            out.write("\\".join(terms) + f"\t{raw.hex()}\t{text}\n")
    print(f"{len(rows)} rows, {len({tuple(terms) for terms, _, _ in rows})} different sets")


if __name__ == "__main__":
    main()
