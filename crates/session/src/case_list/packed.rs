//! A case of the list in one piece of bytes: a store of 100,000 cases is listed without making a text for each word.
//!
//! Form (1 byte), stage, outcome, significance (1 byte each, 0 for none), marks (2 bytes), priority, 0, then where each
//! text ends (4 bytes each, from the start of the texts), then the texts. Numbers are little-endian.

/// Raised with each change of what is kept; rows of another form are made anew.
pub(crate) const FORM: u8 = 3;

/// Places of the texts.
pub(crate) mod field {
    pub(crate) const ID: usize = 0;
    pub(crate) const STUDY: usize = 1;
    pub(crate) const PATIENT_NAME: usize = 2;
    pub(crate) const AGE_SEX: usize = 3;
    pub(crate) const PATIENT_ID: usize = 4;
    pub(crate) const STUDY_DATE: usize = 5;
    pub(crate) const MODALITY: usize = 6;
    pub(crate) const DESCRIPTION: usize = 7;
    pub(crate) const ACCESSION: usize = 8;
    /// First reader as the report says.
    pub(crate) const FIRST_AUTHOR: usize = 9;
    /// Who made the first read and sees nothing of the second; empty for nobody.
    pub(crate) const BARRED: usize = 10;
    pub(crate) const READER: usize = 11;
    pub(crate) const ASSIGNED: usize = 12;
    pub(crate) const DUE: usize = 13;
    pub(crate) const PROTOCOL: usize = 14;
    /// Digests of the versions of the first report.
    pub(crate) const REPORTS: usize = 15;
    /// Priors that are closed at this stage of the read.
    pub(crate) const CLOSED_PRIORS: usize = 16;
    pub(crate) const THIRD_READER: usize = 17;
    /// Who knows the two reads while the third is open.
    pub(crate) const KNOWS: usize = 18;
    /// What a search looks through, in lower case. Nothing stands in it that is closed to anybody who sees cases.
    pub(crate) const FOUND: usize = 19;
    pub(crate) const N: usize = 20;
}

/// What is true of a case.
pub(crate) mod mark {
    pub(crate) const BLINDED: u16 = 1;
    pub(crate) const EARLY: u16 = 1 << 1;
    pub(crate) const HAS_READER: u16 = 1 << 2;
    pub(crate) const THIRD_OPEN: u16 = 1 << 3;
    pub(crate) const THIRD_TAKEN: u16 = 1 << 4;
    pub(crate) const THIRD_DUE: u16 = 1 << 5;
    pub(crate) const LIMITED_INTAKE: u16 = 1 << 6;
    pub(crate) const LIMITED_READ: u16 = 1 << 7;
    pub(crate) const CRITICAL: u16 = 1 << 8;
    pub(crate) const CONFERENCE: u16 = 1 << 9;
    pub(crate) const TEACHING: u16 = 1 << 10;
}

const HEAD: usize = 8;
const TEXTS: usize = HEAD + 4 * field::N;

/// Makes a packed row.
pub(crate) struct Packer {
    pub(crate) stage: u8,
    /// 0 for none, else 1 and more.
    pub(crate) outcome: u8,
    /// 0 for none, else 1 and more.
    pub(crate) significance: u8,
    pub(crate) marks: u16,
    pub(crate) priority: u8,
    pub(crate) texts: [String; field::N],
}

impl Packer {
    pub(crate) fn pack(&self) -> Vec<u8> {
        let n_text_bytes: usize = self.texts.iter().map(String::len).sum();
        let mut bytes = Vec::with_capacity(TEXTS + n_text_bytes);
        bytes.extend([FORM, self.stage, self.outcome, self.significance]);
        bytes.extend(self.marks.to_le_bytes());
        bytes.extend([self.priority, 0]);
        let mut end = 0_u32;
        for text in &self.texts {
            end = end.saturating_add(u32::try_from(text.len()).unwrap_or(u32::MAX));
            bytes.extend(end.to_le_bytes());
        }
        self.texts
            .iter()
            .for_each(|text| bytes.extend(text.as_bytes()));
        bytes
    }
}

/// A packed row, read in place. What is damaged reads as empty; a row proves nothing.
#[derive(Clone, Copy)]
pub(crate) struct Packed<'a>(&'a [u8]);

impl<'a> Packed<'a> {
    /// Bytes of this form whose lengths add up; `None` for all else.
    pub(crate) fn of(bytes: &'a [u8]) -> Option<Self> {
        let row = Self(bytes);
        let whole = row.end(field::N - 1)?.checked_add(TEXTS)? == bytes.len();
        (*bytes.first()? == FORM && whole).then_some(row)
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        self.0
    }

    fn byte(self, at: usize) -> u8 {
        self.0.get(at).copied().unwrap_or(0)
    }

    pub(crate) fn stage(self) -> u8 {
        self.byte(1)
    }

    pub(crate) fn outcome(self) -> u8 {
        self.byte(2)
    }

    pub(crate) fn significance(self) -> u8 {
        self.byte(3)
    }

    pub(crate) fn has(self, mark: u16) -> bool {
        u16::from_le_bytes([self.byte(4), self.byte(5)]) & mark != 0
    }

    pub(crate) fn priority(self) -> u8 {
        self.byte(6)
    }

    fn end(self, idx: usize) -> Option<usize> {
        let at = HEAD + 4 * idx;
        let four = self.0.get(at..at + 4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(four)).ok()
    }

    /// A text by its place in [`field`].
    pub(crate) fn text(self, idx: usize) -> &'a str {
        std::str::from_utf8(self.raw(idx)).unwrap_or_default()
    }

    /// The bytes of a text, for what is compared and not shown.
    pub(crate) fn raw(self, idx: usize) -> &'a [u8] {
        let start = match idx.checked_sub(1) {
            Some(before) => self.end(before),
            None => Some(0),
        };
        let bytes = start
            .zip(self.end(idx))
            .and_then(|(start, end)| self.0.get(TEXTS + start..TEXTS + end));
        bytes.unwrap_or_default()
    }

    /// The items of a text that [`list_of`] made; what does not read ends them.
    pub(crate) fn items(self, idx: usize) -> impl Iterator<Item = &'a str> {
        let mut rest = self.text(idx);
        std::iter::from_fn(move || {
            let (n, behind) = rest.split_once(':')?;
            let n: usize = n.parse().ok()?;
            let item = behind.get(..n)?;
            rest = behind.get(n..)?;
            Some(item)
        })
    }
}

/// Several texts as one: each with its length before it, so that no letter in one of them parts it.
pub(crate) fn list_of<'t>(items: impl Iterator<Item = &'t str>) -> String {
    items.map(|item| format!("{}:{item}", item.len())).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sample() -> Packer {
        let mut texts: [String; field::N] = std::array::from_fn(|idx| format!("ä{idx}"));
        texts[field::KNOWS] = list_of(["Iyer", "", "3:x", "Zoë\n"].into_iter());
        Packer {
            stage: 4,
            outcome: 2,
            significance: 3,
            marks: mark::CRITICAL | mark::BLINDED,
            priority: 2,
            texts,
        }
    }

    #[test]
    fn what_is_packed_reads_back() {
        let bytes = sample().pack();
        let row = Packed::of(&bytes).unwrap();
        assert_eq!((row.stage(), row.outcome(), row.significance()), (4, 2, 3));
        assert!(row.has(mark::CRITICAL) && row.has(mark::BLINDED) && !row.has(mark::TEACHING));
        assert_eq!(row.priority(), 2);
        assert_eq!(row.text(field::ID), "ä0");
        assert_eq!(row.text(field::FOUND), "ä19");
        let knows: Vec<&str> = row.items(field::KNOWS).collect();
        assert_eq!(knows, ["Iyer", "", "3:x", "Zoë\n"]);
        assert_eq!(row.items(field::READER).count(), 0);
    }

    #[test]
    fn no_damage_panics_and_what_is_cut_is_no_row() {
        let bytes = sample().pack();
        for n in 0..bytes.len() {
            assert!(Packed::of(&bytes[..n]).is_none(), "{n}");
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << bit;
                let Some(row) = Packed::of(&bytes) else {
                    continue;
                };
                for idx in 0..field::N {
                    row.text(idx);
                    assert!(row.items(idx).count() <= bytes.len());
                }
            }
        }
    }
}
