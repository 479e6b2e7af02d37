use std::sync::Arc;

use crate::dataset::{Dataset, Node};
use crate::difference::Difference;
use crate::frame::FrameValues;
use crate::frames::LiePart;
use crate::instance::{Picture, Problem};
use crate::root_set::RootSet;
use crate::shared_facts::{SharedFacts, SharedPart};
use crate::split_key::SplitKeys;
use crate::value_mapping::Signedness;

/// What was made of the header before, for as long as what it was made of stays the same.
///
/// Headers of a series say the same but for a handful of elements. Each part remembers which outermost elements it was
/// made of, by having been watched, so that no list of attributes has to be kept in step with the code that reads them.
#[derive(Debug, Default)]
pub(crate) struct HeaderParts {
    pub(crate) common: Option<Part<SharedPart>>,
    pub(crate) picture: Option<Part<Picture>>,
    pub(crate) lie: Option<Part<LiePart>>,
    pub(crate) values: Option<Part<Odd<Arc<FrameValues>>>>,
    pub(crate) keys: Option<Part<Odd<Arc<SplitKeys>>>>,
}

/// Something read, and what was odd about it.
#[derive(Clone, Debug)]
pub(crate) struct Odd<T> {
    pub(crate) value: T,
    pub(crate) problems: Vec<Problem>,
}

/// What a part is given besides the header itself.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// Made of the header before: of it a part may look at modality and Image Type.
    pub(crate) common: Option<Arc<SharedFacts>>,
    pub(crate) signedness: Option<Signedness>,
}

impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        let is_same = |a: &Arc<SharedFacts>, b: &Arc<SharedFacts>| {
            Arc::ptr_eq(a, b)
                || a.about.modality == b.about.modality && a.image_type == b.image_type
        };
        self.signedness == other.signedness
            && match (&self.common, &other.common) {
                (Some(a), Some(b)) => is_same(a, b),
                (None, None) => true,
                _ => false,
            }
    }
}

/// Something made of a header.
#[derive(Debug)]
pub(crate) struct Part<T> {
    made_of: RootSet,
    given: Given,
    value: T,
}

impl<T> Part<T> {
    /// What is there, or else what `make` makes of the header and of what it is given.
    pub(crate) fn get_or_make<'p>(
        part: &'p mut Option<Self>,
        root: Node<'_>,
        given: &Given,
        make: impl FnOnce(&Given) -> T,
    ) -> &'p T {
        if part.as_ref().is_some_and(|p| p.given != *given) {
            *part = None;
        }
        let part = part.get_or_insert_with(|| {
            let (value, made_of) = root.watch(|| make(given));
            Self {
                made_of,
                given: given.clone(),
                value,
            }
        });
        &part.value
    }
}

impl Given {
    pub(crate) fn modality(&self) -> &str {
        self.common.as_ref().map_or("", |c| &c.about.modality)
    }

    pub(crate) fn image_type(&self) -> &str {
        self.common.as_ref().map_or("", |c| &c.image_type)
    }

    pub(crate) fn signedness(&self) -> Signedness {
        self.signedness.unwrap_or(Signedness::Unsigned)
    }
}

fn forget_stale<T>(part: &mut Option<Part<T>>, changed: &RootSet) {
    if part.as_ref().is_some_and(|p| p.made_of.meets(changed)) {
        *part = None;
    }
}

fn stays<T>(part: &Option<Part<T>>, changed: &RootSet) -> bool {
    part.as_ref().is_some_and(|p| !p.made_of.meets(changed))
}

impl HeaderParts {
    /// Goes on to a header that differs so from the one before: what was made of what differs is forgotten. Gives the
    /// outermost elements that differ.
    pub(crate) fn go_on(&mut self, difference: &Difference, next: &Dataset) -> RootSet {
        if let Difference::Shape = difference {
            *self = Self::default();
            return RootSet::EVERYTHING;
        }
        let changed = difference.outermost(next);
        forget_stale(&mut self.common, &changed);
        forget_stale(&mut self.picture, &changed);
        forget_stale(&mut self.lie, &changed);
        forget_stale(&mut self.values, &changed);
        forget_stale(&mut self.keys, &changed);
        changed
    }

    /// Would all parts of a single frame stay as they are in a header that differs from theirs in these elements?
    pub(crate) fn stay_with(&self, changed: &RootSet) -> bool {
        stays(&self.common, changed)
            && stays(&self.picture, changed)
            && stays(&self.lie, changed)
            && stays(&self.values, changed)
            && stays(&self.keys, changed)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::folder_walk::walk_folder;
    use crate::instance::Instance;
    use crate::listing::Ask;
    use crate::prescan::{Parsed, parse};
    use crate::source::{Content, Source};

    type Elements = Vec<(u32, [u8; 2], Vec<u8>)>;

    fn text(tag: u32, vr: &[u8; 2], value: &str) -> (u32, [u8; 2], Vec<u8>) {
        let mut bytes = value.as_bytes().to_vec();
        bytes.resize(bytes.len().next_multiple_of(2), b' ');
        (tag, *vr, bytes)
    }

    fn number(tag: u32, value: u16) -> (u32, [u8; 2], Vec<u8>) {
        (tag, *b"US", value.to_le_bytes().to_vec())
    }

    fn file(elements: &Elements) -> Vec<u8> {
        let mut sorted = elements.clone();
        sorted.sort_by_key(|e| e.0);
        let mut bytes = Vec::new();
        for (tag, vr, value) in sorted {
            bytes.extend(((tag >> 16) as u16).to_le_bytes());
            bytes.extend((tag as u16).to_le_bytes());
            bytes.extend(vr);
            match &vr {
                b"OW" | b"SQ" => {
                    bytes.extend([0, 0]);
                    bytes.extend((value.len() as u32).to_le_bytes());
                }
                _ => bytes.extend((value.len() as u16).to_le_bytes()),
            }
            bytes.extend(value);
        }
        bytes
    }

    fn image(modality: &str) -> Elements {
        vec![
            text(0x0008_0005, b"CS", "ISO_IR 100"),
            text(0x0008_0008, b"CS", "ORIGINAL\\PRIMARY\\AXIAL"),
            text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.2"),
            text(0x0008_0018, b"UI", "1.2.3.1"),
            text(0x0008_0020, b"DA", "20260102"),
            text(0x0008_0032, b"TM", "101112"),
            text(0x0008_0060, b"CS", modality),
            text(0x0008_103E, b"LO", "Series"),
            text(0x0010_0010, b"PN", "Phantom^One"),
            text(0x0010_0020, b"LO", "P1"),
            text(0x0018_0050, b"DS", "1.5"),
            text(0x0020_000D, b"UI", "1.2.3"),
            text(0x0020_000E, b"UI", "1.2.3.4"),
            text(0x0020_0013, b"IS", "1"),
            text(0x0020_0032, b"DS", "-10\\-20\\3.5"),
            text(0x0020_0037, b"DS", "1\\0\\0\\0\\1\\0"),
            number(0x0028_0002, 1),
            text(0x0028_0004, b"CS", "MONOCHROME2"),
            number(0x0028_0010, 4),
            number(0x0028_0011, 4),
            text(0x0028_0030, b"DS", "0.5\\0.25"),
            number(0x0028_0100, 16),
            number(0x0028_0101, 16),
            number(0x0028_0102, 15),
            number(0x0028_0103, 0),
            text(0x0028_1052, b"DS", "-1000"),
            text(0x0028_1053, b"DS", "1"),
            (0x7FE0_0010, *b"OW", vec![0; 32]),
        ]
    }

    /// Other values of elements that are there, and elements that are not.
    fn changes() -> Elements {
        vec![
            text(0x0008_0005, b"CS", "ISO_IR 192"),
            text(0x0008_0008, b"CS", "DERIVED\\SECONDARY\\LOCALIZER"),
            text(0x0008_0016, b"UI", "1.2.840.10008.5.1.4.1.1.4"),
            text(0x0008_0018, b"UI", "1.2.3.22222"),
            text(0x0008_0018, b"UI", "no uid"),
            text(0x0008_0020, b"DA", "2026.01.02"),
            text(0x0008_0023, b"DA", "20251231"),
            text(0x0008_0032, b"TM", "101113.5"),
            text(0x0008_0050, b"SH", "A1"),
            text(0x0008_1030, b"LO", "Study"),
            (0x0008_103E, *b"LO", vec![b'S', 0xE9, b'r', 0xE9]),
            text(0x0010_0010, b"PN", "Phantom^Two"),
            (0x0010_0010, *b"PN", vec![0x1B, 0x24, 0x29, 0xFF]),
            text(0x0010_0030, b"DA", "19500101"),
            text(0x0010_1010, b"AS", "061Y"),
            text(0x0018_0015, b"CS", "CHEST"),
            text(0x0018_0050, b"DS", "thick"),
            text(0x0018_0060, b"DS", "120"),
            text(0x0018_0081, b"DS", "92"),
            text(0x0018_1120, b"DS", "-12.5"),
            text(0x0018_1210, b"SH", "B70f"),
            text(0x0018_1510, b"DS", "30"),
            text(0x0018_5101, b"CS", "MLO"),
            text(0x0020_000D, b"UI", "1.2.33"),
            text(0x0020_000E, b"UI", "1.2.3.44"),
            text(0x0020_0012, b"IS", "7"),
            text(0x0020_0013, b"IS", "1000"),
            text(0x0020_0013, b"IS", "one"),
            text(0x0020_0020, b"CS", "L\\P"),
            text(0x0020_0032, b"DS", "-10\\-20\\103.25"),
            text(0x0020_0032, b"DS", "nowhere"),
            text(0x0020_0037, b"DS", "1\\0\\0\\0\\0\\-1"),
            text(0x0020_0037, b"DS", "1\\0.005\\0\\0\\1\\0"),
            text(0x0020_0052, b"UI", "1.2.3.4.5"),
            text(0x0020_0060, b"CS", "R"),
            text(0x0020_1002, b"IS", "40"),
            text(0x0020_1041, b"DS", "3.5"),
            number(0x0028_0002, 3),
            text(0x0028_0004, b"CS", "MONOCHROME1"),
            text(0x0028_0004, b"CS", "PALETTE COLOR"),
            text(0x0028_0008, b"IS", "2"),
            number(0x0028_0010, 2),
            text(0x0028_0030, b"DS", "0.5\\0.5"),
            number(0x0028_0101, 12),
            number(0x0028_0103, 1),
            number(0x0028_0120, 63_536),
            text(0x0028_0301, b"CS", "YES"),
            text(0x0028_1050, b"DS", "40"),
            text(0x0028_1051, b"DS", "400"),
            text(0x0028_1052, b"DS", "-1024"),
            text(0x0028_1053, b"DS", "steep"),
            text(0x0028_1054, b"LO", "HU"),
            text(0x0028_2110, b"CS", "01"),
            number(0x6000_0010, 4),
            text(0x0029_0010, b"LO", "A MAKER"),
            text(0x0043_0010, b"LO", "GEMS_PARM_01"),
            text(0x0054_1001, b"CS", "BQML"),
            (0x7FE0_0010, *b"OW", vec![0; 48]),
        ]
    }

    fn with(mut elements: Elements, change: &(u32, [u8; 2], Vec<u8>)) -> Elements {
        elements.retain(|e| e.0 != change.0);
        elements.push(change.clone());
        elements
    }

    /// What is made of headers one after the other and of each by itself; how many could be read at all.
    fn assert_same(headers: impl Iterator<Item = (Source, Content)>) -> usize {
        let mut parts = HeaderParts::default();
        let mut last: Option<Parsed> = None;
        let mut n_read = 0;
        for (source, content) in headers {
            let Ok(parsed) = parse(&content) else {
                continue;
            };
            let difference = match &last {
                Some(last) => Difference::between(last, &parsed),
                None => Difference::Shape,
            };
            parts.go_on(&difference, &parsed.dataset);
            let len = content.len();
            let shared = Instance::new(source.clone(), &parsed, len, &mut parts);
            let fresh = Instance::new(source, &parsed, len, &mut HeaderParts::default());
            n_read += usize::from(fresh.is_ok());
            assert_eq!(format!("{shared:?}"), format!("{fresh:?}"));
            last = Some(parsed);
        }
        n_read
    }

    #[test]
    fn a_header_says_the_same_after_another_as_by_itself() {
        for modality in ["CT", "MR", "PT", "DX", "NM"] {
            let base = image(modality);
            let mut sequence = vec![base.clone()];
            for change in &changes() {
                // The change comes, stays while something else changes, and goes again.
                let changed = with(base.clone(), change);
                sequence.push(changed.clone());
                sequence.push(with(changed, &text(0x0020_0013, b"IS", "2")));
                sequence.push(base.clone());
            }
            for element in &base {
                let without = base.iter().filter(|e| e.0 != element.0).cloned().collect();
                sequence.extend([without, base.clone()]);
            }
            let n_headers = sequence.len();
            let headers = sequence.iter().map(|elements| {
                let source = Source::file(std::path::Path::new("a"));
                (source, Content::Memory(file(elements)))
            });
            assert!(n_headers / 2 < assert_same(headers), "{modality}");
        }
    }

    #[test]
    fn real_headers_say_the_same_after_another_as_by_themselves() {
        let default =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/dev");
        let folder = std::env::var_os("OVERREAD_TEST_DATA").map_or(default, Into::into);
        let walked = walk_folder(&folder, Ask::Names, &|| false);
        if walked.files.is_empty() {
            println!("1 data test skipped: no files of images are at hand");
            return;
        }
        let headers = walked.files.into_iter().filter_map(|source| {
            let content = Content::open(source.path()).ok()?;
            Some((source, content))
        });
        println!("{} real headers", assert_same(headers));
    }

    #[test]
    fn what_does_not_differ_is_shared() {
        let mut parts = HeaderParts::default();
        let mut last: Option<Parsed> = None;
        let mut instances = Vec::new();
        for change in [
            text(0x0020_0013, b"IS", "1"),
            text(0x0020_0013, b"IS", "2"),
            text(0x0028_1052, b"DS", "-24"),
        ] {
            let content = Content::Memory(file(&with(image("CT"), &change)));
            let parsed = parse(&content).unwrap();
            let difference = last
                .as_ref()
                .map_or(Difference::Shape, |last| Difference::between(last, &parsed));
            parts.go_on(&difference, &parsed.dataset);
            let source = Source::file(std::path::Path::new("a"));
            instances.push(Instance::new(source, &parsed, content.len(), &mut parts).unwrap());
            last = Some(parsed);
        }
        let values = |i: usize| &instances[i].frames[0].values;
        assert!(Arc::ptr_eq(&instances[0].facts, &instances[2].facts));
        assert!(Arc::ptr_eq(values(0), values(1)) && !Arc::ptr_eq(values(0), values(2)));
        assert_eq!(
            instances
                .iter()
                .map(|i| i.instance_number)
                .collect::<Vec<_>>(),
            [Some(1), Some(2), Some(1)]
        );
    }
}
