use super::Damage;
use super::bits::BitReader;
use super::frame::Scan;
use super::huffman::{Codes, ValueKind};
use super::planes::Plane;
use super::scan::BlockReader;
use super::tables::{Tables, chosen};
use super::transform::{Coefficients, Levels, PLACES, Steps, inverse, inverse_mean};

/// Reads the blocks of a sequential scan (F.2.2) and transforms each at once.
pub(super) struct SequentialReader<'a> {
    planes: &'a mut [Plane],
    components: Vec<SequentialComponent>,
    levels: Levels,
}

struct SequentialComponent {
    plane_idx: usize,
    dc: Codes,
    ac: Codes,
    steps: Steps,
    last_dc: i32,
}

impl<'a> SequentialReader<'a> {
    /// `steps` are those of the scan's components, in its order.
    pub(super) fn new(
        scan: &Scan,
        tables: &Tables,
        steps: Vec<Steps>,
        levels: Levels,
        planes: &'a mut [Plane],
    ) -> Result<Self, Damage> {
        let components = scan.components.iter().zip(steps);
        let components = components.map(|((idx, dc, ac), steps)| {
            Ok(SequentialComponent {
                plane_idx: *idx,
                dc: Codes::new(chosen(&tables.dc, *dc)?, ValueKind::Category),
                ac: Codes::new(chosen(&tables.ac, *ac)?, ValueKind::RunAndCategory),
                steps,
                last_dc: 0,
            })
        });
        Ok(Self {
            planes,
            components: components.collect::<Result<_, Damage>>()?,
            levels,
        })
    }
}

impl BlockReader for SequentialReader<'_> {
    fn restart(&mut self) {
        self.components.iter_mut().for_each(|c| c.last_dc = 0);
    }

    #[inline]
    fn read(
        &mut self,
        bits: &mut BitReader<'_>,
        nth: usize,
        block_idx: usize,
    ) -> Result<(), Damage> {
        let component = self
            .components
            .get_mut(nth)
            .ok_or("a component is missing")?;
        // A copy that the optimiser can keep in registers.
        let mut reader = *bits;
        let difference = component.dc.difference(&mut reader)?;
        component.last_dc = component.last_dc.wrapping_add(difference);
        let mut block: Coefficients = [0; 64];
        block[0] = component.last_dc as i16;
        let has_ac = read_ac(&mut reader, &component.ac, &mut block)?;
        *bits = reader;
        let samples = if has_ac {
            inverse(&block, &component.steps, self.levels)
        } else {
            inverse_mean(block[0], &component.steps, self.levels)
        };
        if let Some(plane) = self.planes.get_mut(component.plane_idx) {
            plane.put(block_idx, &samples);
        }
        Ok(())
    }
}

/// Reads the coefficients behind the first (F.2.2.2); gives whether there are any.
#[inline(always)]
fn read_ac(
    bits: &mut BitReader<'_>,
    codes: &Codes,
    block: &mut Coefficients,
) -> Result<bool, Damage> {
    let mut k = 1;
    while k < 64 {
        let (run, category, value) = codes.coefficient(bits)?;
        // Runs are hard to foresee, so that no branch must depend on one before this.
        if category == 0 {
            match run {
                0 => break,
                15 => k += 16,
                _ => return Err("a code has no meaning"),
            }
            continue;
        }
        k += usize::from(run);
        let place = PLACES.get(k).ok_or("a run leaves its block")?;
        block[usize::from(*place & 63)] = value as i16;
        k += 1;
    }
    if 64 < k {
        return Err("a run leaves its block");
    }
    Ok(1 < k)
}
