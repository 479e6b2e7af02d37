use volume::{PRESETS, Volume};

use crate::{View, ViewKind, WindowFrom};

/// Why a view has the window that it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowWhy {
    /// The file gives it.
    File {
        /// 1-based number among the windows and tables that the file gives.
        number: usize,
        /// How many it gives.
        n: usize,
        /// What the file calls it (0028,1055); empty when it does not say.
        explanation: String,
    },
    /// The file gives each slice a window of its own, and this is the slice's.
    Slice,
    /// The reader chose a preset.
    Preset(&'static str),
    /// The reader chose the full range of the values.
    FullRange,
    /// The reader dragged it.
    ByHand,
    /// The reader chose a window of their own, by this name.
    Own(String),
    /// It spans the values that were in the view when it was asked for, without the outermost.
    ValuesInView,
    /// It spans all values of a region.
    Region,
    /// The file gives none; it was taken from the values of the middle slices.
    Estimated,
}

/// Why a view's window is what it is; `None` for a rendering, which has none.
pub(crate) fn window_why(view: &View, volume: &Volume) -> Option<WindowWhy> {
    if view.kind == ViewKind::Rendering {
        return None;
    }
    let n = volume.voi.len();
    let of_file = |idx: usize| {
        let voi = volume.voi.get(idx)?;
        Some(WindowWhy::File {
            number: idx + 1,
            n,
            explanation: voi.explanation().unwrap_or_default().to_owned(),
        })
    };
    match &view.window_from {
        Some(WindowFrom::ValuesInView) => return Some(WindowWhy::ValuesInView),
        Some(WindowFrom::Region) => return Some(WindowWhy::Region),
        Some(WindowFrom::Own(name)) => return Some(WindowWhy::Own(name.clone())),
        Some(WindowFrom::File(idx)) => return of_file(*idx),
        Some(WindowFrom::Hand) | None => {}
    }
    Some(match (view.preset, &view.presentation) {
        (Some(9), _) => WindowWhy::FullRange,
        (Some(digit), _) if digit != 0 => {
            let preset = PRESETS.iter().find(|p| p.digit == digit);
            preset.map_or(WindowWhy::ByHand, |p| WindowWhy::Preset(p.name))
        }
        (None, Some(presentation)) => {
            let same = volume.voi.iter().position(|voi| *voi == presentation.voi);
            same.and_then(of_file).unwrap_or(WindowWhy::ByHand)
        }
        _ => {
            let has_own =
                view.kind == ViewKind::Stack && volume.slice_presentation(view.slice_idx).is_some();
            match has_own {
                true => WindowWhy::Slice,
                false => of_file(0).unwrap_or(WindowWhy::Estimated),
            }
        }
    })
}
