use super::Damage;
use super::bits::BitReader;
use super::frame::Scan;
use super::huffman::{Codes, ValueKind};
use super::scan::BlockReader;
use super::tables::{Tables, chosen};
use super::transform::{Coefficients, PLACES};

/// What a progressive scan brings (G.1.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    DcFirst,
    DcRefined,
    AcFirst,
    AcRefined,
}

/// Reads the blocks of a progressive scan (G.1.2, G.2) into the coefficients gathered so far.
pub(super) struct ProgressiveReader<'a> {
    /// Of each component of the frame, its blocks.
    coefficients: &'a mut [Vec<Coefficients>],
    components: Vec<ProgressiveComponent>,
    stage: Stage,
    /// First and last coefficient in zigzag order.
    band: (usize, usize),
    /// The bit that this scan brings last.
    low: u8,
    /// Blocks still to come in which the band ends.
    n_ended: u32,
}

struct ProgressiveComponent {
    idx: usize,
    /// None where the scan has bare bits alone.
    codes: Option<Codes>,
    last_dc: i32,
}

impl<'a> ProgressiveReader<'a> {
    pub(super) fn new(
        scan: &Scan,
        tables: &Tables,
        coefficients: &'a mut [Vec<Coefficients>],
    ) -> Result<Self, Damage> {
        let stage = match (scan.start, scan.high) {
            (0, 0) => Stage::DcFirst,
            (0, _) => Stage::DcRefined,
            (_, 0) => Stage::AcFirst,
            (..) => Stage::AcRefined,
        };
        let is_band = match scan.start {
            0 => scan.end == 0,
            start => start <= scan.end && scan.end < 64 && scan.components.len() == 1,
        };
        let is_step = scan.high == 0 || scan.high == scan.low + 1;
        if !is_band || !is_step || 13 < scan.low {
            return Err("a scan's progression is none");
        }
        let components = scan.components.iter().map(|(idx, dc, ac)| {
            let codes = match stage {
                Stage::DcFirst => Some(Codes::new(chosen(&tables.dc, *dc)?, ValueKind::Category)),
                Stage::DcRefined => None,
                Stage::AcFirst | Stage::AcRefined => Some(Codes::new(
                    chosen(&tables.ac, *ac)?,
                    ValueKind::RunAndCategory,
                )),
            };
            Ok(ProgressiveComponent {
                idx: *idx,
                codes,
                last_dc: 0,
            })
        });
        Ok(Self {
            coefficients,
            components: components.collect::<Result<_, Damage>>()?,
            stage,
            band: (usize::from(scan.start), usize::from(scan.end)),
            low: scan.low,
            n_ended: 0,
        })
    }
}

impl BlockReader for ProgressiveReader<'_> {
    fn restart(&mut self) {
        self.components.iter_mut().for_each(|c| c.last_dc = 0);
        self.n_ended = 0;
    }

    fn read(
        &mut self,
        bits: &mut BitReader<'_>,
        nth: usize,
        block_idx: usize,
    ) -> Result<(), Damage> {
        let missing = "a component is missing";
        let component = self.components.get_mut(nth).ok_or(missing)?;
        let blocks = self.coefficients.get_mut(component.idx).ok_or(missing)?;
        let block = blocks.get_mut(block_idx).ok_or(missing)?;
        match (self.stage, &component.codes) {
            (Stage::DcRefined, _) => {
                bits.refill();
                block[0] |= (bits.take(1) << self.low) as i16;
            }
            (Stage::DcFirst, Some(codes)) => {
                let last_dc = component.last_dc.wrapping_add(codes.difference(bits)?);
                component.last_dc = last_dc;
                block[0] = (last_dc << self.low) as i16;
            }
            (Stage::AcFirst, Some(codes)) => {
                read_band(bits, codes, block, self.band, self.low, &mut self.n_ended)?;
            }
            (Stage::AcRefined, Some(codes)) => {
                refine_band(bits, codes, block, self.band, self.low, &mut self.n_ended)?;
            }
            (_, None) => return Err("a table is missing"),
        }
        Ok(())
    }
}

/// How many blocks end here, this one counted, after a code of the run `run` below 15 (table G.1).
fn ended_blocks(bits: &mut BitReader<'_>, run: u8) -> u32 {
    bits.refill();
    (1 << run) + bits.take(u32::from(run))
}

/// First scan of a band (G.1.2.2).
fn read_band(
    bits: &mut BitReader<'_>,
    codes: &Codes,
    block: &mut Coefficients,
    (start, end): (usize, usize),
    low: u8,
    n_ended: &mut u32,
) -> Result<(), Damage> {
    if 0 < *n_ended {
        *n_ended -= 1;
        return Ok(());
    }
    let mut k = start;
    while k <= end {
        let (run, category, value) = codes.coefficient(bits)?;
        match (run, category) {
            (15, 0) => k += 16,
            (_, 0) => {
                *n_ended = ended_blocks(bits, run) - 1;
                return Ok(());
            }
            _ => {
                k += usize::from(run);
                if end < k {
                    return Err("a run leaves its band");
                }
                block[usize::from(PLACES[k & 63] & 63)] = (value << low) as i16;
                k += 1;
            }
        }
    }
    Ok(())
}

/// Later scan of a band, one bit more of each coefficient (G.1.2.3).
fn refine_band(
    bits: &mut BitReader<'_>,
    codes: &Codes,
    block: &mut Coefficients,
    (start, end): (usize, usize),
    low: u8,
    n_ended: &mut u32,
) -> Result<(), Damage> {
    let mut k = start;
    while *n_ended == 0 && k <= end {
        let (run, category, value) = codes.coefficient(bits)?;
        // The bit behind a code of category 1 is the new coefficient's sign.
        let new = match (run, category) {
            (15, 0) | (_, 1) => (value << low) as i16,
            (_, 0) => {
                *n_ended = ended_blocks(bits, run);
                break;
            }
            _ => return Err("a new coefficient has too many bits"),
        };
        k = pass_over(bits, block, (k, end), low, Some(u32::from(run)));
        if end < k && new != 0 {
            return Err("a run leaves its band");
        }
        if new != 0 {
            block[usize::from(PLACES[k & 63] & 63)] = new;
        }
        k += 1;
    }
    if 0 < *n_ended {
        pass_over(bits, block, (k, end), low, None);
        *n_ended -= 1;
    }
    Ok(())
}

/// Refines the coefficients that are not zero, up to the zero behind `n_zeros` others, or all of them; gives where it
/// stopped.
fn pass_over(
    bits: &mut BitReader<'_>,
    block: &mut Coefficients,
    (start, end): (usize, usize),
    low: u8,
    n_zeros: Option<u32>,
) -> usize {
    let mut n_left = n_zeros;
    for k in start..=end {
        let coefficient = &mut block[usize::from(PLACES[k & 63] & 63)];
        if *coefficient != 0 {
            bits.refill();
            let step = (bits.take(1) as i16) << low;
            *coefficient = coefficient.wrapping_add(step * coefficient.signum());
            continue;
        }
        match &mut n_left {
            Some(0) => return k,
            Some(n) => *n -= 1,
            None => {}
        }
    }
    end + 1
}
