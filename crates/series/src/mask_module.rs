use std::sync::Arc;

use volume::{IntensityRelation, MaskOperation, MaskSubtraction};

use crate::charset::Charset;
use crate::dataset::Node;
use crate::model::VolumePlan;
use crate::tags;
use crate::warning::{Severity, Warning};

/// One item of the Mask Subtraction Sequence (PS3.3 C.7.6.10) in the frame numbers of its object, 1-based.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MaskItem {
    operation: ItemOperation,
    ranges: Vec<[u32; 2]>,
    n_averaged: usize,
    shift_rows_columns: [f64; 2],
    relation: IntensityRelation,
    explanation: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum ItemOperation {
    Average(Vec<u32>),
    TimeInterval(i32),
    ReversedInterval(i32),
}

/// Most frames that one mask is averaged from, and most ranges of one item.
const MAX_FRAMES: usize = 1024;

/// The items that say what to subtract; those of operation NONE, and of unknown ones, are left out.
pub(crate) fn mask_items(root: Node<'_>, charset: &Charset) -> Vec<MaskItem> {
    let relation = match root.ascii(tags::PIXEL_INTENSITY_RELATIONSHIP).as_deref() {
        Some("LIN") => IntensityRelation::Linear,
        _ => IntensityRelation::Logarithmic,
    };
    let items = root.items(tags::MASK_SUBTRACTION_SEQUENCE);
    items
        .into_iter()
        .take(MAX_FRAMES)
        .filter_map(|item| mask_item(item, relation, charset))
        .collect()
}

fn mask_item(item: Node<'_>, relation: IntensityRelation, charset: &Charset) -> Option<MaskItem> {
    let numbers = |tag| -> Vec<u32> {
        let values = item.u16s(tag).unwrap_or_default();
        values
            .into_iter()
            .take(2 * MAX_FRAMES)
            .map(u32::from)
            .collect()
    };
    let signed = |tag| item.u16(tag).map(|bits| i32::from(bits as i16));
    let operation = match item.ascii(tags::MASK_OPERATION).as_deref()? {
        "AVG_SUB" => ItemOperation::Average(numbers(tags::MASK_FRAME_NUMBERS)),
        // Without an offset the mask is the frame before (PS3.3 C.7.6.10.1.3).
        "TID" => ItemOperation::TimeInterval(signed(tags::TID_OFFSET).unwrap_or(1)),
        "REV_TID" => ItemOperation::ReversedInterval(signed(tags::TID_OFFSET).unwrap_or(1)),
        _ => return None,
    };
    let shift = item.floats(tags::MASK_SUB_PIXEL_SHIFT).and_then(Result::ok);
    Some(MaskItem {
        operation,
        ranges: numbers(tags::APPLICABLE_FRAME_RANGE)
            .as_chunks::<2>()
            .0
            .to_vec(),
        n_averaged: item
            .u16(tags::CONTRAST_FRAME_AVERAGING)
            .map_or(1, usize::from)
            .max(1),
        shift_rows_columns: shift.and_then(|s| s.try_into().ok()).unwrap_or_default(),
        relation,
        explanation: item.text(tags::MASK_OPERATION_EXPLANATION, charset),
    })
}

impl VolumePlan {
    /// The subtractions that the object recommends, in slices of this plan; empty when there are none.
    ///
    /// Nothing is subtracted by itself: see [`volume::subtracted_slice`] and [`volume::subtraction_volume`].
    pub fn subtractions(&self) -> Vec<MaskSubtraction> {
        let mut sources = self.slices.iter().flatten();
        let Some(first) = sources.next() else {
            return Vec::new();
        };
        // Frame numbers are those of one object, and offsets count its frames.
        let mut expected = first.frame_number;
        let is_next = |s: &crate::SliceSource| {
            expected += 1;
            s.frame_number == expected
                && s.instance.sop_instance_uid == first.instance.sop_instance_uid
        };
        if !sources.all(is_next) {
            return Vec::new();
        }
        let items = &first.instance.facts.mask_items;
        items.iter().map(|item| self.subtraction(item)).collect()
    }

    /// The same slices less their masks, one plan a subtraction that the object recommends; their pictures are made of
    /// the frames when they are asked for.
    pub fn subtracted(&self) -> Vec<Self> {
        let all = self.subtractions().into_iter();
        all.enumerate()
            .map(|(i, subtraction)| {
                let words = subtraction.explanation.clone().unwrap_or_else(|| match i {
                    0 => "mask subtracted".to_owned(),
                    _ => format!("mask subtracted {}", i + 1),
                });
                let parts = [self.label.as_str(), words.as_str()];
                let text = "These pictures are computed: each frame less its mask, as the file recommends. Numbers on them are differences.";
                let computed = Warning::new("mask_subtracted", Severity::Warning, text)
                    .in_series(self.series_instance_uid.clone());
                Self {
                    label: parts
                        .into_iter()
                        .filter(|p| !p.is_empty())
                        .collect::<Vec<_>>()
                        .join(", "),
                    subtraction: Some(Arc::new(subtraction)),
                    warnings: self.warnings.iter().cloned().chain([computed]).collect(),
                    ..self.clone()
                }
            })
            .collect()
    }

    fn subtraction(&self, item: &MaskItem) -> MaskSubtraction {
        let slice_of = |frame_number: u32| {
            let is_it = |s: &Option<crate::SliceSource>| {
                s.as_ref().is_some_and(|s| s.frame_number == frame_number)
            };
            self.slices.iter().position(is_it)
        };
        // A mask frame that is not here stays asked for, beyond the last slice, so that nothing less is averaged.
        let beyond = self.slices.len();
        let place = |frame_number: u32| slice_of(frame_number).unwrap_or(beyond);
        let operation = match &item.operation {
            ItemOperation::Average(frames) => {
                MaskOperation::Average(frames.iter().map(|f| place(*f)).collect())
            }
            ItemOperation::TimeInterval(offset) => MaskOperation::TimeInterval(*offset),
            ItemOperation::ReversedInterval(offset) => MaskOperation::ReversedInterval(*offset),
        };
        let range = |[first, last]: &[u32; 2]| place(*first)..=place(*last);
        MaskSubtraction {
            operation,
            slices: item.ranges.iter().map(range).collect(),
            n_averaged: item.n_averaged,
            shift_rows_columns: item.shift_rows_columns,
            relation: item.relation,
            explanation: item.explanation.clone(),
        }
    }
}
