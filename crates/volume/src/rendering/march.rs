//! Along one ray: over what is empty in leaps, through the rest some samples at a time, until no light is left.

use super::field::{Field, Grey, Mapping, Places};
use super::occupancy::VisibleBricks;
use super::rays::Rays;
use super::transfer::TransferTable;

/// Samples that are taken together.
const N_TOGETHER: usize = 8;
/// Light that gets through is not worth following below this share.
const DARK: f32 = 0.01;

/// What it takes to follow the rays of a picture.
pub(super) struct March<'a, T, M> {
    pub rays: &'a Rays,
    pub table: &'a TransferTable,
    pub field: &'a Field<'a, T, M>,
    pub bricks: &'a VisibleBricks,
}

/// A sample that holds light back.
pub(super) struct Sample {
    /// Its step, counted from the plane.
    pub step: i64,
    /// Where it lies, in voxel indices.
    pub at: [f32; 3],
    /// Its entry of the transfer table.
    pub entry_idx: usize,
    /// Its share of the colour of the pixel.
    pub share: f32,
    /// What is held back by it and all before it.
    pub opacity: f32,
}

impl<T: Grey, M: Mapping<T>> March<'_, T, M> {
    /// Goes along the ray of a pixel until no light is left; `each` gets every sample that holds light back, near to far.
    #[inline(always)]
    pub fn follow(&self, pixel: [f64; 2], mut each: impl FnMut(Sample)) {
        let Some(span) = self.rays.span(pixel) else {
            return;
        };
        let [low, high] = self.table.shown();
        let entries_of_table = self.table.entries();
        let mut opacity = 0.0;
        let mut n = 0;
        let leap = self.bricks.leap(span.per_step);
        while n < span.n_steps {
            let empty = leap.over(self.bricks, span.at(n));
            if 0 < empty {
                n += empty;
                continue;
            }
            let n_here = (span.n_steps - n).min(N_TOGETHER);
            let mut at = [[0.0; N_TOGETHER]; 3];
            for ((at, start), by) in at.iter_mut().zip(span.start).zip(span.per_step) {
                for (lane, at) in at.iter_mut().enumerate() {
                    *at = start + (n + lane) as f32 * by;
                }
            }
            let places = Places::new(&at, self.field.size());
            let values = self.field.linear(&places, n_here);
            let mut entries = [0.0; N_TOGETHER];
            let mut shows = false;
            for lane in 0..N_TOGETHER {
                entries[lane] = self.table.entry(values[lane]);
                // False for what has no value.
                shows |= (low <= entries[lane]) & (entries[lane] < high);
            }
            for lane in 0..if shows { n_here } else { 0 } {
                let entry = entries[lane];
                if !(low <= entry && entry < high) {
                    continue;
                }
                let entry_idx = TransferTable::idx_of(entry);
                let held = entries_of_table[entry_idx][3];
                if held <= 0.0 {
                    continue;
                }
                let share = (1.0 - opacity) * held;
                opacity += share;
                let at = [at[0][lane], at[1][lane], at[2][lane]];
                let step = span.first_step + (n + lane) as i64;
                each(Sample {
                    step,
                    at,
                    entry_idx,
                    share,
                    opacity,
                });
                if 1.0 - opacity < DARK {
                    return;
                }
            }
            n += n_here;
        }
    }
}
