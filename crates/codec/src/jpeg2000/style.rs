//! How the coding passes of a component's blocks are coded (ISO/IEC 15444-1 Table A.19).

/// Do the contexts of a stripe look into the next one?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Causality {
    /// They do.
    Whole,
    /// They do not.
    Stripe,
}

/// Which block coder was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockCoder {
    /// That of Annex D.
    Arithmetic,
    /// That of ISO/IEC 15444-15.
    HighThroughput,
}

/// The switches of Table A.19.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockStyle {
    /// The block coder.
    pub coder: BlockCoder,
    /// Are the later significance and refinement passes raw bits?
    pub has_bypass: bool,
    /// Do the contexts start anew with each pass?
    pub resets_contexts: bool,
    /// Does each pass end its code word?
    pub ends_each_pass: bool,
    /// What a stripe's contexts see.
    pub causality: Causality,
    /// Does a symbol end each clean-up pass?
    pub has_segmentation_symbols: bool,
}

/// The passes before the bypass sets in (Table D.9).
const N_PASSES_BEFORE_BYPASS: u32 = 10;

impl BlockStyle {
    /// Reads the byte of the coding style; `None` where blocks of both coders are mixed or bits are unknown.
    pub(super) fn read(byte: u8) -> Option<Self> {
        let has = |bit: u8| byte & (1 << bit) != 0;
        if has(7) {
            return None;
        }
        Some(Self {
            coder: if has(6) {
                BlockCoder::HighThroughput
            } else {
                BlockCoder::Arithmetic
            },
            has_bypass: has(0),
            resets_contexts: has(1),
            ends_each_pass: has(2),
            causality: if has(3) {
                Causality::Stripe
            } else {
                Causality::Whole
            },
            has_segmentation_symbols: has(5),
        })
    }

    /// Is the pass, counted from a block's first, raw bits?
    pub(super) fn is_raw(self, pass_idx: u32) -> bool {
        self.has_bypass && N_PASSES_BEFORE_BYPASS <= pass_idx && !pass_idx.is_multiple_of(3)
    }

    /// The most passes that one code word holds which starts with the given pass (D.4, D.6; ISO/IEC 15444-15 for its
    /// own coder: one clean-up pass, then two refining ones).
    pub(super) fn n_passes_of_segment(self, first_pass_idx: u32) -> u32 {
        match self.coder {
            BlockCoder::HighThroughput if first_pass_idx == 0 => 1,
            BlockCoder::HighThroughput => 2,
            BlockCoder::Arithmetic if self.ends_each_pass => 1,
            BlockCoder::Arithmetic if !self.has_bypass => u32::MAX,
            BlockCoder::Arithmetic if first_pass_idx < N_PASSES_BEFORE_BYPASS => {
                N_PASSES_BEFORE_BYPASS - first_pass_idx
            }
            BlockCoder::Arithmetic if first_pass_idx.is_multiple_of(3) => 1,
            BlockCoder::Arithmetic => 3 - first_pass_idx % 3,
        }
    }
}
