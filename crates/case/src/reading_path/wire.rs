//! Numbers as bytes: the shortest form for whole numbers, all 64 bits for the others.

use super::PathProblem;

/// Writes a whole number, seven bits a byte, the lowest first.
pub(super) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while 0x7F < number {
        out.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Writes a whole number of either sign: the sign in the lowest bit.
pub(super) fn put_signed(out: &mut Vec<u8>, number: i64) {
    put_number(out, ((number << 1) ^ (number >> 63)) as u64);
}

pub(super) fn put_real(out: &mut Vec<u8>, number: f64) {
    out.extend_from_slice(&number.to_le_bytes());
}

pub(super) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Takes numbers from bytes.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn is_done(&self) -> bool {
        self.bytes.len() <= self.at
    }

    /// The problem that stands here.
    pub(super) fn wrong(&self, what: &'static str) -> PathProblem {
        PathProblem { what, at: self.at }
    }

    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8], PathProblem> {
        let end = self.at.checked_add(n);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or_else(|| self.wrong("it ends too early"))?;
        self.at += n;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, PathProblem> {
        let taken = self.take(1)?;
        Ok(taken.first().copied().unwrap_or_default())
    }

    pub(super) fn number(&mut self) -> Result<u64, PathProblem> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && 1 < bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(self.wrong("a number is too large"))
    }

    pub(super) fn number_to(&mut self, most: u64) -> Result<u64, PathProblem> {
        let number = self.number()?;
        match number <= most {
            true => Ok(number),
            false => Err(self.wrong("a number is too large")),
        }
    }

    pub(super) fn small(&mut self) -> Result<u32, PathProblem> {
        let number = self.number_to(u64::from(u32::MAX))?;
        Ok(u32::try_from(number).unwrap_or(u32::MAX))
    }

    pub(super) fn signed(&mut self) -> Result<i64, PathProblem> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub(super) fn real(&mut self) -> Result<f64, PathProblem> {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(self.take(8)?);
        let number = f64::from_le_bytes(bytes);
        match number.is_finite() {
            true => Ok(number),
            false => Err(self.wrong("a number is not finite")),
        }
    }

    pub(super) fn reals<const N: usize>(&mut self) -> Result<[f64; N], PathProblem> {
        let mut numbers = [0.0; N];
        for number in &mut numbers {
            *number = self.real()?;
        }
        Ok(numbers)
    }

    /// A byte of a closed list of `n`.
    pub(super) fn one_of(&mut self, n: u8) -> Result<u8, PathProblem> {
        let byte = self.byte()?;
        match byte < n {
            true => Ok(byte),
            false => Err(self.wrong("a choice is unknown")),
        }
    }

    pub(super) fn text(&mut self, most: u64) -> Result<String, PathProblem> {
        let n = self.number_to(most)?;
        let bytes = self.take(usize::try_from(n).unwrap_or(usize::MAX))?;
        match bytes.iter().all(|byte| (0x20..0x7F).contains(byte)) {
            true => Ok(bytes.iter().map(|byte| char::from(*byte)).collect()),
            false => Err(self.wrong("a name holds what no name may")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whole_numbers_come_back() {
        for number in [0, 1, -1, 63, -64, 64, 1 << 40, i64::MAX, i64::MIN] {
            let mut bytes = Vec::new();
            put_signed(&mut bytes, number);
            assert_eq!(Reader::new(&bytes).signed().unwrap(), number);
        }
        for number in [0, 127, 128, u64::from(u32::MAX), u64::MAX] {
            let mut bytes = Vec::new();
            put_number(&mut bytes, number);
            assert_eq!(Reader::new(&bytes).number().unwrap(), number);
        }
        assert!(Reader::new(&[0xFF; 11]).number().is_err());
        assert!(Reader::new(&[0x80]).number().is_err());
    }
}
