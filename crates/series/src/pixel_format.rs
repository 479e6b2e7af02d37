use serde::Serialize;
use thiserror::Error;
use volume::Stored;

use crate::dataset::Node;
use crate::limits;
use crate::tags;
use crate::walk::PixelElement;

/// How the samples of an object are laid out (PS3.3 C.7.6.3), checked against each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PixelFormat {
    /// Rows (0028,0010).
    pub rows: u16,
    /// Columns (0028,0011).
    pub columns: u16,
    /// Samples per Pixel: 1 or 3.
    pub n_samples: u16,
    /// Bits Allocated: 1, 8, 16, 32 or 64; of colour 8, 16 or 32.
    pub bits_allocated: u16,
    /// Bits Stored; equals the allocated ones for float pixels.
    pub bits_stored: u16,
    /// High Bit, 0-based.
    pub high_bit: u16,
    /// Pixel Representation and float elements.
    pub kind: SampleKind,
    /// Photometric Interpretation as stated.
    pub photometric: Photometric,
    /// Planar Configuration.
    pub layout: Layout,
    /// Number of Frames; 1 when absent.
    pub n_frames: u32,
}

/// What a sample is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleKind {
    /// Pixel Representation 0.
    Unsigned,
    /// Pixel Representation 1, two's complement.
    Signed,
    /// Float Pixel Data or Double Float Pixel Data.
    Float,
}

/// Planar Configuration (0028,0006).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// 0: the samples of a pixel together.
    Interleaved,
    /// 1: one plane a sample.
    Planar,
}

/// Photometric Interpretation (PS3.3 C.7.6.3.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Photometric {
    /// MONOCHROME1: small values are white.
    #[serde(rename = "MONOCHROME1")]
    Monochrome1,
    /// MONOCHROME2: small values are black.
    #[serde(rename = "MONOCHROME2")]
    Monochrome2,
    /// PALETTE COLOR: indices into a look-up table.
    #[serde(rename = "PALETTE COLOR")]
    Palette,
    /// RGB.
    #[serde(rename = "RGB")]
    Rgb,
    /// YBR_FULL: 8-bit luminance and two full-range chrominances.
    #[serde(rename = "YBR_FULL")]
    YbrFull,
    /// YBR_FULL_422: the same, chrominances at every second column.
    #[serde(rename = "YBR_FULL_422")]
    YbrFull422,
    /// YBR_ICT: the irreversible transform inside JPEG 2000.
    #[serde(rename = "YBR_ICT")]
    YbrIct,
    /// YBR_RCT: the reversible transform inside JPEG 2000.
    #[serde(rename = "YBR_RCT")]
    YbrRct,
}

impl Photometric {
    /// The defined term.
    pub fn term(self) -> &'static str {
        match self {
            Self::Monochrome1 => "MONOCHROME1",
            Self::Monochrome2 => "MONOCHROME2",
            Self::Palette => "PALETTE COLOR",
            Self::Rgb => "RGB",
            Self::YbrFull => "YBR_FULL",
            Self::YbrFull422 => "YBR_FULL_422",
            Self::YbrIct => "YBR_ICT",
            Self::YbrRct => "YBR_RCT",
        }
    }

    fn from_term(term: &str) -> Option<Self> {
        Some(match term {
            "MONOCHROME1" => Self::Monochrome1,
            "MONOCHROME2" => Self::Monochrome2,
            "PALETTE COLOR" => Self::Palette,
            // What a decoder of JPEG XL gives is red, green and blue, whatever the stream holds.
            "RGB" | "XYB" => Self::Rgb,
            "YBR_FULL" => Self::YbrFull,
            "YBR_FULL_422" => Self::YbrFull422,
            "YBR_ICT" => Self::YbrIct,
            "YBR_RCT" => Self::YbrRct,
            _ => return None,
        })
    }

    /// Why a known term is not shown; `None` for all others.
    fn refused(term: &str) -> Option<FormatProblem> {
        let why = match term {
            "ARGB" | "CMYK" | "HSV" => "which DICOM has retired",
            "YBR_PARTIAL_422" | "YBR_PARTIAL_420" => "which only videos have",
            _ => return None,
        };
        let term = term.to_owned();
        Some(FormatProblem::ColourSpace { term, why })
    }

    fn n_samples(self) -> u16 {
        match self {
            Self::Monochrome1 | Self::Monochrome2 | Self::Palette => 1,
            Self::Rgb | Self::YbrFull | Self::YbrFull422 | Self::YbrIct | Self::YbrRct => 3,
        }
    }
}

/// Why an object's pixels cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FormatProblem {
    /// A mandatory attribute is missing, empty, or of a wrong representation.
    #[error(
        "{name} is missing or unreadable, so the picture cannot be shown; ask for the image to be sent again"
    )]
    Missing {
        /// Keyword of the attribute.
        name: &'static str,
    },
    /// A colour space that DICOM has retired, or that only videos have.
    #[error(
        "PhotometricInterpretation is {term}, {why}, so the colours would be a guess; ask for the image as RGB"
    )]
    ColourSpace {
        /// The defined term.
        term: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An attribute has a value that no picture can have, or that is not supported.
    #[error("{name} is {value}, which cannot be shown; ask for the image in another form")]
    Unsupported {
        /// Keyword of the attribute.
        name: &'static str,
        /// Its value.
        value: String,
    },
    /// The picture is larger than the cap.
    #[error("a frame would need {bytes} bytes, more than the {limit} allowed")]
    TooLarge {
        /// Bytes of one frame.
        bytes: u64,
        /// The cap.
        limit: u64,
    },
}

impl PixelFormat {
    /// Reads and checks the attributes of the image pixel module.
    pub(crate) fn read(root: Node<'_>, pixels: &PixelElement) -> Result<Self, FormatProblem> {
        let need = |tag, name| root.u16(tag).ok_or(FormatProblem::Missing { name });
        let unsupported = |name, value: &dyn ToString| FormatProblem::Unsupported {
            name,
            value: value.to_string(),
        };
        let (rows, columns) = (need(tags::ROWS, "Rows")?, need(tags::COLUMNS, "Columns")?);
        if rows == 0 || columns == 0 {
            return Err(unsupported("Rows or Columns", &0));
        }
        let n_samples = root.u16(tags::SAMPLES_PER_PIXEL).unwrap_or(1);
        let bits_allocated = need(tags::BITS_ALLOCATED, "BitsAllocated")?;
        let is_float = pixels.tag != tags::PIXEL_DATA;
        let allowed: &[u16] = match pixels.tag {
            tags::FLOAT_PIXEL_DATA => &[32],
            tags::DOUBLE_FLOAT_PIXEL_DATA => &[64],
            _ => &[1, 8, 16, 32, 64],
        };
        if !allowed.contains(&bits_allocated) {
            return Err(unsupported("BitsAllocated", &bits_allocated));
        }
        let bits_stored = if is_float {
            bits_allocated
        } else {
            need(tags::BITS_STORED, "BitsStored")?
        };
        if bits_stored == 0 || bits_allocated < bits_stored {
            return Err(unsupported("BitsStored", &bits_stored));
        }
        let high_bit = root
            .u16(tags::HIGH_BIT)
            .filter(|_| !is_float)
            .unwrap_or(bits_stored - 1);
        let kind = match is_float {
            true => SampleKind::Float,
            // Colours have no sign, so nothing is guessed where it is not stated.
            false if n_samples == 3 && !root.has(tags::PIXEL_REPRESENTATION) => {
                SampleKind::Unsigned
            }
            false => match need(tags::PIXEL_REPRESENTATION, "PixelRepresentation")? {
                0 => SampleKind::Unsigned,
                1 => SampleKind::Signed,
                other => return Err(unsupported("PixelRepresentation", &other)),
            },
        };
        let term = root.ascii(tags::PHOTOMETRIC_INTERPRETATION);
        let term = term.ok_or(FormatProblem::Missing {
            name: "PhotometricInterpretation",
        })?;
        let term = term.to_ascii_uppercase();
        let photometric = Photometric::from_term(&term).ok_or_else(|| {
            Photometric::refused(&term)
                .unwrap_or_else(|| unsupported("PhotometricInterpretation", &term))
        })?;
        if photometric.n_samples() != n_samples {
            return Err(unsupported("SamplesPerPixel", &n_samples));
        }
        let layout = match root
            .u16(tags::PLANAR_CONFIGURATION)
            .filter(|_| n_samples == 3)
        {
            None | Some(0) => Layout::Interleaved,
            Some(1) => Layout::Planar,
            Some(other) => return Err(unsupported("PlanarConfiguration", &other)),
        };
        let format = Self {
            rows,
            columns,
            n_samples,
            bits_allocated,
            bits_stored,
            high_bit,
            kind,
            photometric,
            layout,
            n_frames: n_frames(root)?,
        };
        format.check()
    }

    fn check(self) -> Result<Self, FormatProblem> {
        let bytes = self.frame_bytes();
        if limits::MAX_FRAME_BYTES < bytes {
            return Err(FormatProblem::TooLarge {
                bytes,
                limit: limits::MAX_FRAME_BYTES,
            });
        }
        if self.n_samples == 3 && !matches!(self.bits_allocated, 8 | 16 | 32) {
            return Err(FormatProblem::Unsupported {
                name: "BitsAllocated of a colour image",
                value: self.bits_allocated.to_string(),
            });
        }
        Ok(self)
    }

    /// Pixels of a frame.
    pub fn n_pixels(&self) -> usize {
        usize::from(self.rows) * usize::from(self.columns)
    }

    /// Samples of a frame.
    pub(crate) fn n_values(&self) -> usize {
        self.n_pixels() * usize::from(self.n_samples)
    }

    /// Bytes of a decoded frame; a frame of single bits counts a byte a pixel.
    pub fn frame_bytes(&self) -> u64 {
        let samples = u64::from(self.rows) * u64::from(self.columns) * u64::from(self.n_samples);
        samples * u64::from(self.bits_allocated.div_ceil(8))
    }

    /// The element type of decoded values.
    pub fn stored(&self) -> Stored {
        match (self.n_samples, self.bits_allocated, self.kind) {
            (3, 16 | 32, _) => Stored::Rgb16,
            (3, ..) => Stored::Rgb8,
            // Integers of 64 bits are kept as doubles, and refused where those would not be exact.
            (_, 64, _) => Stored::F64,
            (_, _, SampleKind::Float) => Stored::F32,
            (_, 16, SampleKind::Unsigned) => Stored::U16,
            (_, 16, SampleKind::Signed) => Stored::I16,
            (_, 32, SampleKind::Unsigned) => Stored::U32,
            (_, 32, SampleKind::Signed) => Stored::I32,
            (_, 8, SampleKind::Signed) => Stored::I8,
            (..) => Stored::U8,
        }
    }
}

fn n_frames(root: Node<'_>) -> Result<u32, FormatProblem> {
    match root.integer(tags::NUMBER_OF_FRAMES) {
        None => Ok(1),
        Some(Ok(n)) => u32::try_from(n)
            .ok()
            .filter(|n| (1..=limits::MAX_FRAMES).contains(n))
            .ok_or_else(|| FormatProblem::Unsupported {
                name: "NumberOfFrames",
                value: n.to_string(),
            }),
        Some(Err(_)) => Err(FormatProblem::Missing {
            name: "NumberOfFrames",
        }),
    }
}
