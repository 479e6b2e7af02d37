//! Waiting a few milliseconds for a picture, so that one drawing of the window shows what otherwise takes two.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::{PictureMaker, Queue, Waiting, rest_before};
use crate::{Session, ViewIdx};

/// How long a drawing of the window may wait for pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For the view under the hand.
    pub for_hand: Duration,
    /// For all others together, counted from the same beginning.
    pub for_rest: Duration,
}

impl Waiting {
    /// Is it begun at once, rather than when the hand rests?
    pub(super) fn comes_soon(&self) -> bool {
        rest_before(self).is_zero()
    }
}

impl Queue {
    /// The views whose pictures are on their way. One that took longer than `limit` last time is not waited for.
    fn on_their_way(&self, limit: Duration) -> impl Iterator<Item = ViewIdx> {
        let waiting = self.waiting.iter().filter(|(_, w)| w.comes_soon());
        let making = self.making.filter(|(_, soon)| *soon).map(|(view, _)| view);
        let views = waiting.map(|(view, _)| *view).chain(making);
        views.filter(move |view| self.took.get(view).is_none_or(|took| *took <= limit))
    }

    /// How much longer to wait, of what is `spent` already.
    fn rest_of(&self, patience: Patience, spent: Duration) -> Duration {
        let of_hand = self.on_their_way(patience.for_hand);
        let of_rest = self.on_their_way(patience.for_rest);
        let limits = of_hand
            .filter(|view| self.hand == Some(*view))
            .map(|_| patience.for_hand)
            .chain(of_rest.map(|_| patience.for_rest));
        limits.max().unwrap_or_default().saturating_sub(spent)
    }
}

impl PictureMaker {
    /// Which view is under the hand; its pictures are made before all others.
    pub(crate) fn set_hand(&self, hand: Option<ViewIdx>) {
        self.lock().hand = hand;
    }

    /// Waits until the pictures that were asked for are made, as long as `patience` allows; meanwhile nobody is woken.
    pub(crate) fn wait(&self, patience: Patience) {
        let begun = Instant::now();
        let mut queue = self.lock();
        loop {
            let rest = queue.rest_of(patience, begun.elapsed());
            queue.is_awaited = !rest.is_zero();
            if rest.is_zero() {
                return;
            }
            let waited = self.shared.made.wait_timeout(queue, rest);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Session {
    /// Says which view is under the hand; `None` for the active one. Its pictures are made before all others.
    pub fn set_hand(&mut self, hand: Option<ViewIdx>) {
        self.pictures
            .set_hand(Some(hand.unwrap_or(self.room.active)));
    }

    /// Asks for the pictures that are missing and waits for them, as long as `patience` allows. One that took longer the
    /// last time is not waited for. Those that came wake nobody: the caller takes a snapshot next.
    pub fn wait_for_pictures(&mut self, patience: Patience) {
        self.ask_for_pictures();
        self.pictures.wait(patience);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use space::{Orientation, PatientPoint, ViewPlane};
    use volume::Interpolation;

    use super::super::{Cut, Detail, PictureRequest};
    use super::*;

    const fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    const PATIENCE: Patience = Patience {
        for_hand: ms(60),
        for_rest: ms(12),
    };

    fn waiting() -> Waiting {
        let folder = tempfile::tempdir().unwrap();
        let spec = phantom::raw::SeriesSpec::ct("waiting", 4, 4, 2);
        spec.write(folder.path(), |_| 0).unwrap();
        let paths = [folder.path().to_owned()];
        let scan = series::scan(&paths, &Default::default(), &|_| {}, &|| false);
        let plan = &scan.studies[0].series[0].volumes[0];
        let volume = plan.shown_volume(volume::VoxelBudget::new(1 << 20));
        let plane = ViewPlane {
            centre: PatientPoint::new(0.0, 0.0, 0.0),
            frame: Orientation::Axial.frame(),
            mm_per_pixel: 1.0,
            size_px: [4, 4],
        };
        Waiting {
            sequence: 1,
            request: PictureRequest {
                volume: Arc::new(volume),
                cut: Cut::Plane(None),
                plane,
                interpolation: Interpolation::Linear,
                epoch: 0,
                urgent: false,
            },
            detail: Detail::Fine,
        }
    }

    #[test]
    fn waiting_ends_when_the_pictures_are_made() {
        let mut maker = PictureMaker::new(Arc::new(|| {}));
        let views = [ViewIdx(0), ViewIdx(1), ViewIdx(2)];
        maker.set_hand(Some(ViewIdx(1)));
        for view in views {
            maker.ask(view, waiting().request);
        }
        let minutes = Duration::from_secs(120);
        let begun = Instant::now();
        maker.wait(Patience {
            for_hand: minutes,
            for_rest: minutes,
        });
        assert!(begun.elapsed() < minutes);
        assert!(views.iter().all(|view| maker.picture(*view).is_some()));
        // Nothing is on its way any more.
        let begun = Instant::now();
        maker.wait(Patience {
            for_hand: minutes,
            for_rest: minutes,
        });
        assert!(begun.elapsed() < minutes);
    }

    #[test]
    fn the_view_under_the_hand_is_waited_for_longer_than_the_rest() {
        let [hand, other] = [ViewIdx(1), ViewIdx(2)];
        let waiting = waiting();
        // Views on their way, how long their last picture took, what is spent: how much longer to wait.
        for (views, took, spent, expected) in [
            (vec![], None, 0, 0),
            (vec![hand], None, 0, 60),
            (vec![hand], None, 25, 35),
            (vec![hand], None, 70, 0),
            (vec![other], None, 0, 12),
            (vec![other], None, 12, 0),
            (vec![hand, other], None, 12, 48),
            (vec![hand], Some(400), 0, 0),
            (vec![hand], Some(40), 0, 60),
            (vec![other], Some(40), 0, 0),
        ] {
            let mut queue = Queue {
                hand: Some(hand),
                ..Queue::default()
            };
            for view in &views {
                queue.waiting.insert(*view, waiting.clone());
                if let Some(took) = took {
                    queue.took.insert(*view, ms(took));
                }
            }
            let rest = queue.rest_of(PATIENCE, ms(spent));
            assert_eq!(rest, ms(expected), "{views:?} {took:?} {spent}");
        }
        // Just in the making counts as well.
        for (soon, expected) in [(true, 60), (false, 0)] {
            let queue = Queue {
                hand: Some(hand),
                making: Some((hand, soon)),
                ..Queue::default()
            };
            assert_eq!(queue.rest_of(PATIENCE, ms(0)), ms(expected));
        }
    }
}
