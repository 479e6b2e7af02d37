use std::path::Path;
use std::sync::Arc;

use crate::header_parts::HeaderParts;
use crate::headers::{Outcome, refused};
use crate::index_block::{Known, Record};
use crate::instance::Instance;
use crate::refusal::Refusal;
use crate::root_set::RootSet;
use crate::source::Source;

/// Makes objects again of what the index kept of them, one after the other as they were kept.
#[derive(Default)]
pub(crate) struct Remaker {
    parts: HeaderParts,
    /// The last object with a header; those without are like it.
    pattern: Option<Arc<Instance>>,
    /// The elements that differ from the pattern's, and whether it serves for objects that differ in them.
    last: Option<(RootSet, bool)>,
}

impl Remaker {
    /// What a file is; `None` where it has to be read after all. Without a source it is only needed for those behind it:
    /// the file is gone or another one.
    pub(crate) fn outcome(
        &mut self,
        source: Option<&Source>,
        record: &Record<'_>,
    ) -> Option<Outcome> {
        match record.known {
            Known::NotDicom => source.map(|source| refused(source, &Refusal::NotDicom)),
            Known::Header(header) => {
                self.parts.go_on(&record.difference, &header.dataset);
                let place = source.cloned();
                let place = place.unwrap_or_else(|| Source::file(Path::new("")));
                let made = Instance::new(place, header, record.stamp.len, &mut self.parts);
                self.last = None;
                self.pattern = made.ok().map(|mut instance| {
                    instance.stamp = Some(record.stamp);
                    Arc::new(instance)
                });
                source.and(self.pattern.clone()).map(Outcome::Object)
            }
            Known::Like(own) => {
                let pattern = self.pattern.as_ref()?;
                let serves = match &self.last {
                    Some((changed, serves)) if changed == own.changed() => *serves,
                    _ => {
                        // Whatever is read of a header, now or by later code, has been watched.
                        let serves = self.parts.stay_with(own.changed());
                        self.last = Some((*own.changed(), serves));
                        serves
                    }
                };
                let source = source.filter(|_| serves)?.clone();
                let instance = own.object(pattern, source, record.stamp)?;
                Some(Outcome::Object(Arc::new(instance)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::difference::Difference;
    use crate::index_block::{BlockReader, BlockWriter, Entry};
    use crate::own_values::OwnValues;
    use crate::prescan::{Parsed, parse};
    use crate::source::Content;
    use crate::stamp::Stamp;

    const STAMP: Stamp = Stamp {
        len: 1000,
        modified_ns: 1,
        changed_ns: 2,
        identity: (3, 4),
    };

    /// The outermost elements of the slices below, in their order.
    const TAGS: [(u32, &[u8; 2]); 16] = [
        (0x0008_0016, b"UI"),
        (0x0008_0018, b"UI"),
        (0x0008_0060, b"CS"),
        (0x0020_000D, b"UI"),
        (0x0020_000E, b"UI"),
        (0x0020_0013, b"IS"),
        (0x0020_0032, b"DS"),
        (0x0028_0002, b"US"),
        (0x0028_0004, b"CS"),
        (0x0028_0010, b"US"),
        (0x0028_0011, b"US"),
        (0x0028_0100, b"US"),
        (0x0028_0101, b"US"),
        (0x0028_0102, b"US"),
        (0x0028_0103, b"US"),
        (0x0040_0254, b"LO"),
    ];

    fn slice(number: u32) -> Parsed {
        let text = |text: String| {
            let mut bytes = text.into_bytes();
            bytes.resize(bytes.len().next_multiple_of(2), b' ');
            bytes
        };
        let mut file = Vec::new();
        for (tag, vr) in TAGS {
            let value = match tag {
                0x0008_0016 => text("1.2.840.10008.5.1.4.1.1.2".into()),
                0x0008_0018 => text(format!("1.2.3.{number}")),
                0x0008_0060 => text("CT".into()),
                0x0020_0013 => text(number.to_string()),
                0x0020_0032 => text(format!("-10\\-20\\{number}.5")),
                0x0028_0004 => text("MONOCHROME2".into()),
                0x0028_0100 | 0x0028_0101 => vec![8, 0],
                0x0028_0102 => vec![7, 0],
                0x0028_0103 => vec![0, 0],
                0x0028_0000..=0x0028_FFFF => vec![1, 0],
                // Nothing of what is kept looks at this one.
                0x0040_0254 => text(format!("step {number}")),
                _ => text("1.2".into()),
            };
            file.extend(((tag >> 16) as u16).to_le_bytes());
            file.extend((tag as u16).to_le_bytes());
            file.extend(vr);
            file.extend((value.len() as u16).to_le_bytes());
            file.extend(value);
        }
        file.extend(b"\xE0\x7F\x10\x00OB\0\0\x02\0\0\0\x01\0");
        parse(&Content::Memory(file)).unwrap()
    }

    fn instance(parsed: &Parsed, parts: &mut HeaderParts) -> Arc<Instance> {
        let source = Source::file(Path::new("a"));
        let mut instance = Instance::new(source, parsed, STAMP.len, parts).unwrap();
        instance.stamp = Some(STAMP);
        Arc::new(instance)
    }

    /// What a second slice becomes whose pattern and own values are kept, where these elements are said to differ.
    fn remade(changed: &[usize], pattern_is_there: bool) -> (Option<Outcome>, Arc<Instance>) {
        let (first, second) = (slice(1), slice(2));
        let mut parts = HeaderParts::default();
        let pattern = instance(&first, &mut parts);
        parts.go_on(&Difference::between(&first, &second), &second.dataset);
        let want = instance(&second, &mut parts);
        let mut set = RootSet::default();
        changed.iter().for_each(|place| set.insert(*place));
        let own = OwnValues::of(&want, &pattern, set).unwrap();
        let mut writer = BlockWriter::default();
        writer.push(b"1", STAMP, Entry::Header(&first, &Difference::Shape));
        writer.push(b"2", STAMP, Entry::Like(&own));
        let mut reader = BlockReader::new(&writer.bytes);
        let mut remaker = Remaker::default();
        let source = Source::file(Path::new("a"));
        let there = pattern_is_there.then_some(&source);
        let record = reader.next().unwrap().unwrap();
        assert_eq!(remaker.outcome(there, &record).is_some(), pattern_is_there);
        let record = reader.next().unwrap().unwrap();
        (remaker.outcome(Some(&source), &record), want)
    }

    #[test]
    fn a_slice_is_made_again_of_its_own_values_also_when_its_pattern_is_gone() {
        for pattern_is_there in [true, false] {
            let (made, want) = remade(&[1, 5, 6, 15], pattern_is_there);
            let Some(Outcome::Object(made)) = made else {
                panic!("it is not made");
            };
            assert_eq!(format!("{made:?}"), format!("{want:?}"));
        }
    }

    #[test]
    fn a_slice_is_read_again_where_it_differed_in_what_its_pattern_was_made_of() {
        for (place, (tag, _)) in TAGS.into_iter().enumerate() {
            let is_own = matches!(tag, 0x0008_0018 | 0x0020_0013 | 0x0020_0032 | 0x0040_0254);
            let (made, _) = remade(&[1, 5, 6, place], true);
            assert_eq!(made.is_some(), is_own, "{tag:08X}");
        }
        assert!(remade(&[1, 512], true).0.is_none());
    }

    #[test]
    fn what_differs_in_more_than_its_own_values_has_no_pattern() {
        let mut parts = HeaderParts::default();
        let pattern = instance(&slice(1), &mut parts);
        let mut other = slice(2);
        let of = |instance: &Instance| OwnValues::of(instance, &pattern, RootSet::default());
        assert!(of(&instance(&other, &mut parts)).is_some());
        // The same words, read anew.
        assert!(of(&instance(&other, &mut HeaderParts::default())).is_none());
        if let Some(pixels) = &mut other.pixels {
            pixels.len = Some(4);
        }
        assert!(of(&instance(&other, &mut parts)).is_none());
    }
}
