//! Pictures that are not shown as what they are: moving ones are only listed, whole slides are shown tile by tile. What
//! their header tells of them is said.

use crate::dataset::Node;
use crate::model::DocumentKind;
use crate::tags;

/// Why a picture is not shown as what it is, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Unshown {
    /// No decoder of moving pictures is built in.
    Video {
        columns: u64,
        rows: u64,
        n_frames: u64,
        /// Frames a second, where it is stated.
        rate: Option<f64>,
    },
    /// Tiles of one large picture, which are shown one by one.
    WholeSlide {
        columns: u64,
        rows: u64,
        n_tiles: u64,
    },
}

const WHOLE_SLIDE_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.77.1.6";

impl Unshown {
    /// `None` for pictures that are shown as they are: also a slide that is one plain frame.
    pub(crate) fn of(
        root: Node<'_>,
        sop_class_uid: &str,
        document: Option<DocumentKind>,
    ) -> Option<Self> {
        let count = |tag| root.integer(tag)?.ok().and_then(|n| u64::try_from(n).ok());
        let rows = count(tags::ROWS).unwrap_or(0);
        let columns = count(tags::COLUMNS).unwrap_or(0);
        let n_frames = count(tags::NUMBER_OF_FRAMES).unwrap_or(1);
        if document == Some(DocumentKind::Video) {
            let of_frame_ms = || root.decimal(tags::FRAME_TIME).map(|ms| 1000.0 / ms);
            let rate = root.decimal(tags::CINE_RATE).or_else(of_frame_ms);
            return Some(Self::Video {
                columns,
                rows,
                n_frames,
                rate: rate.filter(|r| 0.0 < *r && *r < 10_000.0),
            });
        }
        if sop_class_uid != WHOLE_SLIDE_IMAGE_STORAGE {
            return None;
        }
        let whole = (
            count(tags::TOTAL_PIXEL_MATRIX_COLUMNS).unwrap_or(columns),
            count(tags::TOTAL_PIXEL_MATRIX_ROWS).unwrap_or(rows),
        );
        let is_plain = n_frames == 1 && whole == (columns, rows);
        (!is_plain).then_some(Self::WholeSlide {
            columns: whole.0,
            rows: whole.1,
            n_tiles: n_frames,
        })
    }

    /// The stable name of the warning.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Video { .. } => "video_unsupported",
            Self::WholeSlide { .. } => "whole_slide_tiles",
        }
    }

    /// What is not shown, why, and what to do.
    pub(crate) fn sentence(&self) -> String {
        match self {
            Self::Video {
                columns,
                rows,
                n_frames,
                rate,
            } => {
                let rate = rate.map_or(String::new(), |r| format!(" at {r:.0} a second"));
                format!(
                    "This is a video ({columns} × {rows}, {n_frames} frames{rate}), which cannot be shown here; open it in a video player of the archive."
                )
            }
            Self::WholeSlide {
                columns,
                rows,
                n_tiles,
            } => format!(
                "This is a whole slide of {columns} × {rows} pixels in {n_tiles} tiles; they are shown one by one and not put together. Open it in a slide viewer to see it whole."
            ),
        }
    }
}
