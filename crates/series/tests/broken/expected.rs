//! What each broken case gives.

/// The cases in their order: the id, and the codes of all that is said, between blanks and in the order of the alphabet.
/// Where nothing is said, what is wrong changes nothing of what is shown, or cannot be known.
pub const EXPECTED: &[(&str, &str)] = &[
    // Empty file.
    ("C01", "file_empty"),
    // Preamble alone.
    ("C02", "not_dicom"),
    // Ends after the magic word.
    ("C03", "file_truncated"),
    // Bare data set without preamble.
    ("C04", "preamble_missing transfer_syntax_missing"),
    // Wrong magic word.
    ("C05", "not_dicom"),
    // Program header in the preamble.
    ("C06", "executable_preamble"),
    // ELF header in the preamble.
    ("C07", "executable_preamble"),
    // No transfer syntax.
    ("C08", "transfer_syntax_missing"),
    // Unknown transfer syntax.
    ("C09", "syntax_unknown"),
    // Group length of the meta information is 0.
    ("C10", ""),
    // Group length of the meta information is 0xFFFFFFFF.
    ("C11", ""),
    // Group length of the meta information too long.
    ("C12", ""),
    // Group length of the meta information too short.
    ("C13", ""),
    // Private meta element of 4 GB.
    ("C14", "length_beyond_end"),
    // Invalid value representation in the meta information.
    ("C15", "length_beyond_end"),
    // Cut at twenty places.
    (
        "C16",
        "duplicate_uid_differs file_truncated length_beyond_end no_pixel_data not_dicom one_place pixel_data_short study_uid_missing trailing_bytes uid_odd",
    ),
    // 1 kB of 0xFF after the end.
    ("C17", ""),
    // 1 MB of zeros.
    ("C18a", "not_dicom"),
    // 1 MB of 0xFF.
    ("C18b", "not_dicom"),
    // 1 MB of chance.
    ("C18c", "not_dicom"),
    // 1 MB of chance after a sound header.
    ("C18d", "length_beyond_end"),
    // A text file.
    ("C18e", "not_dicom"),
    // Text claims 4 GB.
    ("C19", "length_beyond_end"),
    // Bytes claim 2 GB.
    ("C20", "length_beyond_end"),
    // Pixel data claims 4 GB.
    ("C21", "pixel_data_long pixel_data_short"),
    // Text of undefined length.
    ("C22", "structure_broken"),
    // Value of odd length.
    ("C23", "odd_length"),
    // 10 nested sequences.
    ("C24a", ""),
    // 64 nested sequences.
    ("C24b", ""),
    // 65 nested sequences.
    ("C24c", "nested_too_deep"),
    // 300 nested sequences.
    ("C24d", "nested_too_deep"),
    // 5,000 nested sequences.
    ("C25", "nested_too_deep"),
    // 100,000 nested sequences.
    ("C26", "nested_too_deep"),
    // 1,000,000 nested sequences.
    ("C27", "nested_too_deep"),
    // 100,000 nested sequences, none closed.
    ("C28", "nested_too_deep"),
    // Item never closed.
    ("C29", "file_truncated"),
    // Item longer than its sequence.
    ("C30", "length_beyond_end"),
    // Sequence delimiter outside of a sequence.
    ("C31", "stray_delimiter"),
    // Item outside of a sequence.
    ("C32", "item_outside_sequence"),
    // 1,000,000 empty items.
    ("C33", "too_many_items"),
    // Group length of group 8 lies.
    ("C34", "duplicate_same_picture"),
    // Element twice.
    ("C35", "duplicate_element"),
    // Elements out of order.
    ("C36", "elements_unsorted"),
    // Identifier of 200 characters.
    ("C37a", "no_identity"),
    // Identifier with letters.
    ("C37b", "one_place uid_odd"),
    // Rows as text, as a huge number, empty.
    ("C38", "pixel_attributes"),
    // No rows.
    ("C39", "pixel_attributes"),
    // 65535 × 65535 pixels in 32 bytes.
    ("C40", "pixel_attributes"),
    // 2147483647 frames.
    ("C41", "pixel_attributes"),
    // Number of frames −1, 0, abc, 99999999999.
    ("C42", "pixel_attributes"),
    // Rows, bits, sign or photometric interpretation missing.
    ("C43", "pixel_attributes"),
    // More bits stored than allocated.
    ("C44", "pixel_attributes"),
    // High bit is not bits stored − 1.
    ("C45", "high_bit_odd"),
    // Bits allocated 0, 12, 65535.
    ("C46", "pixel_attributes"),
    // One bit a pixel.
    ("C47", ""),
    // Pixel data too short.
    ("C48", "pixel_data_short"),
    // Pixel data too long.
    ("C49", "pixel_data_long"),
    // Pixel data empty.
    ("C50a", "pixel_data_short"),
    // Pixel data missing.
    ("C50b", "no_pixel_data"),
    // Rescale slope NaN, 1e400, abc, 1,5 or empty.
    ("C51", "duplicate_same_picture rescale_unreadable"),
    // Rescale slope 0.
    ("C52", "rescale_unreadable"),
    // Window width 0, negative, several, no number.
    (
        "C53",
        "duplicate_same_picture duplicate_uid_differs one_place window_unreadable window_varies",
    ),
    // Palette missing.
    ("C54a", "palette_unusable"),
    // Palette too short.
    ("C54b", "palette_unusable"),
    // Planar configuration 7.
    ("C55", "pixel_attributes"),
    // YBR_FULL_422 with odd columns.
    ("C56", "pixel_data_long"),
    // 65535 samples a pixel.
    ("C57", "pixel_attributes"),
    // Floating point pixel data.
    ("C58", ""),
    // Unsigned label on signed values.
    ("C59", ""),
    // Enhanced file without functional groups.
    ("C59b", "position_missing spacing_missing"),
    // Unknown character set.
    ("C60", "charset_guessed"),
    // Invalid UTF-8 in the name.
    ("C61", "charset_guessed"),
    // Bad escape of ISO 2022.
    ("C62", "charset_guessed"),
    // Bidirectional and invisible marks in the name.
    ("C63", ""),
    // Control characters and terminal escapes.
    ("C64", ""),
    // Comment of 64 MB.
    ("C65", ""),
    // Name of 1 MB.
    ("C65b", "identity_too_long"),
    // Dates and times out of range.
    ("C66", "two_patients"),
    // Big endian label, little endian data.
    ("C67", "structure_broken"),
    // Implicit label, explicit data.
    ("C68", "syntax_mismatch"),
    // RLE label, native data.
    ("C69", "syntax_mismatch"),
    // Native label, fragments.
    ("K01", "stream_other_than_stated syntax_mismatch"),
    // Deflate stream that grows to 512 MB.
    ("K02", "inflates_too_large"),
    // Deflate label, garbage.
    ("K03", "inflate_failed"),
    // RLE header of 0xFFFFFFFF segments.
    ("K04", "codec_failed"),
    // RLE segment offset out of bounds.
    ("K05", "codec_failed"),
    // RLE fragment of two bytes.
    ("K06", "codec_failed"),
    // RLE literal cut short.
    ("K07", "codec_failed"),
    // RLE run beyond the frame.
    ("K08", ""),
    // 65535 × 65535 pixels in 1 kB of RLE.
    ("K09", "pixel_attributes"),
    // RLE of twice as many rows.
    ("K08b", "compressed_rows_left_over"),
    // No fragments.
    ("K10", "frame_missing"),
    // Fragment claims 4 GB.
    ("K11", "frame_missing"),
    // No delimiter after the fragments.
    ("K12", "fragments_unclosed"),
    // Offset table out of bounds.
    ("K13", ""),
    // 1,000,000 frames, one fragment.
    ("K14", "pixel_attributes"),
    // JPEG garbage.
    ("K15", "codec_failed"),
    // JPEG baseline garbage.
    ("K15b", "codec_failed"),
    // JPEG with arithmetic coding.
    ("K15c", "codec_unsupported"),
    // JPEG of another size.
    ("K16", "stream_differs"),
    // JPEG 2000 header of 100,000 × 100,000.
    ("K17", "stream_differs"),
    // JPEG-LS header of 65,535 × 65,535.
    ("K18", "stream_differs"),
    // HTJ2K header of 100,000 × 100,000.
    ("K19", "stream_differs"),
    // JPEG XL header of a billion pixels a side.
    ("K20", "codec_failed"),
    // JPEG 2000 header of 4,000 components.
    ("K21", "stream_differs"),
    // JPEG 2000 header of 16,384 tiles.
    ("K22", "codec_unsupported"),
    // Progressive JPEG of 20,000 scans.
    ("K23", "codec_failed"),
    // Two patients under one series identifier.
    ("C70", "two_patients"),
    // Same instance twice, same bytes.
    ("C71", "duplicate_file"),
    // Same identifier, different pixels.
    ("C72", "duplicate_uid_differs"),
    // Same study identifier, different name.
    ("C73", "two_patients"),
    // No study identifier.
    ("C74", "study_uid_missing uid_odd"),
    // Localizer inside the series.
    ("C75", "mixed_orientation"),
    // Two orientations in one series.
    ("C76", "mixed_orientation"),
    // Orientation off by 1° in half of the slices.
    ("C77a", "mixed_orientation"),
    // Orientation off by 0.01° in half of the slices.
    ("C77b", "unsorted"),
    // One slice missing.
    ("C78a", "missing_slices slice_missing"),
    // Ten slices missing.
    ("C78b", "missing_slices slice_missing"),
    // First slice missing.
    ("C78c", ""),
    // Two phases at the same positions.
    ("C79", "duplicate_positions"),
    // Uneven spacing.
    ("C80", "uneven_spacing"),
    // Overlapping slices.
    ("C81", "slices_overlap"),
    // Gantry tilted by 15°.
    ("C82a", "gantry_tilt slices_apart"),
    // Gantry tilted by −30°.
    ("C82b", "gantry_tilt slices_apart"),
    // Pixel spacing negative, zero, no number.
    (
        "C83",
        "duplicate_same_picture spacing_missing spacing_unreadable",
    ),
    // Slope differs from slice to slice.
    ("C85", "rescale_varies"),
    // Direction cosines zero, skewed, no number.
    (
        "C86a",
        "duplicate_same_picture orientation_unusable position_missing",
    ),
    // Position NaN, 1e38, incomplete.
    (
        "C86c",
        "duplicate_same_picture position_missing position_unusable",
    ),
    // Instance numbers run backwards.
    ("C86d", ""),
    // No frame of reference.
    ("C86e", "frame_of_reference_missing"),
    // Slice location contradicts the position.
    ("C86f", ""),
    // No patient position.
    ("C86g", ""),
    // DICOMDIR points above its folder.
    ("C87", "dicomdir_path_refused dicomdir_unreadable"),
    // DICOMDIR points to an absolute path.
    ("C88a", "dicomdir_path_refused dicomdir_unreadable"),
    // DICOMDIR points to a drive.
    ("C88b", "dicomdir_path_refused dicomdir_unreadable"),
    // DICOMDIR records form a loop.
    ("C90", ""),
    // DICOMDIR names a file that is not there.
    ("C92", "dicomdir_file_missing dicomdir_unreadable"),
    // Zip entry above its folder.
    ("C94a", "zip_path_refused"),
    // Zip entry with an absolute path.
    ("C94b", "zip_path_refused"),
    // Zip entry is a symbolic link.
    ("C94c", "zip_link_refused"),
    // Zip entry with a drive and backslashes.
    ("C94d", "zip_path_refused"),
    // Zip within zip within zip.
    ("C95", "archive_nested_too_deep"),
    // Zip entry claims 4 GB.
    ("C96", "file_unreadable"),
    // Two zip entries of one name.
    ("C97", "not_dicom zip_names_double"),
    // Zip entry with a wrong checksum.
    ("C98", "duplicate_uid_differs file_unreadable one_place"),
    // Zip cut in half.
    ("C98b", "zip_unreadable"),
    // Folder named like a file.
    ("C100", ""),
    // Structured report marked verified without an observer.
    ("C103", ""),
    // Report of another patient beside the images.
    ("C104", "two_patients"),
    // Structured report refers to absent images.
    ("C105", ""),
    // PDF with a script.
    ("C108", "not_dicom"),
    // XML document with entities that multiply.
    ("C110", "not_dicom"),
    // Report text in another character set than it says.
    ("C113", "charset_guessed"),
];
