use crate::dataset::{Dataset, Element};
use crate::prescan::Parsed;
use crate::root_set::RootSet;

/// What a header says otherwise than the one before it: of the slices of a series, a handful of a hundred elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The elements themselves, how they are written, or what the pixels are.
    Shape,
    /// The values of these elements alone, by their index, ascending.
    Values(Vec<u32>),
}

impl Difference {
    pub(crate) fn between(last: &Parsed, next: &Parsed) -> Self {
        let is_same_kind = last.transfer_syntax_uid == next.transfer_syntax_uid
            && last.media_class_uid == next.media_class_uid
            && last.dataset.big_endian == next.dataset.big_endian
            && is_same_pixels(last, next);
        if !is_same_kind || !is_same_shape(&last.dataset, &next.dataset) {
            return Self::Shape;
        }
        let pairs = last.dataset.elements.iter().zip(&next.dataset.elements);
        let differs = |(a, b): (&Element, &Element)| {
            a.len != b.len || last.dataset.kept_of(a) != next.dataset.kept_of(b)
        };
        let changed = (0_u32..).zip(pairs).filter(|(_, pair)| differs(*pair));
        Self::Values(changed.map(|(idx, _)| idx).collect())
    }

    /// The outermost elements that differ, or in which something does.
    pub(crate) fn outermost(&self, next: &Dataset) -> RootSet {
        let Self::Values(changed) = self else {
            return RootSet::EVERYTHING;
        };
        let mut set = RootSet::default();
        for idx in changed {
            match next.root_place(*idx as usize) {
                Some(place) => set.insert(place),
                None => return RootSet::EVERYTHING,
            }
        }
        set
    }
}

/// Are the pixels written alike, wherever they lie?
fn is_same_pixels(last: &Parsed, next: &Parsed) -> bool {
    match (&last.pixels, &next.pixels) {
        (None, None) => true,
        (Some(a), Some(b)) => (a.tag, a.vr, a.len) == (b.tag, b.vr, b.len),
        _ => false,
    }
}

/// Do both have the same elements in the same order and nesting, whatever their values?
fn is_same_shape(a: &Dataset, b: &Dataset) -> bool {
    let shape = |e: &Element| (e.tag, e.vr, e.next_idx, e.kept_at.is_some());
    a.elements.len() == b.elements.len()
        && a.elements
            .iter()
            .zip(&b.elements)
            .all(|(a, b)| shape(a) == shape(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walk::PixelElement;

    fn parsed(values: &[(u32, &str)], nested: &str) -> Parsed {
        let mut dataset = Dataset::new(false);
        let push = |set: &mut Dataset, tag, value: &str| {
            set.push(tag, *b"LO", u32::try_from(value.len()).ok());
            set.keep(value.as_bytes());
        };
        let sequence = dataset.push(0x0008_1140, *b"SQ", None);
        let item = dataset.push(crate::dataset::ITEM, [0, 0], None);
        push(&mut dataset, 0x0008_1150, nested);
        dataset.close(item);
        dataset.close(sequence);
        for (tag, value) in values {
            push(&mut dataset, *tag, value);
        }
        dataset.order_root();
        Parsed {
            transfer_syntax_uid: "1.2".into(),
            media_class_uid: None,
            dataset,
            pixels: Some(PixelElement {
                tag: crate::tags::PIXEL_DATA,
                vr: *b"OW",
                offset: 900,
                len: Some(8),
            }),
            inflated: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn only_what_is_said_otherwise_differs_and_the_outermost_around_it_is_named() {
        let base = || parsed(&[(0x0010_0010, "One"), (0x0020_0013, "1")], "a");
        let places = |places: &[usize]| {
            let mut set = RootSet::default();
            places.iter().for_each(|place| set.insert(*place));
            set
        };
        let mut elsewhere = base();
        if let Some(pixels) = &mut elsewhere.pixels {
            pixels.offset += 2;
        }
        for (next, want, outermost) in [
            (base(), vec![], places(&[])),
            (elsewhere, vec![], places(&[])),
            (
                parsed(&[(0x0010_0010, "One"), (0x0020_0013, "12")], "a"),
                vec![4],
                places(&[2]),
            ),
            (
                parsed(&[(0x0010_0010, "Two"), (0x0020_0013, "1")], "b"),
                vec![2, 3],
                places(&[0, 1]),
            ),
        ] {
            let difference = Difference::between(&base(), &next);
            assert_eq!(difference, Difference::Values(want));
            assert_eq!(difference.outermost(&next.dataset), outermost);
        }
    }

    #[test]
    fn other_elements_another_syntax_or_other_pixels_are_another_shape() {
        let base = || parsed(&[(0x0010_0010, "One"), (0x0020_0013, "1")], "a");
        let mut compressed = base();
        compressed.transfer_syntax_uid = "1.3".into();
        let mut longer = base();
        if let Some(pixels) = &mut longer.pixels {
            pixels.len = Some(16);
        }
        let without = Parsed {
            pixels: None,
            ..base()
        };
        let mut unkept = base();
        if let Some(element) = unkept.dataset.elements.last_mut() {
            element.kept_at = None;
        }
        for next in [
            compressed,
            longer,
            without,
            unkept,
            parsed(&[(0x0010_0010, "One")], "a"),
            parsed(&[(0x0010_0020, "One"), (0x0020_0013, "1")], "a"),
        ] {
            let difference = Difference::between(&base(), &next);
            assert_eq!(difference, Difference::Shape);
            assert_eq!(difference.outermost(&next.dataset), RootSet::EVERYTHING);
        }
    }

    #[test]
    fn headers_whose_tags_do_not_ascend_are_never_told_apart_by_place() {
        let of = |number| parsed(&[(0x0020_0013, number), (0x0010_0010, "One")], "a");
        let next = of("2");
        let difference = Difference::between(&of("1"), &next);
        assert_eq!(difference, Difference::Values(vec![3]));
        assert_eq!(difference.outermost(&next.dataset), RootSet::EVERYTHING);
    }
}
