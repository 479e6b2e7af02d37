//! Which warnings are a question before the read, and which are a limitation that needs none.
//!
//! A question is whatever may mean that the reader has not all of the study, or that of somebody else: it keeps the case
//! in intake until somebody accepts it. What only says how the images are made is seen on each image, turns tools off
//! where it must and goes into the limitations of the seal; nobody can change it, so nobody is asked.

use case::Settled;

/// Warnings that say how images are made, and all of whose images are there.
const LIMITS: &[&str] = &[
    // Places and directions.
    "depth_blurred",
    "duplicate_positions",
    "frame_offsets_contradict",
    "frame_offsets_unusable",
    "localizer_apart",
    "mixed_frame_of_reference",
    "mixed_matrix",
    "mixed_modality",
    "mixed_orientation",
    "mixed_spacing",
    "mosaic_packed",
    "orientation_unusable",
    "position_missing",
    "position_missing_in_some",
    "position_unusable",
    "slices_far_apart",
    "slices_shifted",
    "uneven_spacing",
    "volume_space_only",
    // Lengths.
    "magnification_contradicts",
    "aspect_ratio_contradicts",
    "pixel_aspect_ratio",
    "spacing_distance_corrected",
    "spacing_missing",
    "spacing_plane_unknown",
    "spacing_unreadable",
    // Values and colours.
    "burned_in_annotation",
    "colour_other_than_stated",
    "colour_rescaled",
    "enhanced_palette_ignored",
    "mask_subtracted",
    "not_subtracted",
    "padding_unreadable",
    "padding_varies",
    "palette_named",
    "palette_unusable",
    "presentation_contradicts",
    "rescale_inconsistent",
    "rescale_unreadable",
    "samples_clamped",
    "sign_other_than_stated",
    "whole_slide_tiles",
    // How files are written.
    "duplicate_element",
    "executable_preamble",
    "offset_table_wrong",
    "stream_other_than_stated",
    "syntax_mismatch",
    "transfer_syntax_missing",
    "vr_unknown",
];

/// Does a warning wait to be accepted, or is it on record as it is? One that is not listed waits.
pub(crate) fn settled_at_first(code: &str) -> Settled {
    if LIMITS.contains(&code) {
        Settled::Yes
    } else {
        Settled::No
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_missing_or_another_s_is_asked() {
        for code in [
            "missing_slices",
            "instance_numbers_missing",
            "concatenation_incomplete",
            "two_patients",
            "duplicate_uid_differs",
            "other_patient_left_out",
            "zip_encrypted",
            "too_many_files",
            "dicomdir_file_missing",
            "frame_count_differs",
            "video_unsupported",
            "for_processing",
            "overlay_unreadable",
            "a_code_that_nobody_thought_of",
        ] {
            assert_eq!(settled_at_first(code), Settled::No, "{code}");
        }
        for code in ["slices_far_apart", "uneven_spacing", "spacing_missing"] {
            assert_eq!(settled_at_first(code), Settled::Yes, "{code}");
        }
    }

    #[test]
    fn each_limit_is_a_warning_that_series_give() {
        let table = include_str!("../../series/WARNINGS.md");
        for code in LIMITS {
            let row = format!("| `{code}` | warning |");
            assert!(table.contains(&row), "{code} is no warning of {row}");
        }
        assert!(LIMITS.len() > 40);
    }
}
