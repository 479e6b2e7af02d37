//! The frames of one object: from functional groups, vectors, a mosaic, or the object itself.

use std::sync::Arc;

use crate::charset::Charset;
use crate::dataset::Node;
use crate::frame::{Frame, Frames, Levels, Lie, Reading};
use crate::frame_offsets::{Offsets, place_frames};
use crate::header_parts::{Given, HeaderParts, Odd, Part};
use crate::instance::Problem;
use crate::read_keys::KeyContext;
use crate::tags;

/// What is still known of a single frame when its place, its values and its keys are left out.
#[derive(Debug)]
pub(crate) struct LiePart {
    lie: Arc<Lie>,
    how_turned: Reading,
}

/// Reads what is known of every frame; what is odd about them goes to `problems`.
pub(crate) fn frames(
    root: Node<'_>,
    given: &Given,
    n_frames: u32,
    parts: &mut HeaderParts,
    problems: &mut Vec<Problem>,
) -> Frames {
    let shared = root.item(tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    let groups = root.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    if n_frames == 1 && shared.is_none() && groups.is_empty() {
        return Frames::One(single_frame(root, given, parts, problems));
    }
    let charset = Charset::of(root);
    let context = FrameContext {
        root,
        charset: &charset,
        given,
        n_frames: n_frames as usize,
    };
    let frames = many_frames(&context, shared, &groups, problems);
    problems.extend(charset.guessed().then_some(Problem::CharsetGuessed));
    Frames::Many(frames)
}

/// The frame of an object without functional groups, of which most say what the one before said, at another place.
fn single_frame(
    root: Node<'_>,
    given: &Given,
    parts: &mut HeaderParts,
    problems: &mut Vec<Problem>,
) -> Frame {
    let levels = Levels {
        own: None,
        shared: None,
        root,
    };
    let values = Part::get_or_make(&mut parts.values, root, given, |given| {
        odd_text(root, |charset| {
            levels.values(given.modality(), charset, given.signedness())
        })
    });
    problems.extend(&values.problems);
    let keys = Part::get_or_make(&mut parts.keys, root, given, |given| {
        odd_text(root, |charset| {
            let keys = KeyContext::new(root, charset, given.modality(), given.image_type());
            levels.keys(&keys, 0)
        })
    });
    problems.extend(&keys.problems);
    let lie = Part::get_or_make(&mut parts.lie, root, given, |given| {
        let (lie, how_turned) = levels.lie(given.modality());
        LiePart {
            lie: Arc::new(lie),
            how_turned,
        }
    });
    let (position, space, how_placed) = levels.position();
    problems.extend(problems_of_place(lie.how_turned, how_placed));
    Frame {
        position,
        space,
        lie: Arc::clone(&lie.lie),
        slice_location_mm: levels.slice_location_mm(),
        values: Arc::clone(&values.value),
        keys: Arc::clone(&keys.value),
    }
}

/// Something read from text, and whether its characters had to be guessed.
fn odd_text<T>(root: Node<'_>, read: impl FnOnce(&Charset) -> T) -> Odd<Arc<T>> {
    let charset = Charset::of(root);
    let value = Arc::new(read(&charset));
    let guessed = charset.guessed().then_some(Problem::CharsetGuessed);
    Odd {
        value,
        problems: guessed.into_iter().collect(),
    }
}

fn problems_of_place(how_turned: Reading, how_placed: Reading) -> impl Iterator<Item = Problem> {
    let turned = match how_turned {
        Reading::Unreadable => Some(Problem::OrientationUnusable),
        Reading::Adjusted => Some(Problem::OrientationAdjusted),
        Reading::Fine => None,
    };
    let unplaced = how_placed == Reading::Unreadable;
    turned
        .into_iter()
        .chain(unplaced.then_some(Problem::PositionUnusable))
}

/// What the frames of an object have in common.
struct FrameContext<'a> {
    root: Node<'a>,
    charset: &'a Charset,
    given: &'a Given,
    n_frames: usize,
}

fn many_frames(
    context: &FrameContext<'_>,
    shared: Option<Node<'_>>,
    groups: &[Node<'_>],
    problems: &mut Vec<Problem>,
) -> Vec<Frame> {
    let FrameContext {
        root,
        charset,
        given,
        n_frames,
    } = *context;
    let (modality, image_type) = (given.modality(), given.image_type());
    let keys = KeyContext::new(root, charset, modality, image_type);
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
        let values = levels.values(modality, charset, given.signedness());
        let values = match frames.last() {
            Some(last) if *last.values == values => Arc::clone(&last.values),
            _ => Arc::new(values),
        };
        let own_keys = levels.keys(&keys, frame_idx);
        let keys = match frames.last() {
            Some(last) if *last.keys == own_keys => Arc::clone(&last.keys),
            _ => Arc::new(own_keys),
        };
        let (lie, how_turned) = levels.lie(modality);
        let lie = match frames.last() {
            Some(last) if *last.lie == lie => Arc::clone(&last.lie),
            _ => Arc::new(lie),
        };
        let (position, space, how_placed) = levels.position();
        problems_of_place(how_turned, how_placed).for_each(&mut note);
        frames.push(Frame {
            position,
            space,
            lie,
            slice_location_mm: levels.slice_location_mm(),
            values,
            keys,
        });
    }
    match place_frames(root, modality, image_type, &mut frames) {
        Offsets::Fine => {}
        Offsets::Unusable => note(Problem::FrameOffsetsUnusable),
        Offsets::Contradict => note(Problem::FrameOffsetsContradict),
    }
    frames
}
