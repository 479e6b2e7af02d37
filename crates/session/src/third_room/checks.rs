use case::{Annotation, AnonymousRead, Side, ThirdRow};
use volume::Placement;

use super::marks::evidence;
use crate::Session;
use crate::measure::size_text;

/// A mark nearer than this to the middle of the image lies on neither side, mm.
const MIDDLE_MM: f64 = 5.0;

/// Something about a row that is computed from the images and depends on no reader.
#[derive(Clone, Debug, PartialEq)]
pub enum ThirdCheck {
    /// In so many of the series of the current study the sides of the body are known.
    SidesKnown {
        /// With known sides.
        n_known: usize,
        /// All.
        n_series: usize,
    },
    /// Where the mark of a read lies.
    MarkLies {
        /// Which read.
        read: AnonymousRead,
        /// The half of the body; `None`: at the middle of the image.
        side: Option<Side>,
        /// Distance of its centre from the middle of the image along the patient's left, mm.
        from_middle_mm: f64,
        /// The side that the read names, where that is one side of the body.
        named: Option<Side>,
    },
    /// A read has no mark; where it is known, the side that its words name.
    NoMark {
        /// Which read.
        read: AnonymousRead,
        /// The side that it names.
        named: Option<Side>,
    },
    /// The third reader measured what a read measured.
    MeasuredAgain {
        /// Which read.
        read: AnonymousRead,
        /// As the third reader has it.
        yours: String,
        /// As the read has it.
        theirs: String,
    },
}

impl ThirdCheck {
    /// Does the mark of a read lie on another side than its words say?
    pub fn contradicts(&self) -> bool {
        match self {
            Self::MarkLies { side, named, .. } => match (side, named) {
                (Some(side), Some(named)) => *named != Side::Bilateral && side != named,
                _ => false,
            },
            Self::SidesKnown { n_known, n_series } => n_known < n_series,
            Self::NoMark { .. } | Self::MeasuredAgain { .. } => false,
        }
    }
}

impl Session {
    pub(super) fn third_checks(&self, row: &ThirdRow<'_>) -> Vec<ThirdCheck> {
        let mut checks = Vec::new();
        let keys = self.library.reading_keys();
        let known = |key: &&crate::VolumeKey| {
            let shelved = self.library.get(key);
            shelved.is_some_and(|s| s.volume.placed != Placement::Unplaced)
        };
        if !keys.is_empty() {
            checks.push(ThirdCheck::SidesKnown {
                n_known: keys.iter().filter(known).count(),
                n_series: keys.len(),
            });
        }
        let own = self.own_third_marks(row.pair);
        let yours = size_text(own.iter().map(|mark| mark.values.as_slice()));
        for (read, text) in [(AnonymousRead::A, &row.a), (AnonymousRead::B, &row.b)] {
            if text.is_none() {
                continue;
            }
            let shown = evidence(row, read);
            checks.push(self.mark_check(read, shown.marks.first(), shown.side));
            let theirs = size_text(shown.marks.iter().map(|mark| mark.values.as_slice()));
            if !yours.is_empty() && !theirs.is_empty() {
                checks.push(ThirdCheck::MeasuredAgain {
                    read,
                    yours: yours.clone(),
                    theirs,
                });
            }
        }
        checks
    }

    fn mark_check(
        &self,
        read: AnonymousRead,
        mark: Option<&Annotation>,
        named: Option<Side>,
    ) -> ThirdCheck {
        let lies = mark.and_then(|mark| self.left_of_middle_mm(mark));
        match lies {
            Some(left_mm) => ThirdCheck::MarkLies {
                read,
                side: match left_mm {
                    _ if left_mm.abs() < MIDDLE_MM => None,
                    _ if 0.0 < left_mm => Some(Side::Left),
                    _ => Some(Side::Right),
                },
                from_middle_mm: left_mm.abs(),
                named,
            },
            None => ThirdCheck::NoMark { read, named },
        }
    }

    /// How far to the patient's left of the middle of its volume a mark lies, mm; `None` where sides are not known there.
    fn left_of_middle_mm(&self, mark: &Annotation) -> Option<f64> {
        let (key, _) = self.library.find_image(&mark.image)?;
        let volume = &self.library.get(&key)?.volume;
        // LPS: x grows towards the patient's left (PS3.3 C.7.6.2.1.1).
        let in_patient = volume.placed == Placement::InPatient;
        in_patient.then(|| mark.geometry.centre().x_mm - volume.grid.centre().x_mm)
    }
}
