use super::bits::Bits;
use super::line::{Coder, Lines, predict, run_length};
use super::rule::Rule;
use crate::jpeg::Damage;

/// The greatest number of components of a scan (ISO/IEC 14495-1 C.2.3).
pub(super) const MAX_COMPONENTS: usize = 4;

impl<R: Rule> Coder<'_, R> {
    /// Decodes a line whose samples come pixel by pixel (ISO/IEC 14495-1 A.8.2): all components are in a run, or none is.
    pub(super) fn line_of_pixels<'b>(
        &mut self,
        mut bits: Bits<'b>,
        components: &mut [Lines],
        run_idx: &mut usize,
    ) -> Result<Bits<'b>, Damage> {
        let width = components.first().map_or(0, |lines| lines.width());
        let mut at = 1;
        while at <= width {
            let mut regions = [0; MAX_COMPONENTS];
            for (regions, lines) in regions.iter_mut().zip(&*components) {
                let [left, above_left, above, above_right] = lines.around(at);
                *regions = 9
                    * (9 * self.gradients.region(above_right, above)
                        + self.gradients.region(above, above_left))
                    + self.gradients.region(above_left, left);
            }
            if regions == [0; MAX_COMPONENTS] {
                at = self.run_of_pixels(&mut bits, components, run_idx, at)?;
                continue;
            }
            for (regions, lines) in regions.into_iter().zip(&mut *components) {
                let [left, above_left, above, _] = lines.around(at);
                let predicted = predict(left, above, above_left);
                let sample = self.sample(&mut bits, regions, predicted)?;
                lines.put(at, sample);
            }
            at += 1;
        }
        bits.check()?;
        Ok(bits)
    }

    /// Decodes a run of pixels and the pixel that ends it. Gives the place behind.
    fn run_of_pixels(
        &mut self,
        bits: &mut Bits<'_>,
        components: &mut [Lines],
        run_idx: &mut usize,
        at: usize,
    ) -> Result<usize, Damage> {
        let width = components.first().map_or(0, |lines| lines.width());
        let n = run_length(bits, run_idx, width + 1 - at)?;
        for lines in &mut *components {
            lines.repeat(at, n);
        }
        let end = at + n;
        if end <= width {
            for lines in components {
                let [left, _, above, _] = lines.around(end);
                let sample = self.run_edge(bits, *run_idx, left, above)?;
                lines.put(end, sample);
            }
            *run_idx = run_idx.saturating_sub(1);
        }
        Ok(end + 1)
    }
}
