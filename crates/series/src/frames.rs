//! The frames of one object: from functional groups, vectors, a mosaic, or the object itself.

use std::sync::Arc;

use crate::charset::Charset;
use crate::dataset::Node;
use crate::frame::{Frame, Levels, Reading};
use crate::frame_offsets::{Offsets, place_frames};
use crate::instance::Problem;
use crate::read_keys::KeyContext;
use crate::tags;
use crate::value_mapping::Signedness;

/// What the frames of an object have in common.
pub(crate) struct FrameContext<'a> {
    pub(crate) root: Node<'a>,
    pub(crate) charset: &'a Charset,
    pub(crate) modality: &'a str,
    pub(crate) image_type: &'a str,
    pub(crate) signedness: Signedness,
    pub(crate) n_frames: u32,
}

/// Reads what is known of every frame; what is odd about them goes to `problems`.
pub(crate) fn frames(context: &FrameContext<'_>, problems: &mut Vec<Problem>) -> Vec<Frame> {
    let root = context.root;
    let shared = root.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    let groups = root.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    let keys = KeyContext::new(root, context.charset, context.modality, context.image_type);
    let n_frames = context.n_frames as usize;
    let mut frames: Vec<Frame> = Vec::with_capacity(n_frames);
    let mut note = |problem| {
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    };
    if !groups.is_empty() && groups.len() < n_frames {
        note(Problem::FrameGroupsMissing);
    }
    for frame_idx in 0..n_frames {
        let own = groups.get(frame_idx).copied();
        let levels = Levels { own, shared, root };
        // Without groups of its own a frame is like the one before it, but at a place that nobody knows.
        if own.is_none()
            && let Some(last) = frames.last()
        {
            let mut same = last.clone();
            if !groups.is_empty() {
                same.position = None;
            }
            let own_keys = levels.keys(&keys, frame_idx);
            if *same.keys != own_keys {
                same.keys = Arc::new(own_keys);
            }
            frames.push(same);
            continue;
        }
        let values = levels.values(context.modality, context.charset, context.signedness);
        let values = match frames.last() {
            Some(last) if *last.values == values => Arc::clone(&last.values),
            _ => Arc::new(values),
        };
        let own_keys = levels.keys(&keys, frame_idx);
        let keys = match frames.last() {
            Some(last) if *last.keys == own_keys => Arc::clone(&last.keys),
            _ => Arc::new(own_keys),
        };
        let (orientation, how_turned) = levels.orientation();
        let (position, placed, how_placed) = levels.position();
        match how_turned {
            Reading::Unreadable => note(Problem::OrientationUnusable),
            Reading::Adjusted => note(Problem::OrientationAdjusted),
            Reading::Fine => {}
        }
        if how_placed == Reading::Unreadable {
            note(Problem::PositionUnusable);
        }
        frames.push(Frame {
            position,
            placed,
            orientation,
            spacing: levels.spacing(context.modality),
            thickness_mm: levels.thickness_mm(),
            between_slices_mm: levels.between_slices_mm(),
            slice_location_mm: levels.slice_location_mm(),
            values,
            keys,
        });
    }
    match place_frames(root, context.modality, context.image_type, &mut frames) {
        Offsets::Fine => {}
        Offsets::Unusable => note(Problem::FrameOffsetsUnusable),
        Offsets::Contradict => note(Problem::FrameOffsetsContradict),
    }
    frames
}
