use super::Damage;
use super::bits::BitReader;
use super::huffman::Codes;

/// Reads the first row of a scan or restart interval, which is predicted from the left alone (H.1.1).
///
/// `middle` is what the very first sample of each component is predicted from.
pub(super) fn read_first_row<const N: usize>(
    bits: &mut BitReader<'_>,
    codes: &[&Codes; N],
    middle: u16,
    row: &mut [u16],
) -> Result<(), Damage> {
    let mut reader = *bits;
    let mut left = [i32::from(middle); N];
    for pixel in row.as_chunks_mut::<N>().0 {
        for ((sample, left), codes) in pixel.iter_mut().zip(&mut left).zip(codes) {
            *sample = (*left + codes.difference(&mut reader)?) as u16;
            *left = i32::from(*sample);
        }
    }
    *bits = reader;
    Ok(())
}

/// Reads a row whose `above` is known, predicted by selection value `SELECTION` (table H.1).
fn read_row<const SELECTION: u8, const N: usize>(
    bits: &mut BitReader<'_>,
    codes: &[&Codes; N],
    above: &[u16],
    row: &mut [u16],
) -> Result<(), Damage> {
    // A copy that the optimiser can keep in registers.
    let mut reader = *bits;
    let pixels = row.as_chunks_mut::<N>().0.iter_mut();
    let mut pixels = pixels.zip(above.as_chunks::<N>().0);
    let Some((first, first_above)) = pixels.next() else {
        return Ok(());
    };
    // The first column is predicted from above, whatever the selection.
    let (mut left, mut above_left) = ([0_i32; N], [0_i32; N]);
    for (c, codes) in codes.iter().enumerate() {
        above_left[c] = i32::from(first_above[c]);
        first[c] = (above_left[c] + codes.difference(&mut reader)?) as u16;
        left[c] = i32::from(first[c]);
    }
    for (pixel, above) in pixels {
        for (c, codes) in codes.iter().enumerate() {
            let (a, b, corner) = (left[c], i32::from(above[c]), above_left[c]);
            let prediction = match SELECTION {
                1 => a,
                2 => b,
                3 => corner,
                4 => a + b - corner,
                5 => a + ((b - corner) >> 1),
                6 => b + ((a - corner) >> 1),
                _ => (a + b) >> 1,
            };
            // Differences are modulo 65536 (H.1.2.1).
            pixel[c] = (prediction + codes.difference(&mut reader)?) as u16;
            left[c] = i32::from(pixel[c]);
            above_left[c] = b;
        }
    }
    *bits = reader;
    Ok(())
}

/// Reads one row, given the bits, the codes of each component, and the row above.
pub(super) type RowReader<const N: usize> =
    for<'a> fn(&mut BitReader<'a>, &[&Codes; N], &[u16], &mut [u16]) -> Result<(), Damage>;

/// The reader for a selection value.
pub(super) fn row_reader<const N: usize>(selection: u8) -> Result<RowReader<N>, Damage> {
    Ok(match selection {
        1 => read_row::<1, N>,
        2 => read_row::<2, N>,
        3 => read_row::<3, N>,
        4 => read_row::<4, N>,
        5 => read_row::<5, N>,
        6 => read_row::<6, N>,
        7 => read_row::<7, N>,
        _ => return Err("its predictor is none of the seven"),
    })
}
