use std::sync::{Arc, LazyLock};

use volume::{ColourRange, Excluded, ExclusionReason, UltrasoundRegion};

use crate::charset::Charset;
use crate::dataset::Node;
use crate::mask_module::{MaskItem, mask_items};
use crate::native::Lay;
use crate::overlay::{OverlayHead, overlay_heads};
use crate::palette::Palette;
use crate::pet::PetHeader;
use crate::pixel_format::{Photometric, PixelFormat, SampleKind};
use crate::playback::StatedPlayback;
use crate::spacing::aspect_ratio;
use crate::tags;
use crate::ultrasound::regions;
use crate::value_mapping::Signedness;
use crate::walk::PixelElement;

/// What an object says about its pixels beyond format, geometry and value mapping.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ImageFacts {
    /// Stored values that are no measured ones: padding.
    pub(crate) padding: Option<Excluded>,
    /// Supplemental palette.
    pub(crate) colours: Option<Arc<ColourRange>>,
    pub(crate) regions: Arc<[UltrasoundRegion]>,
    pub(crate) overlays: Vec<OverlayHead>,
    pub(crate) mask_items: Vec<MaskItem>,
    pub(crate) pet: Option<Arc<PetHeader>>,
    pub(crate) playback: Option<Arc<StatedPlayback>>,
    pub(crate) notes: Vec<ImageNote>,
}

/// Something that the reader must know of an image; its sentence is in `image_notes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ImageNote {
    AspectContradicts,
    AspectRatio,
    BurnedIn,
    ColourRescaled,
    EnhancedPalette,
    ForProcessing,
    FramesPadded,
    IccProfile,
    LossyBefore,
    OverlayUnreadable,
    Overlays,
    PaddingUnreadable,
    PaletteNamed,
    PixelsLong,
    PresentationContradicts,
    QualityControl,
    SupplementalPalette,
}

impl ImageFacts {
    /// Those of an object without a picture.
    pub(crate) fn none() -> Arc<Self> {
        static NONE: LazyLock<Arc<ImageFacts>> = LazyLock::new(Arc::default);
        Arc::clone(&NONE)
    }

    pub(crate) fn read(
        root: Node<'_>,
        charset: &Charset,
        modality: &str,
        (format, element): (&PixelFormat, &PixelElement),
    ) -> Self {
        let signedness = match format.kind {
            SampleKind::Signed => Signedness::Signed,
            SampleKind::Unsigned | SampleKind::Float => Signedness::Unsigned,
        };
        let mut notes = stated_notes(root, format);
        notes.extend(layout_notes(format, element));
        let (padding, is_padding_readable) = match padding(root, format) {
            Ok(padding) => (padding, true),
            Err(Unreadable) => (None, false),
        };
        if !is_padding_readable {
            notes.push(ImageNote::PaddingUnreadable);
        }
        let colours = supplement(root, format, signedness);
        if colours.is_some() {
            notes.push(ImageNote::SupplementalPalette);
        }
        let (overlays, n_refused) = overlay_heads(root, charset, format);
        if !overlays.is_empty() {
            notes.push(ImageNote::Overlays);
        }
        if 0 < n_refused {
            notes.push(ImageNote::OverlayUnreadable);
        }
        Self {
            padding,
            colours,
            regions: regions(root),
            overlays,
            mask_items: mask_items(root, charset),
            pet: (modality == "PT").then(|| Arc::new(PetHeader::read(root, format.n_frames))),
            playback: StatedPlayback::read(root, format.n_frames),
            notes,
        }
    }

    pub(crate) fn has(&self, note: ImageNote) -> bool {
        self.notes.contains(&note)
    }
}

struct Unreadable;

/// Pixel Padding Value and Range Limit (PS3.3 C.7.5.1.1.2), or their float counterparts, as decoded stored values.
fn padding(root: Node<'_>, format: &PixelFormat) -> Result<Option<Excluded>, Unreadable> {
    if format.n_samples != 1 {
        return Ok(None);
    }
    let [value_tag, limit_tag] = match (format.kind, format.bits_allocated) {
        (SampleKind::Float, 64) => [
            tags::DOUBLE_FLOAT_PIXEL_PADDING_VALUE,
            tags::DOUBLE_FLOAT_PIXEL_PADDING_RANGE_LIMIT,
        ],
        (SampleKind::Float, _) => [
            tags::FLOAT_PIXEL_PADDING_VALUE,
            tags::FLOAT_PIXEL_PADDING_RANGE_LIMIT,
        ],
        _ => [tags::PIXEL_PADDING_VALUE, tags::PIXEL_PADDING_RANGE_LIMIT],
    };
    // An element without a value says nothing.
    let is_said = |tag| root.bytes(tag).is_some_and(|b| !b.is_empty());
    let read = |tag| -> Result<f64, Unreadable> {
        let value = match format.kind {
            SampleKind::Float => root.floats(tag).and_then(|v| v.ok()?.first().copied()),
            _ => root.u16(tag).map(|bits| stored_of(bits, format)),
        };
        value.ok_or(Unreadable)
    };
    if !is_said(value_tag) {
        return Ok(None);
    }
    let value = read(value_tag)?;
    let limit = if is_said(limit_tag) {
        read(limit_tag)?
    } else {
        value
    };
    Ok(Some(Excluded {
        low: value.min(limit),
        high: value.max(limit),
        reason: ExclusionReason::Padding,
    }))
}

/// What decoding makes of a pixel cell with these 16 bits: those above the stored ones go, the sign is extended.
fn stored_of(bits: u16, format: &PixelFormat) -> f64 {
    let is_signed = format.kind == SampleKind::Signed;
    if 16 < format.bits_stored {
        return if is_signed {
            f64::from(bits as i16)
        } else {
            f64::from(bits)
        };
    }
    let above = 16 - u32::from(format.bits_stored.max(1));
    if is_signed {
        f64::from(((bits << above) as i16) >> above)
    } else {
        f64::from(bits << above >> above)
    }
}

/// The colours of a grey picture with a supplemental palette (PS3.3 C.7.6.19).
fn supplement(
    root: Node<'_>,
    format: &PixelFormat,
    signedness: Signedness,
) -> Option<Arc<ColourRange>> {
    if format.photometric != Photometric::Monochrome2 || !root.has(tags::RED_PALETTE_DESCRIPTOR) {
        return None;
    }
    let palette = Palette::read(root, signedness)?;
    Some(Arc::new(ColourRange {
        first_stored: palette.first_value(),
        colours: palette.into_colours(),
    }))
}

/// Notes that rest on an attribute alone.
fn stated_notes(root: Node<'_>, format: &PixelFormat) -> Vec<ImageNote> {
    let says = |tag, value: &str| root.ascii(tag).as_deref() == Some(value);
    let is_grey = matches!(
        format.photometric,
        Photometric::Monochrome1 | Photometric::Monochrome2
    );
    // PRESENTATION LUT SHAPE only repeats what the photometric interpretation says (PS3.3 C.8.11.3.1.2).
    let shape_contradicts = is_grey
        && match format.photometric {
            Photometric::Monochrome1 => says(tags::PRESENTATION_LUT_SHAPE, "IDENTITY"),
            _ => says(tags::PRESENTATION_LUT_SHAPE, "INVERSE"),
        };
    let is_named = format.photometric == Photometric::Palette
        && root.has(tags::PALETTE_UID)
        && !root.has(tags::RED_PALETTE_DESCRIPTOR);
    let all = [
        (ImageNote::BurnedIn, says(tags::BURNED_IN_ANNOTATION, "YES")),
        (
            ImageNote::EnhancedPalette,
            root.has(tags::ENHANCED_PALETTE_SEQUENCE),
        ),
        (
            ImageNote::ForProcessing,
            says(tags::PRESENTATION_INTENT_TYPE, "FOR PROCESSING"),
        ),
        (
            ImageNote::IccProfile,
            !is_grey && root.has(tags::ICC_PROFILE),
        ),
        (
            ImageNote::LossyBefore,
            says(tags::LOSSY_IMAGE_COMPRESSION, "01"),
        ),
        (ImageNote::PaletteNamed, is_named),
        (ImageNote::PresentationContradicts, shape_contradicts),
        (
            ImageNote::QualityControl,
            says(tags::QUALITY_CONTROL_IMAGE, "YES"),
        ),
        (ImageNote::AspectContradicts, aspect_contradicts(root)),
        (
            ImageNote::AspectRatio,
            aspect_ratio(root).is_some_and(|ratio| ratio != 1.0),
        ),
    ];
    all.into_iter()
        .filter(|(_, is_so)| *is_so)
        .map(|(note, _)| note)
        .collect()
}

/// Do Pixel Spacing and Pixel Aspect Ratio give a pixel different shapes? Both together are against the standard
/// (PS3.3 C.7.6.3.1.7); where rows and columns were mixed up in one of them, every length is wrong.
fn aspect_contradicts(root: Node<'_>) -> bool {
    /// Two shapes this close are the same, as a part of the whole.
    const SAME: f64 = 0.02;
    let spacing = root.decimals(tags::PIXEL_SPACING).and_then(Result::ok);
    match (spacing.as_deref(), aspect_ratio(root)) {
        (Some(&[between_rows, between_columns]), Some(ratio))
            if 0.0 < between_rows && 0.0 < between_columns =>
        {
            SAME < (between_rows / between_columns / ratio - 1.0).abs()
        }
        _ => false,
    }
}

/// Notes that rest on how the samples lie.
fn layout_notes(format: &PixelFormat, element: &PixelElement) -> Vec<ImageNote> {
    let mut notes = Vec::new();
    let full_bits = if format.bits_allocated == 8 { 8 } else { 16 };
    if format.n_samples == 3 && format.bits_stored != full_bits {
        notes.push(ImageNote::ColourRescaled);
    }
    if let (Some(len), false) = (element.len, format.bits_allocated == 1) {
        let (len, n_frames) = (u64::from(len), u64::from(format.n_frames));
        let lay = Lay::of(format, len, n_frames);
        if lay.step_bytes != lay.frame_bytes {
            notes.push(ImageNote::FramesPadded);
        } else if lay.frame_bytes * n_frames + 1 < len {
            notes.push(ImageNote::PixelsLong);
        }
    }
    notes
}
