use super::coding::Coding;

/// How a sample comes from its prediction and the error: ISO/IEC 14495-1 A.4.4 and A.4.5 backwards.
pub(super) trait Rule: Copy {
    /// Does every sample come out as it went in?
    fn is_lossless(self) -> bool;

    /// The error in units of samples.
    fn step(self, error: i32) -> i32;

    /// The sample.
    fn sample(self, predicted: i32, error: i32) -> u16;
}

/// Lossless, with 2ⁿ possible samples: their sums are taken modulo 2ⁿ.
#[derive(Clone, Copy)]
pub(super) struct Masked {
    mask: i32,
}

/// Every other scan.
#[derive(Clone, Copy)]
pub(super) struct Ranged {
    near: i32,
    maxval: i32,
    /// Samples that one unit of the error stands for.
    step: i32,
    /// What is added to or taken from a sum outside of the samples.
    period: i32,
}

impl Masked {
    /// The rule of a scan; `None` when it needs the other.
    pub(super) fn of(coding: &Coding) -> Option<Self> {
        let is_simple = coding.near == 0 && (coding.maxval + 1).count_ones() == 1;
        is_simple.then_some(Self {
            mask: coding.maxval,
        })
    }
}

impl Ranged {
    /// The rule of any scan.
    pub(super) fn of(coding: &Coding) -> Self {
        let step = 2 * coding.near + 1;
        Self {
            near: coding.near,
            maxval: coding.maxval,
            step,
            period: coding.range * step,
        }
    }
}

impl Rule for Masked {
    #[inline(always)]
    fn is_lossless(self) -> bool {
        true
    }

    #[inline(always)]
    fn step(self, error: i32) -> i32 {
        error
    }

    #[inline(always)]
    fn sample(self, predicted: i32, error: i32) -> u16 {
        ((predicted + error) & self.mask) as u16
    }
}

impl Rule for Ranged {
    #[inline(always)]
    fn is_lossless(self) -> bool {
        self.near == 0
    }

    #[inline(always)]
    fn step(self, error: i32) -> i32 {
        error * self.step
    }

    #[inline(always)]
    fn sample(self, predicted: i32, error: i32) -> u16 {
        let mut sample = predicted + self.step(error);
        if sample < -self.near {
            sample += self.period;
        } else if self.maxval + self.near < sample {
            sample -= self.period;
        }
        // Between 0 and the greatest sample, which fits.
        sample.clamp(0, self.maxval) as u16
    }
}
