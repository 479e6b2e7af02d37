use super::bits::Unstuffed;
use super::coding::Coding;
use super::gradients::Gradients;
use super::line::{Coder, Lines};
use super::picture::Picture;
use super::rule::{Masked, Ranged, Rule};
use super::segments::{Interleave, Scan};
use crate::jpeg::{Damage, Segments, marker};

/// Decodes the entropy-coded segments of a scan into the picture. The walk stands behind the scan header, and behind the
/// last of these segments afterwards.
///
/// # Errors
/// A few words when the bits end early, lead past a line, or are more than the lines need.
pub(super) fn decode_scan(
    segments: &mut Segments<'_>,
    scan: &Scan,
    coding: &Coding,
    restart_interval: usize,
    picture: &mut Picture,
) -> Result<(), Damage> {
    let work = Work {
        scan,
        coding,
        gradients: Gradients::new(coding),
        restart_interval,
    };
    match Masked::of(coding) {
        Some(rule) => work.run(rule, segments, picture),
        None => work.run(Ranged::of(coding), segments, picture),
    }
}

struct Work<'a> {
    scan: &'a Scan,
    coding: &'a Coding,
    gradients: Gradients,
    restart_interval: usize,
}

impl Work<'_> {
    fn run<R: Rule>(
        &self,
        rule: R,
        segments: &mut Segments<'_>,
        picture: &mut Picture,
    ) -> Result<(), Damage> {
        let n_rows = picture.height();
        let n_rows_a_segment = match self.restart_interval {
            0 => n_rows,
            interval => interval,
        };
        let mut row = 0;
        let mut restart_number = 0;
        while row < n_rows {
            if 0 < row {
                if segments.next()?.marker != marker::RST0 + restart_number {
                    return Err("a restart marker is missing");
                }
                restart_number = (restart_number + 1) % 8;
            }
            let behind = (row + n_rows_a_segment).min(n_rows);
            let unstuffed = Unstuffed::read(segments.rest());
            let coder = Coder::new(self.coding, &self.gradients, rule);
            self.decode_rows(coder, &unstuffed, row..behind, picture)?;
            segments.skip(unstuffed.n_stuffed);
            row = behind;
        }
        Ok(())
    }

    /// Decodes the rows of one segment, which know nothing of those before (ISO/IEC 14495-1 C.2.5).
    fn decode_rows<R: Rule>(
        &self,
        mut coder: Coder<'_, R>,
        unstuffed: &Unstuffed,
        rows: std::ops::Range<usize>,
        picture: &mut Picture,
    ) -> Result<(), Damage> {
        let components = &self.scan.component_idxs;
        let mut lines: Vec<Lines> = components
            .iter()
            .map(|_| Lines::new(picture.width()))
            .collect();
        let mut run_idx = 0;
        let mut bits = unstuffed.bits();
        for row in rows {
            lines.iter_mut().for_each(Lines::advance);
            match self.scan.interleave {
                Interleave::Lines => {
                    for lines in &mut lines {
                        bits = coder.line(bits, lines)?;
                    }
                }
                Interleave::Pixels => {
                    bits = coder.line_of_pixels(bits, &mut lines, &mut run_idx)?;
                }
            }
            for (lines, component_idx) in lines.iter().zip(components) {
                picture.put(row, *component_idx, lines.decoded());
            }
        }
        bits.finish()
    }
}
