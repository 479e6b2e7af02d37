//! The bits of a packet header (ISO/IEC 15444-1 B.10.1).

/// Reads bits from the most significant one down; after a byte 0xFF the next one has seven.
pub(super) struct PacketBits<'a> {
    bytes: &'a [u8],
    at: usize,
    current: u8,
    n_left: u32,
}

impl<'a> PacketBits<'a> {
    /// Starts at the first byte.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            current: 0,
            n_left: 0,
        }
    }

    /// The next bit.
    pub(super) fn bit(&mut self) -> Result<u32, &'static str> {
        if self.n_left == 0 {
            self.n_left = if self.current == 0xFF { 7 } else { 8 };
            let byte = self.bytes.get(self.at);
            self.current = *byte.ok_or("a packet header is cut")?;
            self.at += 1;
        }
        self.n_left -= 1;
        Ok(u32::from(self.current >> self.n_left) & 1)
    }

    /// The next `n` bits, at most 32.
    pub(super) fn number(&mut self, n: u32) -> Result<u32, &'static str> {
        (0..n).try_fold(0, |number, _| Ok(number << 1 | self.bit()?))
    }

    /// How many ones come before the next zero, at most `most`.
    pub(super) fn ones(&mut self, most: u32) -> Result<u32, &'static str> {
        let mut n = 0;
        while self.bit()? == 1 {
            n += 1;
            if most < n {
                return Err("a packet header counts too far");
            }
        }
        Ok(n)
    }

    /// Bytes taken, the stuffed one behind a last 0xFF included.
    pub(super) fn finish(self) -> Result<usize, &'static str> {
        let n_taken = self.at + usize::from(self.current == 0xFF);
        if self.bytes.len() < n_taken {
            return Err("a packet header is cut");
        }
        Ok(n_taken)
    }
}
