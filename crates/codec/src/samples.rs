/// Decoded samples, those of a pixel together, rows from the top. Each sample is in the low bits, two's complement where
/// the stream is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Samples {
    /// Up to 8 bits.
    Bits8(Vec<u8>),
    /// 9 to 16 bits, sign-extended where the stream is signed.
    Bits16(Vec<u16>),
}

impl Samples {
    /// Samples in all.
    pub fn len(&self) -> usize {
        match self {
            Self::Bits8(v) => v.len(),
            Self::Bits16(v) => v.len(),
        }
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
