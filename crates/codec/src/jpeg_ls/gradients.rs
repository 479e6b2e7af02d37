use super::coding::Coding;

/// The place of the difference 0.
const ZERO: usize = 1 << 16;

/// The region of every difference between two samples.
pub(super) type RegionTable = [i8; 2 * ZERO];

/// The region of `minuend - subtrahend` in a table.
#[inline(always)]
pub(super) fn region_in(table: &RegionTable, minuend: u16, subtrahend: u16) -> i32 {
    // The difference is above -65536 and below 65536, so that the place is one of the table.
    i32::from(table[ZERO + usize::from(minuend) - usize::from(subtrahend)])
}

/// The regions of differences between samples, -4 to 4 (ISO/IEC 14495-1 A.3.3).
pub(super) struct Gradients {
    /// The magnitudes at which the regions 1 to 4 begin.
    begins: [u16; 4],
    regions: Box<RegionTable>,
}

impl Gradients {
    /// The table for the thresholds of a scan: 128 KiB, of which the scan looks only at the differences that it can have.
    pub(super) fn new(coding: &Coding) -> Self {
        let [t1, t2, t3] = coding.thresholds;
        // Each is a sample or one more than half of the greatest, which fits.
        let begins = [coding.near + 1, t1, t2, t3].map(|t| t as u16);
        let mut regions = Box::new([0; 2 * ZERO]);
        // The upper end of each region, which is a difference that belongs to it.
        let ends = [
            -t3,
            -t2,
            -t1,
            -coding.near - 1,
            coding.near,
            t1 - 1,
            t2 - 1,
            t3 - 1,
            coding.maxval,
        ];
        let place = |difference: i32| (ZERO as i32 + difference) as usize;
        let mut from = place(-coding.maxval);
        for (end, region) in ends.into_iter().zip(-4_i8..) {
            let to = place(end + 1);
            if let Some(places) = regions.get_mut(from..to) {
                places.fill(region);
                from = to;
            }
        }
        Self { begins, regions }
    }

    /// What the line above adds to the place of every context: 81 times the region of the difference to the right, and 9
    /// times that of the one to the left. `above` and `parts` are padded lines; the ends of `parts` mean nothing.
    pub(super) fn parts_above(&self, above: &[u16], parts: &mut [i16]) {
        // By comparisons, which the compiler makes eight of at once; a table would be asked sample by sample.
        for (part, pair) in parts.iter_mut().skip(1).zip(above.windows(2)) {
            let [left, right] = [pair[0], pair[1]];
            let (up, down) = (right.saturating_sub(left), left.saturating_sub(right));
            *part = self.begins.iter().fold(0, |region, begin| {
                region + i16::from(*begin <= up) - i16::from(*begin <= down)
            });
        }
        for at in 1..parts.len().saturating_sub(1) {
            parts[at] = 9 * parts[at] + 81 * parts[at + 1];
        }
    }

    /// The region of every difference.
    pub(super) fn table(&self) -> &RegionTable {
        &self.regions
    }

    /// The region of `minuend - subtrahend`.
    pub(super) fn region(&self, minuend: u16, subtrahend: u16) -> i32 {
        region_in(&self.regions, minuend, subtrahend)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::coding::Presets;
    use super::*;

    #[test]
    fn every_difference_lies_in_the_region_of_the_standard() {
        for (precision, near) in [(2, 0), (3, 1), (8, 0), (8, 9), (12, 2), (16, 0)] {
            let coding = Coding::new(precision, near, Presets::default()).unwrap();
            let gradients = Gradients::new(&coding);
            let [t1, t2, t3] = coding.thresholds;
            for difference in -coding.maxval..=coding.maxval {
                let magnitude = match difference.abs() {
                    d if d <= coding.near => 0,
                    d if d < t1 => 1,
                    d if d < t2 => 2,
                    d if d < t3 => 3,
                    _ => 4,
                };
                let region =
                    gradients.region(difference.max(0) as u16, (-difference).max(0) as u16);
                assert_eq!(
                    region,
                    magnitude * difference.signum(),
                    "{precision} {near} {difference}"
                );
            }
        }
    }
}
