//! The neighbourhoods of ISO/IEC 15444-1 D.3 as tables.
//!
//! A neighbourhood is nine bits, row by row from the upper left; bit 4 is the sample itself.

use super::geometry::Orientation;
use super::mq::SIGN_CONTEXTS;

/// The context of each neighbourhood.
pub(super) type SignificanceContexts = [u8; 512];

static LOW_OR_LH: SignificanceContexts = significance(Axes::AsTheyAre);
static HL: SignificanceContexts = significance(Axes::Exchanged);
static HH: SignificanceContexts = significance(Axes::Diagonal);

/// Table D.1.
pub(super) fn significance_contexts(orientation: Orientation) -> &'static SignificanceContexts {
    match orientation {
        Orientation::Ll | Orientation::Lh => &LOW_OR_LH,
        Orientation::Hl => &HL,
        Orientation::Hh => &HH,
    }
}

#[derive(Clone, Copy)]
enum Axes {
    AsTheyAre,
    Exchanged,
    Diagonal,
}

const fn significance(axes: Axes) -> SignificanceContexts {
    let mut table = [0; 512];
    let mut at = 0;
    while at < 512 {
        let horizontal = (at >> 3 & 1) + (at >> 5 & 1);
        let vertical = (at >> 1 & 1) + (at >> 7 & 1);
        let diagonal = (at & 1) + (at >> 2 & 1) + (at >> 6 & 1) + (at >> 8 & 1);
        table[at] = match axes {
            Axes::AsTheyAre => by_axis(horizontal, vertical, diagonal),
            Axes::Exchanged => by_axis(vertical, horizontal, diagonal),
            Axes::Diagonal => by_diagonal(horizontal + vertical, diagonal),
        };
        at += 1;
    }
    table
}

const fn by_axis(along: usize, across: usize, diagonal: usize) -> u8 {
    match (along, across, diagonal) {
        (2, _, _) => 8,
        (1, 1.., _) => 7,
        (1, 0, 1..) => 6,
        (1, 0, 0) => 5,
        (_, 2, _) => 4,
        (_, 1, _) => 3,
        (_, _, 2..) => 2,
        (_, _, 1) => 1,
        _ => 0,
    }
}

const fn by_diagonal(others: usize, diagonal: usize) -> u8 {
    match (diagonal, others) {
        (3.., _) => 8,
        (2, 1..) => 7,
        (2, 0) => 6,
        (1, 2..) => 5,
        (1, 1) => 4,
        (1, 0) => 3,
        (0, 2..) => 2,
        (0, 1) => 1,
        _ => 0,
    }
}

/// Tables D.2 and D.3: the context in the low bits, the expected sign in bit 7.
///
/// The index holds the significance of the neighbours above, left, right and below in bits 1, 3, 5 and 7, and in the
/// bit under each whether it is negative.
pub(super) static SIGNS: [u8; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let horizontal = contribution(at, 3) + contribution(at, 5);
        let vertical = contribution(at, 1) + contribution(at, 7);
        let (h, v) = (unit(horizontal), unit(vertical));
        // Table D.3 is symmetric: both contributions negated give the same context and the other sign.
        let is_flipped = h < 0 || (h == 0 && v < 0);
        let (h, v) = if is_flipped { (-h, -v) } else { (h, v) };
        let context = match (h, v) {
            (0, 0) => 0,
            (0, _) => 1,
            (_, -1) => 2,
            (_, 0) => 3,
            _ => 4,
        };
        table[at] = SIGN_CONTEXTS as u8 + context + if is_flipped { 0x80 } else { 0 };
        at += 1;
    }
    table
};

const fn contribution(at: usize, neighbour: usize) -> i32 {
    match (at >> neighbour & 1, at >> (neighbour - 1) & 1) {
        (0, _) => 0,
        (_, 0) => 1,
        _ => -1,
    }
}

const fn unit(sum: i32) -> i32 {
    match sum {
        ..0 => -1,
        0 => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn significance_contexts_are_those_of_table_d1() {
        // Neighbours (above left, above, above right, left, right, below left, below, below right), LL or LH, HL, HH.
        for (neighbours, low, hl, hh) in [
            (0b000_000_000, 0, 0, 0),
            (0b000_101_000, 8, 4, 2),
            (0b010_000_010, 4, 8, 2),
            (0b010_100_000, 7, 7, 2),
            (0b000_100_000, 5, 3, 1),
            (0b010_000_000, 3, 5, 1),
            (0b001_100_000, 6, 3, 4),
            (0b101_000_000, 2, 2, 6),
            (0b100_000_000, 1, 1, 3),
            (0b101_000_100, 2, 2, 8),
            (0b111_000_001, 3, 6, 8),
            (0b010_101_001, 8, 7, 5),
        ] {
            let all = [Orientation::Lh, Orientation::Hl, Orientation::Hh];
            let given = all.map(|o| significance_contexts(o)[neighbours]);
            assert_eq!(given, [low, hl, hh], "{neighbours:09b}");
        }
    }

    #[test]
    fn sign_contexts_are_those_of_table_d3() {
        const POSITIVE: usize = 2;
        const NEGATIVE: usize = 3;
        // Above, left, right, below as (significant, negative) pairs; context; expected sign.
        for ([above, left, right, below], context, expected) in [
            ([0, 0, 0, 0], 9, 0),
            ([POSITIVE, 0, 0, 0], 10, 0),
            ([0, 0, 0, NEGATIVE], 10, 1),
            ([NEGATIVE, POSITIVE, 0, 0], 11, 0),
            ([0, POSITIVE, POSITIVE, 0], 12, 0),
            ([POSITIVE, NEGATIVE, 0, 0], 11, 1),
            ([0, NEGATIVE, NEGATIVE, 0], 12, 1),
            ([NEGATIVE, NEGATIVE, 0, NEGATIVE], 13, 1),
            ([POSITIVE, POSITIVE, NEGATIVE, 0], 10, 0),
        ] {
            let at = above | left << 2 | right << 4 | below << 6;
            let given = SIGNS[at];
            assert_eq!((given & 0x7F, given >> 7), (context, expected), "{at:08b}");
        }
    }
}
