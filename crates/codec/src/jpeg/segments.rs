use super::Damage;

/// Start of image, end of image, start of scan and the others that decoders act on (table B.1).
pub(crate) mod marker {
    pub(crate) const RST0: u8 = 0xD0;
    pub(crate) const RST7: u8 = 0xD7;
    pub(crate) const SOI: u8 = 0xD8;
    pub(crate) const EOI: u8 = 0xD9;
    pub(crate) const SOS: u8 = 0xDA;
    pub(crate) const DQT: u8 = 0xDB;
    pub(crate) const DNL: u8 = 0xDC;
    pub(crate) const DRI: u8 = 0xDD;
    pub(crate) const DHT: u8 = 0xC4;
    pub(crate) const APP0: u8 = 0xE0;
    pub(crate) const APP14: u8 = 0xEE;
    pub(crate) const TEM: u8 = 0x01;
}

/// A marker segment (B.1.1.4).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'a> {
    /// The marker's second byte.
    pub(crate) marker: u8,
    /// What stands behind the length; empty where the marker has none.
    pub(crate) body: &'a [u8],
}

/// Walks the marker segments of a stream; whoever reads a scan moves it behind the entropy-coded bytes.
pub(crate) struct Segments<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Segments<'a> {
    /// Begins behind the start of image.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, Damage> {
        if !bytes.starts_with(&[0xFF, marker::SOI]) {
            return Err("it does not begin as a picture");
        }
        Ok(Self { bytes, at: 2 })
    }

    /// The next segment. Any number of fill bytes may stand before a marker (B.1.1.2).
    pub(crate) fn next(&mut self) -> Result<Segment<'a>, Damage> {
        if self.bytes.get(self.at) != Some(&0xFF) {
            return Err(if self.at < self.bytes.len() {
                "a marker is missing"
            } else {
                "it ends early"
            });
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let n_fill = rest.iter().take_while(|b| **b == 0xFF).count();
        let marker = *rest.get(n_fill).ok_or("it ends early")?;
        self.at += n_fill + 1;
        if matches!(marker, marker::TEM | marker::RST0..=marker::EOI) {
            return Ok(Segment { marker, body: &[] });
        }
        let len = usize::from(be16(self.bytes, self.at)?);
        let body = self.bytes.get(self.at + 2..self.at + len);
        self.at += len;
        Ok(Segment {
            marker,
            body: body.ok_or("a segment is cut")?,
        })
    }

    /// What stands behind the last segment: behind a scan header, the entropy-coded bytes.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Moves on by a number of bytes.
    pub(crate) fn skip(&mut self, n_bytes: usize) {
        self.at = self.at.saturating_add(n_bytes);
    }
}

/// Two bytes as a number, the more significant one first.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Result<u16, Damage> {
    let pair: Option<[u8; 2]> = bytes.get(at..at + 2).and_then(|b| b.try_into().ok());
    pair.map(u16::from_be_bytes).ok_or("the header is cut")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn fill_bytes_stand_before_any_marker() {
        let bytes = [0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xDD, 0, 4, 0, 7, 0xFF, 0xD9];
        let mut segments = Segments::new(&bytes).unwrap();
        let interval = segments.next().unwrap();
        assert_eq!((interval.marker, interval.body), (marker::DRI, &[0, 7][..]));
        assert_eq!(segments.next().unwrap().marker, marker::EOI);
        assert!(segments.next().is_err());
    }

    #[test]
    fn a_length_that_lies_is_refused() {
        for (name, len) in [("below itself", 1), ("beyond the end", 5)] {
            let bytes = [0xFF, 0xD8, 0xFF, 0xDD, 0, len, 0, 7];
            assert!(Segments::new(&bytes).unwrap().next().is_err(), "{name}");
        }
    }
}
