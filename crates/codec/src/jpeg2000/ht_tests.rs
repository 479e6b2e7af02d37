//! Tests of the HT block decoder: blocks coded here come back, damaged ones end in words.

use super::ht_block::{HtBlock, HtBlockDecoder, HtScale};
use super::ht_cleanup::take_pair;
use super::ht_encoder::{BlockPlan, CodedBlock, encode};
use super::ht_tables::{FIRST_ROW, LATER_ROWS, quad};
use super::style::Causality;
use crate::error::Fault;

/// A small generator of chance, so that every run is the same.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    /// Samples of up to `n_bits` magnitude bits of which small ones are frequent, and `zeros_per_16` in sixteen zero.
    fn samples(&mut self, n: usize, n_bits: u32, zeros_per_16: usize) -> Vec<i32> {
        (0..n)
            .map(|_| {
                if self.below(16) < zeros_per_16 {
                    return 0;
                }
                let n_bits = 1 + self.below(n_bits as usize) as u32;
                let magnitude = (self.next() >> 20) as u32 & (u32::MAX >> (32 - n_bits));
                if self.below(2) == 0 {
                    magnitude as i32
                } else {
                    -(magnitude as i32)
                }
            })
            .collect()
    }
}

fn block<'a>(coded: &'a CodedBlock, plan: BlockPlan, n_magnitude_bits: u32) -> HtBlock<'a> {
    HtBlock {
        cleanup: &coded.cleanup,
        refinement: &coded.refinement,
        n_passes: plan.n_passes,
        n_missing_bit_planes: n_magnitude_bits - 1 - plan.plane,
        n_magnitude_bits,
        width: plan.width,
        height: plan.height,
        causality: plan.causality,
    }
}

fn decode(block: &HtBlock<'_>, scale: HtScale) -> Result<Vec<i32>, Fault> {
    let mut out = vec![i32::MIN; block.width * block.height];
    HtBlockDecoder::default().decode(block, scale, &mut out, block.width)?;
    Ok(out)
}

#[test]
fn every_context_has_a_complete_prefix_code_with_consistent_patterns() {
    for table in [&FIRST_ROW, &LATER_ROWS] {
        for (idx, &code) in table.iter().enumerate() {
            let pattern = |shift: u32| code >> shift & 15;
            let (rho, e1, known) = (
                pattern(quad::RHO_SHIFT),
                pattern(quad::E1_SHIFT),
                pattern(quad::EK_SHIFT),
            );
            let n = code & quad::LENGTH;
            assert!(n > 0, "look-ahead {idx} has no code");
            assert_eq!(
                (e1 & !known, known & !rho),
                (0, 0),
                "look-ahead {idx} knows bits of nothing"
            );
            // The same code wherever only later bits differ.
            let word = idx & ((1 << n) - 1);
            assert_eq!(table[idx >> 7 << 7 | word], code);
        }
    }
}

#[test]
fn blocks_of_every_shape_come_back() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut decoder = HtBlockDecoder::default();
    let shapes = [
        (64, 64),
        (32, 32),
        (4, 4),
        (1024, 4),
        (4, 1024),
        (1, 1),
        (1, 64),
        (64, 1),
        (2, 2),
        (3, 3),
        (5, 7),
        (7, 5),
        (63, 61),
        (17, 4),
        (6, 9),
        (1024, 3),
        (1, 1024),
        (1024, 1),
        (13, 64),
        (64, 13),
        (128, 32),
        (256, 16),
        (31, 2),
    ];
    let mut n_blocks = 0;
    for round in 0..40 {
        for (width, height) in shapes {
            let n_bits = 1 + chance.below(29) as u32;
            let samples = chance.samples(width * height, n_bits, round % 17);
            let plane = chance.below(n_bits as usize) as u32;
            let n_passes = if plane > 0 {
                1 + chance.below(3) as u32
            } else {
                1
            };
            let causality = [Causality::Whole, Causality::Stripe][chance.below(2)];
            let plan = BlockPlan {
                width,
                height,
                plane,
                n_passes,
                causality,
            };
            let coded = encode(&samples, plan, &mut |n| chance.below(n));
            let block = block(&coded, plan, n_bits.max(plane + 1));

            // In the middle of a greater plane, so that it shows if anything else is written.
            let stride = width + 3;
            let mut out = vec![7; stride * height];
            decoder
                .decode(&block, HtScale::OneFractionBit, &mut out, stride)
                .unwrap_or_else(|error| panic!("{width}×{height}: {error:?}"));
            for (row, want) in out
                .chunks_exact(stride)
                .zip(coded.doubled.chunks_exact(width))
            {
                assert_eq!(
                    &row[..width],
                    want,
                    "{width}×{height}, {n_bits} bits, plane {plane}, {n_passes} passes"
                );
                assert_eq!(row[width..], [7; 3]);
            }
            let whole: Vec<i32> = coded.doubled.iter().map(|half| half / 2).collect();
            assert_eq!(decode(&block, HtScale::Integer), Ok(whole));
            n_blocks += 1;
        }
    }
    assert_eq!(n_blocks, 920);
}

#[test]
fn lossless_blocks_give_their_samples() {
    let mut chance = Chance(77);
    for n_bits in 1..=30 {
        let samples = chance.samples(64 * 64, n_bits, 3);
        let plan = BlockPlan {
            width: 64,
            height: 64,
            plane: 0,
            n_passes: 1,
            causality: Causality::Whole,
        };
        let coded = encode(&samples, plan, &mut |n| chance.below(n));
        let block = block(&coded, plan, n_bits);
        assert_eq!(
            decode(&block, HtScale::Integer),
            Ok(samples),
            "{n_bits} bits"
        );
    }
}

/// Streams in which many bytes are full, so that stuffing happens at every distance.
#[test]
fn stuffing_bits_are_taken_out_wherever_they_stand() {
    let mut chance = Chance(5);
    for round in 0..200 {
        let n_bits = 3 + round % 20;
        // A negative power of two is coded as ones only; its refinement is a one, too.
        let ones = -(1 << (n_bits - 1)) - 1;
        let samples: Vec<i32> = (0..32 * 32)
            .map(|_| match chance.below(12) {
                0 => 1 + chance.below(-ones as usize) as i32,
                1 => 1,
                _ => ones,
            })
            .collect();
        let plan = BlockPlan {
            width: 32,
            height: 32,
            plane: 1,
            n_passes: 3,
            causality: Causality::Whole,
        };
        let coded = encode(&samples, plan, &mut |n| chance.below(n));
        let n_full = coded.cleanup.iter().filter(|&&byte| byte == 0xff).count();
        assert!(n_full > 20, "only {n_full} full bytes of {n_bits} bits");
        assert_eq!(
            decode(&block(&coded, plan, n_bits as u32), HtScale::OneFractionBit),
            Ok(coded.doubled.clone()),
            "{n_bits} bits"
        );
    }
}

#[test]
fn blocks_that_contradict_themselves_are_refused() {
    let mut chance = Chance(11);
    let samples = chance.samples(256, 8, 2);
    let plan = BlockPlan {
        width: 16,
        height: 16,
        plane: 0,
        n_passes: 1,
        causality: Causality::Whole,
    };
    let coded = encode(&samples, plan, &mut |n| chance.below(n));
    let sound = || block(&coded, plan, 8);
    assert!(decode(&sound(), HtScale::Integer).is_ok());
    let too_short_suffix = [&coded.cleanup[..coded.cleanup.len() - 2], &[1, 0]].concat();
    let too_long_suffix = [&coded.cleanup[..coded.cleanup.len() - 2], &[15, 254]].concat();
    let n_suffix = usize::from(coded.cleanup[coded.cleanup.len() - 1]) << 4
        | usize::from(coded.cleanup[coded.cleanup.len() - 2] & 15);
    let no_magnitudes = &coded.cleanup[coded.cleanup.len() - n_suffix..];
    let no_codes = [&coded.cleanup[..coded.cleanup.len() - n_suffix], &[0x43, 0]].concat();
    let set_stuffing_bit = [&[0xff, 0x80], &coded.cleanup[2..]].concat();
    let of_many_bits = || block(&coded, plan, 30);
    let rows: [(HtBlock<'_>, &str); 15] = [
        (
            HtBlock {
                cleanup: &[],
                ..sound()
            },
            "shorter than two bytes",
        ),
        (
            HtBlock {
                cleanup: &[3],
                ..sound()
            },
            "shorter than two bytes",
        ),
        (
            HtBlock {
                cleanup: &too_short_suffix,
                ..sound()
            },
            "out of range",
        ),
        (
            HtBlock {
                cleanup: &too_long_suffix,
                ..sound()
            },
            "longer than the segment",
        ),
        (
            HtBlock {
                cleanup: no_magnitudes,
                ..of_many_bits()
            },
            "magnitudes of an HT block run past",
        ),
        (
            HtBlock {
                cleanup: &no_codes,
                ..of_many_bits()
            },
            "quad codes of an HT block run past",
        ),
        (
            HtBlock {
                cleanup: &set_stuffing_bit,
                ..sound()
            },
            "stuffing bit set",
        ),
        (
            HtBlock {
                n_passes: 0,
                ..sound()
            },
            "no cleanup pass",
        ),
        (
            HtBlock {
                n_passes: 4,
                ..sound()
            },
            "more than three",
        ),
        (
            HtBlock {
                n_passes: 2,
                ..sound()
            },
            "below its lowest bit plane",
        ),
        (
            HtBlock {
                n_missing_bit_planes: 8,
                ..sound()
            },
            "misses more bit planes",
        ),
        (
            HtBlock {
                n_missing_bit_planes: 2,
                ..sound()
            },
            "more bits than its sub-band",
        ),
        (
            HtBlock {
                n_magnitude_bits: 31,
                ..sound()
            },
            "more than 30",
        ),
        (
            HtBlock {
                width: 0,
                ..sound()
            },
            "larger than 4096",
        ),
        (
            HtBlock {
                width: 65,
                height: 64,
                ..sound()
            },
            "larger than 4096",
        ),
    ];
    for (block, words) in rows {
        match decode(&block, HtScale::Integer) {
            Err(Fault::Damaged(said) | Fault::Unsupported(said)) => {
                assert!(said.contains(words), "«{said}» does not say «{words}»")
            }
            Ok(_) => panic!("decoded what should be «{words}»"),
        }
    }
}

/// Without the front of its magnitudes a block reads past their end, unless the cut is as short as what an encoder may
/// leave out or is made up for by the values that changed; no cut may do anything but that.
#[test]
fn cut_blocks_end_in_words_or_samples() {
    let mut chance = Chance(3);
    let samples = chance.samples(32 * 32, 10, 4);
    let plan = BlockPlan {
        width: 32,
        height: 32,
        plane: 1,
        n_passes: 3,
        causality: Causality::Whole,
    };
    let coded = encode(&samples, plan, &mut |n| chance.below(n));
    let mut n_refused = 0;
    for n in 0..coded.cleanup.len() {
        for cleanup in [&coded.cleanup[n..], &coded.cleanup[..n]] {
            let refinement = &coded.refinement[..coded.refinement.len() * n / coded.cleanup.len()];
            let block = HtBlock {
                cleanup,
                refinement,
                ..block(&coded, plan, 10)
            };
            n_refused += usize::from(decode(&block, HtScale::Integer).is_err());
        }
    }
    assert!(
        n_refused > coded.cleanup.len(),
        "only {n_refused} of {} refused",
        2 * coded.cleanup.len()
    );
}

#[test]
fn damaged_blocks_end_in_words_or_samples() {
    let mut chance = Chance(99);
    let mut n_refused = 0;
    let mut decoder = HtBlockDecoder::default();
    let mut out = vec![0; 4096];
    for round in 0..500 {
        let (width, height) = [(16, 16), (64, 4), (5, 9), (32, 32), (4, 64)][round % 5];
        let n_bits = 2 + chance.below(20) as u32;
        let samples = chance.samples(width * height, n_bits, round % 14);
        let causality = [Causality::Whole, Causality::Stripe][round % 2];
        let n_passes = 1 + (round % 3) as u32;
        let plan = BlockPlan {
            width,
            height,
            plane: 1,
            n_passes,
            causality,
        };
        let mut coded = encode(&samples, plan, &mut |n| chance.below(n));
        let sound = (coded.cleanup.clone(), coded.refinement.clone());
        for _ in 0..100 {
            for _ in 0..1 + chance.below(4) {
                let at = chance.below(coded.cleanup.len());
                coded.cleanup[at] = chance.next() as u8;
                if !coded.refinement.is_empty() {
                    let at = chance.below(coded.refinement.len());
                    coded.refinement[at] = chance.next() as u8;
                }
            }
            let block = block(&coded, plan, n_bits);
            let decoded = decoder.decode(&block, HtScale::Integer, &mut out, width);
            n_refused += u32::from(decoded.is_err());
            (coded.cleanup, coded.refinement) = sound.clone();
        }
    }
    assert!(
        n_refused > 5_000,
        "only {n_refused} of 50,000 damaged blocks were refused"
    );
}

/// An encoder may leave out zeros at the end; what an earlier block left in memory must not take their place.
#[test]
fn refinement_that_is_not_there_is_zero() {
    let mut chance = Chance(21);
    let plan = BlockPlan {
        width: 64,
        height: 64,
        plane: 1,
        n_passes: 3,
        causality: Causality::Whole,
    };
    let ones: Vec<i32> = (0..4096).map(|_| -1 - 2 * chance.below(2) as i32).collect();
    let before = encode(&ones, plan, &mut |_| 0);
    let samples = chance.samples(64 * 64, 6, 9);
    let coded = encode(&samples, plan, &mut |n| chance.below(n));
    let mut decoder = HtBlockDecoder::default();
    let mut out = vec![0; 4096];
    let mut run = |coded: &CodedBlock, refinement: &[u8]| {
        let block = HtBlock {
            refinement,
            ..block(coded, plan, 6)
        };
        let decoded = decoder.decode(&block, HtScale::Integer, &mut out, 64);
        assert_eq!(decoded, Ok(()));
        out.clone()
    };
    run(&before, &before.refinement);
    // The bit that a sample gets is zero, and so nothing new becomes significant.
    let want: Vec<i32> = samples.iter().map(|sample| sample / 2 * 2).collect();
    assert_eq!(run(&coded, &[]), want);
}

#[test]
fn every_processor_gives_the_same_samples() {
    let mut chance = Chance(12);
    let (mut plain, mut fast) = (HtBlockDecoder::default(), HtBlockDecoder::default());
    for round in 0..60 {
        let (width, height) = [(64, 64), (5, 9), (32, 17), (1, 40)][round % 4];
        let n_bits = 1 + chance.below(22) as u32;
        let samples = chance.samples(width * height, n_bits, round % 16);
        let plan = BlockPlan {
            width,
            height,
            plane: 0,
            n_passes: 1,
            causality: Causality::Whole,
        };
        let coded = encode(&samples, plan, &mut |n| chance.below(n));
        let block = block(&coded, plan, n_bits);
        let mut rows = [Vec::new(), Vec::new()];
        let (cleanup, buffers) = plain.open(&block).expect("the block is sound");
        cleanup
            .decode_with(buffers, |_, row| rows[0].push(row.to_vec()), take_pair)
            .expect("the block is sound");
        let (cleanup, buffers) = fast.open(&block).expect("the block is sound");
        cleanup
            .decode(buffers, |_, row| rows[1].push(row.to_vec()))
            .expect("the block is sound");
        assert_eq!(rows[0].len(), height);
        assert_eq!(rows[0], rows[1]);
    }
}
