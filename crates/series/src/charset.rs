use std::cell::Cell;

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5,
    ISO_8859_6, ISO_8859_7, ISO_8859_8, ISO_8859_15, SHIFT_JIS, UTF_8, WINDOWS_874, WINDOWS_1252,
    WINDOWS_1254,
};

use crate::dataset::Node;
use crate::limits::MAX_TEXT_CHARS;
use crate::tags;

/// Specific Character Set (PS3.3 C.12.1.1.2) with its code extensions by ISO 2022 escapes.
#[derive(Debug)]
pub(crate) struct Charset {
    first: &'static Encoding,
    is_default: bool,
    has_escapes: bool,
    guessed: Cell<bool>,
}

/// What the code elements below and above 0x80 mean at the moment.
#[derive(Clone, Copy)]
struct State {
    low: Low,
    high: &'static Encoding,
}

#[derive(Clone, Copy, PartialEq)]
enum Low {
    Ascii,
    /// JIS X 0208: pairs.
    Kanji,
    /// JIS X 0212: pairs.
    SupplementaryKanji,
    /// GB 2312 or KS X 1001 in G0, which no term defines but some writers use.
    Pairs(&'static Encoding),
}

impl Charset {
    /// From the values of Specific Character Set; none means the default repertoire.
    pub(crate) fn new(terms: &[String]) -> Self {
        let first = terms.first().map_or("", String::as_str);
        let known = encoding_of(first);
        Self {
            first: known.unwrap_or(WINDOWS_1252),
            is_default: matches!(first, "" | "ISO_IR 6" | "ISO 2022 IR 6"),
            has_escapes: 1 < terms.len() || first.starts_with("ISO 2022"),
            guessed: Cell::new(known.is_none()),
        }
    }

    /// As an object states it.
    pub(crate) fn of(root: Node<'_>) -> Self {
        Self::new(&root.ascii_values(tags::SPECIFIC_CHARACTER_SET))
    }

    /// Was any text decoded by a guess: an unknown term, or bytes that the stated set does not have?
    pub(crate) fn guessed(&self) -> bool {
        self.guessed.get()
    }

    /// Decodes a value; control and direction characters are taken out, and its length is capped.
    pub(crate) fn decode(&self, bytes: &[u8]) -> String {
        self.decode_until(bytes, is_text_delimiter)
    }

    /// As [`Self::decode`], of a person's name, whose components and groups begin anew with the initial sets.
    pub(crate) fn decode_name(&self, bytes: &[u8]) -> String {
        self.decode_until(bytes, |byte| {
            is_text_delimiter(byte) || matches!(byte, b'^' | b'=')
        })
    }

    fn decode_until(&self, bytes: &[u8], is_delimiter: fn(u8) -> bool) -> String {
        let text = if bytes.is_ascii() && !bytes.contains(&0x1B) {
            String::from_utf8_lossy(bytes).into_owned()
        } else if self.has_escapes && bytes.contains(&0x1B) {
            self.decode_escaped(bytes, is_delimiter)
        } else {
            self.decode_plain(bytes)
        };
        text.chars()
            .filter(|c| !is_unsafe(*c))
            .take(MAX_TEXT_CHARS)
            .collect()
    }

    fn decode_plain(&self, bytes: &[u8]) -> String {
        if self.is_default
            && let Ok(text) = std::str::from_utf8(bytes)
        {
            // Bytes outside the default repertoire are an error of the writer; UTF-8 is the likeliest meaning.
            self.guessed.set(true);
            return text.to_owned();
        }
        let (text, had_errors) = self.first.decode_without_bom_handling(bytes);
        if had_errors || self.is_default {
            self.guessed.set(true);
        }
        text.into_owned()
    }

    fn decode_escaped(&self, bytes: &[u8], is_delimiter: fn(u8) -> bool) -> String {
        let initial = State {
            low: Low::Ascii,
            high: self.first,
        };
        let mut state = initial;
        let mut text = String::new();
        let mut rest = bytes;
        while let Some(&byte) = rest.first() {
            if byte == 0x1B {
                let (next, used) = self.escape(state, rest);
                (state, rest) = (next, rest.get(used..).unwrap_or_default());
                continue;
            }
            let n = run_len(rest, state, is_delimiter);
            let (run, after) = rest.split_at(n);
            rest = after;
            text.push_str(&self.decode_run(run, state));
            // PS3.5 6.1.2.5.3: a delimiter brings the initial sets back.
            if state.low == Low::Ascii && matches!(run, [byte] if is_delimiter(*byte)) {
                state = initial;
            }
        }
        text
    }

    fn escape(&self, state: State, bytes: &[u8]) -> (State, usize) {
        let high = |high| (State { high, ..state }, 3);
        let low = |low, used| (State { low, ..state }, used);
        match bytes.get(1..).unwrap_or_default() {
            [b'(', b'B', ..] => low(Low::Ascii, 3),
            [b'(', b'J', ..] => low(Low::Ascii, 3),
            [b')', b'I', ..] => high(SHIFT_JIS),
            [b'$', b'B', ..] | [b'$', b'@', ..] => low(Low::Kanji, 3),
            [b'$', b'(', b'D', ..] => low(Low::SupplementaryKanji, 4),
            [b'$', b')', b'C', ..] => (
                State {
                    high: EUC_KR,
                    ..state
                },
                4,
            ),
            [b'$', b')', b'A', ..] => (State { high: GBK, ..state }, 4),
            [b'$', b'(', b'C', ..] => low(Low::Pairs(EUC_KR), 4),
            [b'$', b'A', ..] => low(Low::Pairs(GBK), 3),
            [b'-', b'A', ..] => high(WINDOWS_1252),
            [b'-', b'B', ..] => high(ISO_8859_2),
            [b'-', b'C', ..] => high(ISO_8859_3),
            [b'-', b'D', ..] => high(ISO_8859_4),
            [b'-', b'L', ..] => high(ISO_8859_5),
            [b'-', b'G', ..] => high(ISO_8859_6),
            [b'-', b'F', ..] => high(ISO_8859_7),
            [b'-', b'H', ..] => high(ISO_8859_8),
            [b'-', b'M', ..] => high(WINDOWS_1254),
            [b'-', b'T', ..] => high(WINDOWS_874),
            [b'-', b'b', ..] => high(ISO_8859_15),
            _ => {
                self.guessed.set(true);
                (state, 1)
            }
        }
    }

    fn decode_run(&self, run: &[u8], state: State) -> String {
        let is_high = run.first().is_some_and(|b| 0x80 <= *b);
        let raised = || run.iter().map(|b| b | 0x80);
        let (text, had_errors) = match state.low {
            _ if is_high => state.high.decode_without_bom_handling(run),
            Low::Ascii => return String::from_utf8_lossy(run).into_owned(),
            Low::Kanji => {
                let bytes: Vec<u8> = raised().collect();
                let (text, had_errors) = EUC_JP.decode_without_bom_handling(&bytes);
                (text.into_owned().into(), had_errors)
            }
            Low::SupplementaryKanji => {
                let bytes: Vec<u8> = run
                    .chunks(2)
                    .flat_map(|pair| std::iter::once(0x8F).chain(pair.iter().map(|b| b | 0x80)))
                    .collect();
                let (text, had_errors) = EUC_JP.decode_without_bom_handling(&bytes);
                (text.into_owned().into(), had_errors)
            }
            Low::Pairs(encoding) => {
                let bytes: Vec<u8> = raised().collect();
                let (text, had_errors) = encoding.decode_without_bom_handling(&bytes);
                (text.into_owned().into(), had_errors)
            }
        };
        if had_errors {
            self.guessed.set(true);
        }
        text.into_owned()
    }
}

/// Bytes behind which the initial sets rule again, in text of any kind (PS3.5 6.1.2.5.3).
fn is_text_delimiter(byte: u8) -> bool {
    matches!(byte, b'\\' | b'\r' | b'\n' | b'\t' | 0x0C)
}

/// Bytes up to the next change of meaning: an escape, a switch between low and high, or (in ASCII) a delimiter.
fn run_len(bytes: &[u8], state: State, is_delimiter: fn(u8) -> bool) -> usize {
    let is_delimiter = |b: &u8| state.low == Low::Ascii && is_delimiter(*b);
    let Some(first) = bytes.first() else { return 0 };
    if is_delimiter(first) {
        return 1;
    }
    let is_high = 0x80 <= *first;
    // Shift JIS has low bytes behind high ones only in pairs, which code extensions never use.
    bytes
        .iter()
        .position(|b| *b == 0x1B || (0x80 <= *b) != is_high || is_delimiter(b))
        .unwrap_or(bytes.len())
        .max(1)
}

fn encoding_of(term: &str) -> Option<&'static Encoding> {
    Some(
        match term
            .trim()
            .trim_start_matches("ISO_IR ")
            .trim_start_matches("ISO 2022 IR ")
        {
            "" | "6" | "100" | "ISO-IR 100" => WINDOWS_1252,
            "101" => ISO_8859_2,
            "109" => ISO_8859_3,
            "110" => ISO_8859_4,
            "144" => ISO_8859_5,
            "127" => ISO_8859_6,
            "126" => ISO_8859_7,
            "138" => ISO_8859_8,
            "148" => WINDOWS_1254,
            "203" => ISO_8859_15,
            "166" => WINDOWS_874,
            "13" => SHIFT_JIS,
            "87" | "159" => EUC_JP,
            "149" => EUC_KR,
            "58" | "GBK" => GBK,
            "192" => UTF_8,
            "GB18030" => GB18030,
            "BIG5" => BIG5,
            _ => return None,
        },
    )
}

/// Characters that could disguise a name or drive a terminal: controls, zero-width and direction marks.
fn is_unsafe(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_of_the_standards_examples_are_read() {
        // The byte sequences of PS3.5 H.3, I.2 and J.
        let rows: [(&[&str], &[u8], &str); 6] = [
            (&["ISO_IR 100"], b"Buc^J\xe9r\xf4me", "Buc^Jérôme"),
            (&["ISO_IR 192"], "Wang^XiaoDong=王^小東".as_bytes(), "Wang^XiaoDong=王^小東"),
            (
                &["", "ISO 2022 IR 87"],
                b"Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B",
                "Yamada^Tarou=山田^太郎=やまだ^たろう",
            ),
            (
                &["ISO 2022 IR 13", "ISO 2022 IR 87"],
                b"\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J",
                "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎",
            ),
            (
                &["", "ISO 2022 IR 149"],
                b"Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7",
                "Hong^Gildong=洪^吉洞",
            ),
            (&["GB18030"], b"Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab", "Wang^XiaoDong=王^小东"),
        ];
        for (terms, bytes, want) in rows {
            let terms: Vec<String> = terms.iter().map(|t| (*t).to_owned()).collect();
            let charset = Charset::new(&terms);
            assert_eq!(charset.decode_name(bytes), want, "{terms:?}");
            assert!(!charset.guessed(), "{terms:?}");
        }
    }

    /// No other reader at hand knows this set: its table is that of ISO/IEC 8859-15, which differs from Latin-1 in eight
    /// characters.
    #[test]
    fn latin_9_is_latin_1_but_for_eight_characters() {
        let differ = [
            (0xA4, '€'),
            (0xA6, 'Š'),
            (0xA8, 'š'),
            (0xB4, 'Ž'),
            (0xB8, 'ž'),
            (0xBC, 'Œ'),
            (0xBD, 'œ'),
            (0xBE, 'Ÿ'),
        ];
        let alone = Charset::new(&["ISO_IR 203".to_owned()]);
        let terms = ["ISO 2022 IR 6", "ISO 2022 IR 203"];
        let escaped = Charset::new(&terms.map(str::to_owned));
        for byte in 0xA0..=0xFF_u8 {
            let want = differ.iter().find(|(at, _)| *at == byte);
            let want = want.map_or(char::from(byte), |(_, sign)| *sign).to_string();
            assert_eq!(alone.decode(&[b'x', byte]), format!("x{want}"), "{byte:X}");
            // Its escape sequence in PS3.3 Table C.12-3.
            let bytes = [b'x', 0x1B, 0x2D, 0x62, byte];
            assert_eq!(escaped.decode(&bytes), format!("x{want}"), "{byte:X}");
        }
        assert!(!alone.guessed() && !escaped.guessed());
    }

    #[test]
    fn a_guess_is_owned_up_to_and_disguises_are_taken_out() {
        let latin = Charset::new(&[]);
        assert_eq!(latin.decode(b"J\xe9r\xf4me"), "Jérôme");
        assert!(latin.guessed());
        let unknown = Charset::new(&["ISO_IR 999".to_owned()]);
        assert!(unknown.guessed());
        let disguised = Charset::new(&["ISO_IR 192".to_owned()]);
        assert_eq!(
            disguised.decode("Doe\u{202E}^J\u{200B}ohn\u{1b}[31m".as_bytes()),
            "Doe^John[31m"
        );
    }

    #[test]
    fn text_decodes_as_an_independent_decoder_decodes_it() {
        // Lines of terms, bytes in hexadecimal and text, as tests/peers/charset.py writes them.
        let Some(path) = std::env::var_os("OVERREAD_CHARSET_ROWS") else {
            println!("1 data test skipped: no rows (set OVERREAD_CHARSET_ROWS)");
            return;
        };
        let rows = std::fs::read_to_string(path).unwrap();
        let mut wrong = Vec::new();
        for row in rows.lines() {
            let fields: Vec<&str> = row.split('\t').collect();
            let [terms, hex, want] = fields[..] else {
                panic!("not three fields: {row}")
            };
            let terms: Vec<String> = terms.split('\\').map(str::to_owned).collect();
            let bytes: Vec<u8> = (0..hex.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
                .collect();
            let charset = Charset::new(&terms);
            let got = charset.decode_name(&bytes);
            if got != want || charset.guessed() {
                wrong.push(format!(
                    "{terms:?} {hex}: {got} for {want}, guessed {}",
                    charset.guessed()
                ));
            }
        }
        println!(
            "{} of {} rows agree",
            rows.lines().count() - wrong.len(),
            rows.lines().count()
        );
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
