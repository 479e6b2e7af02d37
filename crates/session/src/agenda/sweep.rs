/// Goes through the slices of a volume: first, middle and last, then outwards from where the reader looks.
#[derive(Clone, Debug)]
pub(super) struct Sweep {
    pub(super) centre: usize,
    n_landmarks: usize,
    n_above: usize,
    n_below: usize,
}

impl Sweep {
    pub(super) fn about(centre: usize) -> Self {
        Self {
            centre,
            n_landmarks: 0,
            n_above: 0,
            n_below: 0,
        }
    }

    /// The next slice that is wanted; those that are not are stepped over for good.
    pub(super) fn next(&mut self, n: usize, is_wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let last = n.checked_sub(1)?;
        self.centre = self.centre.min(last);
        let landmarks = [self.centre, 0, last / 2, last];
        while let Some(landmark) = landmarks.get(self.n_landmarks) {
            if is_wanted(*landmark) {
                return Some(*landmark);
            }
            self.n_landmarks += 1;
        }
        loop {
            let above = self.centre.checked_add(self.n_above).filter(|k| *k <= last);
            let below = self.centre.checked_sub(self.n_below);
            let takes_above = match (above, below) {
                (None, None) => return None,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some(_), Some(_)) => self.n_above <= self.n_below,
            };
            let slice_idx = if takes_above { above } else { below }?;
            if is_wanted(slice_idx) {
                return Some(slice_idx);
            }
            match takes_above {
                true => self.n_above += 1,
                false => self.n_below += 1,
            }
        }
    }
}
