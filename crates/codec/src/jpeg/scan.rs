use super::Damage;
use super::bits::BitReader;
use super::entropy::{restart_marker, unstuff};
use super::frame::Scan;
use super::planes::Geometry;

/// Takes the blocks of a scan as they come.
pub(super) trait BlockReader {
    /// Forgets what went before: at the start and at each restart (F.2.1.3.1).
    fn restart(&mut self);

    /// Reads a block of the scan's component `nth`; blocks are counted by the rows of the component.
    fn read(
        &mut self,
        bits: &mut BitReader<'_>,
        nth: usize,
        block_idx: usize,
    ) -> Result<(), Damage>;
}

/// Where a block of an MCU lies.
struct McuBlock {
    nth: usize,
    /// The first MCU's.
    at: [usize; 2],
    /// From one MCU to the next.
    step: [usize; 2],
    /// Blocks of a row of the component.
    n_across: usize,
}

/// Gives every block of a scan to a reader; gives the scan's entropy-coded bytes.
pub(super) fn read_blocks(
    geometry: &Geometry,
    scan: &Scan,
    restart_interval: usize,
    coded: &[u8],
    reader: &mut impl BlockReader,
) -> Result<usize, Damage> {
    let (mcu, [n_across, n_down]) = mcu_of(geometry, scan)?;
    let n_mcus = n_across * n_down;
    let interval = match restart_interval {
        0 => n_mcus,
        n => n,
    };
    let mut plain = Vec::new();
    let mut at = 0;
    for (interval_idx, first) in (0..n_mcus).step_by(interval).enumerate() {
        if 0 < interval_idx {
            let coded = coded.get(at..).unwrap_or_default();
            at += restart_marker(coded, interval_idx - 1).ok_or("a restart marker is missing")?;
        }
        at += unstuff(coded.get(at..).unwrap_or_default(), &mut plain);
        let mut bits = BitReader::new(&plain);
        reader.restart();
        for mcu_idx in first..n_mcus.min(first + interval) {
            let place = [mcu_idx % n_across, mcu_idx / n_across];
            for block in &mcu {
                let [column, row] = std::array::from_fn(|i| place[i] * block.step[i] + block.at[i]);
                reader.read(&mut bits, block.nth, row * block.n_across + column)?;
            }
            if bits.is_overrun() {
                return Err("it ends early");
            }
        }
        if !bits.is_at_end() {
            return Err("it holds more than its picture");
        }
    }
    Ok(at)
}

/// The blocks of an MCU (A.2) and how many MCUs there are, across and down.
fn mcu_of(geometry: &Geometry, scan: &Scan) -> Result<(Vec<McuBlock>, [usize; 2]), Damage> {
    let missing = "a scan asks for a component that the frame has not";
    if let [(idx, ..)] = scan.components.as_slice() {
        let layout = geometry.layouts.get(*idx).ok_or(missing)?;
        let block = McuBlock {
            nth: 0,
            at: [0, 0],
            step: [1, 1],
            n_across: layout.n_blocks[0],
        };
        return Ok((vec![block], layout.n_own_blocks));
    }
    let mut blocks = vec![];
    for (nth, (idx, ..)) in scan.components.iter().enumerate() {
        let layout = geometry.layouts.get(*idx).ok_or(missing)?;
        let [across, down] = layout.factors;
        blocks.extend((0..across * down).map(|i| McuBlock {
            nth,
            at: [i % across, i / across],
            step: layout.factors,
            n_across: layout.n_blocks[0],
        }));
    }
    Ok((blocks, geometry.n_mcus))
}
