use crate::samples::Samples;

/// The samples of a frame, those of a pixel together, as they are filled in line by line.
pub(super) struct Picture {
    samples: Samples,
    width: usize,
    height: usize,
    n_components: usize,
}

impl Picture {
    /// A picture of zeros, in 8 bits where the precision allows.
    pub(super) fn new(width: usize, height: usize, n_components: usize, precision: u8) -> Self {
        let n = width * height * n_components;
        Self {
            samples: if precision <= 8 {
                Samples::Bits8(vec![0; n])
            } else {
                Samples::Bits16(vec![0; n])
            },
            width,
            height,
            n_components,
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// Writes one component's line.
    pub(super) fn put(&mut self, row: usize, component_idx: usize, line: &[u16]) {
        let start = row * self.width * self.n_components;
        let (first, step) = (start + component_idx, self.n_components);
        match &mut self.samples {
            // A sample of up to 8 bits is less than 256.
            Samples::Bits8(all) => put_each(all, first, step, line, |sample| sample as u8),
            Samples::Bits16(all) => put_each(all, first, step, line, |sample| sample),
        }
    }

    pub(super) fn into_samples(self) -> Samples {
        self.samples
    }
}

fn put_each<T>(
    all: &mut [T],
    first: usize,
    step: usize,
    line: &[u16],
    as_sample: impl Fn(u16) -> T,
) {
    let places = all.get_mut(first..).unwrap_or_default();
    if step == 1 {
        // The common case apart, so that it becomes a plain copy.
        for (place, sample) in places.iter_mut().zip(line) {
            *place = as_sample(*sample);
        }
        return;
    }
    for (place, sample) in places.iter_mut().step_by(step).zip(line) {
        *place = as_sample(*sample);
    }
}
