use encoding_rs::WINDOWS_1252;

use super::Extracted;

/// Groups may nest so deep; what is deeper is left out.
const MAX_DEPTH: usize = 200;

/// Groups whose words are no text of the document.
const SILENT: [&str; 18] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "headerl",
    "headerr",
    "footerl",
    "footerr",
    "listtable",
    "listoverridetable",
    "generator",
    "themedata",
    "datastore",
    "filetbl",
];

#[derive(Clone, Copy)]
struct Group {
    silent: Silent,
    /// Characters that follow a `\u` as its replacement for old readers.
    n_replacement: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Silent {
    Yes,
    No,
}

/// The words of a Rich Text file: paragraphs, tabs and characters; formatting, pictures and objects are left out.
pub(crate) fn extract(bytes: &[u8]) -> Extracted {
    Extracted::new(
        "rtf",
        Reader {
            bytes,
            at: 0,
            text: String::new(),
        }
        .read(),
    )
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    text: String,
}

impl Reader<'_> {
    fn read(mut self) -> String {
        let mut group = Group {
            silent: Silent::No,
            n_replacement: 1,
        };
        let mut outer: Vec<Group> = Vec::new();
        let mut n_too_deep = 0_usize;
        let mut n_skip = 0_usize;
        while let Some(byte) = self.next() {
            match byte {
                b'{' if outer.len() < MAX_DEPTH => outer.push(group),
                b'{' => n_too_deep += 1,
                b'}' if 0 < n_too_deep => n_too_deep -= 1,
                b'}' => group = outer.pop().unwrap_or(group),
                b'\\' => self.control(&mut group, &mut n_skip),
                b'\r' | b'\n' | 0 => {}
                _ if 0 < n_skip => n_skip -= 1,
                _ => self.put_byte(byte, group.silent),
            }
        }
        self.text
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn put_byte(&mut self, byte: u8, silent: Silent) {
        if silent == Silent::No {
            self.text.push_str(&WINDOWS_1252.decode(&[byte]).0);
        }
    }

    fn put(&mut self, c: char, silent: Silent) {
        if silent == Silent::No {
            self.text.push(c);
        }
    }

    fn control(&mut self, group: &mut Group, n_skip: &mut usize) {
        let Some(first) = self.next() else { return };
        match first {
            b'\\' | b'{' | b'}' => self.put(char::from(first), group.silent),
            b'~' => self.put(' ', group.silent),
            b'_' => self.put('-', group.silent),
            b'*' => group.silent = Silent::Yes,
            b'\'' => {
                let digits = self
                    .bytes
                    .get(self.at..self.at + 2)
                    .and_then(|hex| std::str::from_utf8(hex).ok());
                let byte = digits.and_then(|hex| u8::from_str_radix(hex, 16).ok());
                self.at += 2;
                match byte {
                    Some(_) if 0 < *n_skip => *n_skip -= 1,
                    Some(byte) => self.put_byte(byte, group.silent),
                    None => {}
                }
            }
            b'\r' | b'\n' => self.put('\n', group.silent),
            _ if first.is_ascii_alphabetic() => self.word(group, n_skip),
            _ => {}
        }
    }

    fn word(&mut self, group: &mut Group, n_skip: &mut usize) {
        let start = self.at - 1;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) && self.at - start < 40 {
            self.at += 1;
        }
        let name = self
            .bytes
            .get(start..self.at)
            .and_then(|word| std::str::from_utf8(word).ok())
            .unwrap_or_default()
            .to_owned();
        let digits_start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) && self.at - digits_start < 12
        {
            self.at += 1;
        }
        let digits = self
            .bytes
            .get(digits_start..self.at)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .unwrap_or_default();
        let number: Option<i64> = digits.parse().ok();
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        match name.as_str() {
            "par" | "line" | "sect" | "page" | "row" => self.put('\n', group.silent),
            "tab" | "cell" => self.put(' ', group.silent),
            "emdash" | "endash" => self.put('-', group.silent),
            "lquote" | "rquote" => self.put('\'', group.silent),
            "ldblquote" | "rdblquote" => self.put('"', group.silent),
            "bullet" => self.put('•', group.silent),
            "uc" => group.n_replacement = number.unwrap_or(1).clamp(0, 8) as usize,
            "u" => {
                let code = number.map(|code| if code < 0 { code + 65_536 } else { code });
                if let Some(c) = code
                    .and_then(|code| u32::try_from(code).ok())
                    .and_then(char::from_u32)
                {
                    self.put(c, group.silent);
                }
                *n_skip = group.n_replacement;
            }
            "bin" => self.at = self.at.saturating_add(number.unwrap_or(0).max(0) as usize),
            silent if SILENT.contains(&silent) => group.silent = Silent::Yes,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::extract;

    #[test]
    fn words_come_without_formatting() {
        for (rtf, words) in [
            (
                r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}\f0 Lungs are \b clear\b0 .\par No effusion.}",
                "Lungs are clear.\nNo effusion.",
            ),
            (
                r"{\rtf1 Ergu\'df \u228?hnlich \{5 mm\}}",
                "Erguß ähnlich {5 mm}",
            ),
            (r"{\rtf1{\*\generator X;}{\pict 0102}Nodule}", "Nodule"),
            (r"{\rtf1 unclosed \", "unclosed "),
        ] {
            assert_eq!(extract(rtf.as_bytes()).text, words, "{rtf}");
        }
    }

    #[test]
    fn hostile_nesting_ends() {
        let deep = "{".repeat(100_000) + "x" + &"}".repeat(100_000);
        assert_eq!(extract(deep.as_bytes()).text, "x");
        assert_eq!(extract(b"{\\rtf1 \\bin99999999999 x").text, "");
    }
}
