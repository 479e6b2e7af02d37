use volume::{ModalityLut, SpacingSource};

use crate::draft::Draft;
use crate::image_facts::ImageNote;
use crate::slot::Slot;
use crate::warning::Severity;

impl Draft<'_> {
    /// Says what the reader must know of the images of the slices.
    pub(crate) fn warn_of_images(&mut self, places: &[Option<Slot>]) {
        let notes = |s: &Slot| s.instance.facts.notes.clone();
        let mut all: Vec<ImageNote> = places.iter().flatten().flat_map(notes).collect();
        // Each is said once a volume, in a fixed order.
        all.sort_by_key(|note| said(*note).0);
        all.dedup();
        for note in all {
            let is_of_no_use = note == ImageNote::AspectRatio
                && places
                    .iter()
                    .flatten()
                    .filter_map(Slot::frame)
                    .all(|f| f.spacing.source != SpacingSource::Unknown);
            if !is_of_no_use {
                let (code, severity, text) = said(note);
                self.warn(code, severity, text);
            }
        }
        let refused = |s: &Slot| s.frame().is_some_and(|f| 0 < f.values.n_real_world_refused);
        if places.iter().flatten().any(refused) {
            self.warn(
                "real_world_unreadable",
                Severity::Info,
                "A real world value mapping of the images cannot be read and is not offered.",
            );
        }
    }

    /// Says what of the values' meaning had to be left out.
    pub(crate) fn warn_of_meaning(&mut self, places: &[Option<Slot>], modality_lut: &ModalityLut) {
        let paddings: Vec<_> = places
            .iter()
            .flatten()
            .map(|s| s.instance.facts.padding)
            .collect();
        if paddings.iter().any(|p| Some(p) != paddings.first()) {
            let (code, severity, text) = match paddings.iter().any(Option::is_none) {
                false => (
                    "padding_each_slice",
                    Severity::Info,
                    "The slices state different padding values; of each slice its own is left out of numbers and windows.",
                ),
                true => (
                    "padding_varies",
                    Severity::Warning,
                    "Some slices state a padding value and others none; of each slice its own is left out, so that numbers and windows of the others may count padding. Check regions near the edge of the image.",
                ),
            };
            self.warn(code, severity, text);
        }
        let is_pet = places
            .iter()
            .flatten()
            .any(|s| s.instance.facts.pet.is_some());
        if is_pet {
            let (quantities, problems) =
                crate::meaning::suv_of(places, modality_lut, self.pet_extent());
            let offered: Vec<&str> = quantities.iter().map(|q| q.name.as_str()).collect();
            for problem in problems {
                let text = match offered.as_slice() {
                    [] => problem.to_string(),
                    some => format!(
                        "{}, so standardised uptake is offered as {} alone",
                        problem.reason(),
                        some.join(" and ")
                    ),
                };
                self.warn(
                    "suv_unavailable",
                    Severity::Info,
                    crate::scan::sentence(&text),
                );
            }
        }
    }
}

/// Code, severity and sentence of a note.
fn said(note: ImageNote) -> (&'static str, Severity, &'static str) {
    use Severity::{Info, Warning};
    match note {
        ImageNote::AspectContradicts => (
            "aspect_ratio_contradicts",
            Warning,
            "Pixel Spacing and Pixel Aspect Ratio give the pixels different shapes; the spacing was believed. Compare a length along the rows and one along the columns with something known before relying on either.",
        ),
        ImageNote::AspectRatio => (
            "pixel_aspect_ratio",
            Warning,
            "Pixels are not square and their size is unknown: pictures have the right shape, and lengths in pixels count widths of a pixel.",
        ),
        ImageNote::BurnedIn => (
            "burned_in_annotation",
            Warning,
            "Words or marks are burned into the pixels and cannot be hidden; they may tell what a first reader saw.",
        ),
        ImageNote::ColourRescaled => (
            "colour_rescaled",
            Warning,
            "The colours have an unusual number of bits; they were spread over the full range of 8 or 16 bits, so that stored values are not those of the file.",
        ),
        ImageNote::EnhancedPalette => (
            "enhanced_palette_ignored",
            Warning,
            "The image asks for an enhanced palette, which is not applied: it is shown in grey, and colours such as flow are missing.",
        ),
        ImageNote::ForProcessing => (
            "for_processing",
            Warning,
            "This is a raw image for processing, not for reading; read the one for presentation.",
        ),
        ImageNote::FramesPadded => (
            "frames_padded",
            Info,
            "Each frame is filled up to an even length, which the standard does not allow; the length was believed.",
        ),
        ImageNote::IccProfile => (
            "icc_ignored",
            Info,
            "The colour profile of the image is not applied; colours may differ from those at the modality.",
        ),
        ImageNote::LossyBefore => (
            "lossy_before",
            Info,
            "The image was compressed with loss at some time; fine detail may be changed.",
        ),
        ImageNote::OverlayUnreadable => (
            "overlay_unreadable",
            Info,
            "An overlay of the image cannot be read and is not offered.",
        ),
        ImageNote::Overlays => (
            "overlays_present",
            Info,
            "The image carries overlays; they stay hidden until they are asked for.",
        ),
        ImageNote::PaddingUnreadable => (
            "padding_unreadable",
            Warning,
            "The padding value cannot be read, so numbers and windows may count padding.",
        ),
        ImageNote::PaletteNamed => (
            "palette_named",
            Warning,
            "The image only names its palette and does not hold it, so indices are shown as grey.",
        ),
        ImageNote::PixelsLong => (
            "pixel_data_long",
            Info,
            "There are more pixel data than the attributes ask for; what is left over is not shown.",
        ),
        ImageNote::PresentationContradicts => (
            "presentation_contradicts",
            Warning,
            "The image says both that small values are black and that they are white; the photometric interpretation was believed. Invert the picture if it looks wrong.",
        ),
        ImageNote::QualityControl => (
            "quality_control_image",
            Info,
            "This image was made for quality control, not of the patient's disease.",
        ),
        ImageNote::SupplementalPalette => (
            "supplemental_palette",
            Info,
            "Some stored values stand for colours, for instance of flow; they are no measured values and take no part in numbers. The slices show them in colour, planes across the slices leave them black.",
        ),
    }
}
