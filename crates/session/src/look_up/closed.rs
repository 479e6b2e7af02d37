//! Which elements of an image stay closed while the case is blinded: everything in which somebody may have written what
//! was found, or who found it. A list of what is open, so that whatever nobody thought of is closed.

/// Text of the standard that says how the image was made, whose it is, and nothing of what is seen on it.
const OPEN_TEXT: &[u32] = &[
    0x0002_0013, // Implementation Version Name
    0x0008_0050, // Accession Number
    0x0008_0070, // Manufacturer
    0x0008_0080, // Institution Name
    0x0008_1010, // Station Name
    0x0008_1030, // Study Description, which the head of the screen shows
    0x0008_103E, // Series Description, which the rail shows
    0x0008_1040, // Institutional Department Name
    0x0008_1090, // Manufacturer's Model Name
    0x0010_0010, // Patient's Name
    0x0010_0020, // Patient ID
    0x0010_0021, // Issuer of Patient ID
    0x0018_0010, // Contrast/Bolus Agent
    0x0018_0024, // Sequence Name
    0x0018_0031, // Radiopharmaceutical
    0x0018_1000, // Device Serial Number
    0x0018_1010, // Secondary Capture Device ID
    0x0018_1016, // Secondary Capture Device Manufacturer
    0x0018_1018, // Secondary Capture Device Manufacturer's Model Name
    0x0018_1019, // Secondary Capture Device Software Versions
    0x0018_1020, // Software Versions
    0x0018_1030, // Protocol Name
    0x0018_1040, // Contrast/Bolus Route
    0x0018_1160, // Filter Type
    0x0018_1210, // Convolution Kernel
    0x0018_1250, // Receive Coil Name
    0x0018_1251, // Transmit Coil Name
    0x0018_5010, // Transducer Data
    0x0018_700A, // Detector ID
    0x0018_9004, // Content Qualification
    0x0018_9005, // Pulse Sequence Name
    0x0018_9041, // Receive Coil Manufacturer Name
    0x0018_9050, // Transmit Coil Manufacturer Name
    0x0020_0010, // Study ID
    0x0020_1040, // Position Reference Indicator
    0x0028_1054, // Rescale Type
    0x0028_1055, // Window Center & Width Explanation, which stands on the image
    0x0040_9210, // LUT Label
    0x0054_1101, // Attenuation Correction Method
    0x0054_1103, // Reconstruction Method
];

/// Sequences of codes for the body part, the view, the agent and the unit; the words of all other codes are closed.
const OPEN_CODES: &[u32] = &[
    0x0008_1032, // Procedure Code Sequence
    0x0008_2218, // Anatomic Region Sequence
    0x0008_2220, // Anatomic Region Modifier Sequence
    0x0018_0012, // Contrast/Bolus Agent Sequence
    0x0018_0026, // Intervention Drug Information Sequence
    0x0018_0029, // Intervention Drug Code Sequence
    0x0018_9346, // CTDI Phantom Type Code Sequence
    0x0040_08EA, // Measurement Units Code Sequence
    0x0054_0220, // View Code Sequence
    0x0054_0222, // View Modifier Code Sequence
    0x0054_0300, // Radionuclide Code Sequence
    0x0054_0302, // Administration Route Code Sequence
    0x0054_0304, // Radiopharmaceutical Code Sequence
    0x0054_0410, // Patient Orientation Code Sequence
    0x0054_0414, // Patient Gantry Relationship Code Sequence
];

/// Groups in which nothing is open, whatever it is: requests and admissions, results and interpretations, storage topics,
/// graphics, presentation, documents, signatures with former values, curves.
const CLOSED_GROUPS: &[u16] = &[
    0x0012, 0x0032, 0x0038, 0x0042, 0x0044, 0x0046, 0x0050, 0x0062, 0x0066, 0x0068, 0x0070, 0x0072,
    0x0074, 0x0076, 0x0078, 0x0088, 0x0400, 0x2200, 0x4000, 0x4008, 0x4010, 0xFFFA, 0xFFFC,
];

/// Elements of other groups that are closed though they are no text, and sequences that are closed with all they hold.
const CLOSED: &[u32] = &[
    0x0008_1049, // Physician(s) of Record Identification Sequence
    0x0008_1052, // Performing Physician Identification Sequence
    0x0008_1062, // Physician(s) Reading Study Identification Sequence
    0x0008_1072, // Operator Identification Sequence
    0x0008_1084, // Admitting Diagnoses Code Sequence
    0x0008_0096, // Referring Physician Identification Sequence
    0x0008_009D, // Consulting Physician Identification Sequence
    0x0008_1110, // Referenced Study Sequence
    0x0008_1111, // Referenced Performed Procedure Step Sequence
    0x0008_9215, // Derivation Code Sequence
    0x0010_2110, // Allergies, and the other words about the patient
    0x0010_21A0, // Smoking Status
    0x0010_21C0, // Pregnancy Status
    0x0018_A001, // Contributing Equipment Sequence names people
    0x0020_9222, // Dimension Index Sequence may name what was found
    0x0028_6010, // Representative Frame Number, Frames of Interest and their words
    0x0028_6020, // Frame Numbers of Interest
    0x0028_6022, // Frame of Interest Description
    0x0028_6023, // Frame of Interest Type
    0x0040_0275, // Request Attributes Sequence
    0x0040_0260, // Performed Protocol Code Sequence
    0x0040_0555, // Acquisition Context Sequence
    0x0040_1012, // Reason for Performed Procedure Code Sequence
    0x0040_100A, // Reason for Requested Procedure Code Sequence
    0x0040_1101, // Person Identification Code Sequence
    0x0040_A043, // Concept Name Code Sequence
    0x0040_A073, // Verifying Observer Sequence
    0x0040_A168, // Concept Code Sequence
    0x0040_A370, // Referenced Request Sequence
    0x0040_A375, // Current Requested Procedure Evidence Sequence
    0x0040_A493, // Verification Flag
    0x0040_A491, // Completion Flag
    0x0040_A504, // Content Template Sequence
    0x0040_A730, // Content Sequence
    0x0040_B020, // Waveform Annotation Sequence
];

/// Vendors whose blocks hold how the image was made. A name that begins otherwise may itself tell what was looked for.
const KNOWN_VENDORS: &[&str] = &[
    "SIEMENS",
    "GEMS",
    "GEIIS",
    "PHILIPS",
    "ELSCINT",
    "TOSHIBA",
    "CANON",
    "HITACHI",
    "FUJI",
    "AGFA",
    "HOLOGIC",
    "SPI",
    "CARESTREAM",
    "KODAK",
    "SHIMADZU",
    "SAMSUNG",
    "UNITED IMAGING",
    "ESAOTE",
    "BRUKER",
    "MITRA",
    "ACUSON",
    "ADAC",
];

/// Where an element stands and how it is written, as far as the rule needs it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Closable<'a> {
    /// Group and element.
    pub(super) tag: u32,
    /// Value representation.
    pub(super) vr: [u8; 2],
    /// Does the dictionary know the tag?
    pub(super) is_known: bool,
    /// The value, where it is the name of who reserves a private block.
    pub(super) reserved_by: Option<&'a str>,
    /// The sequences around it, the outermost first.
    pub(super) around: &'a [u32],
}

/// Must the value of an element stay closed while the case is blinded? When in doubt, yes.
pub(super) fn is_closed_while_blinded(element: &Closable<'_>) -> bool {
    let tag = element.tag;
    let around = element.around;
    if around.iter().any(|s| is_closed_place(*s) || is_private(*s)) || is_closed_place(tag) {
        return true;
    }
    if is_private(tag) {
        return match element.reserved_by {
            Some(name) => !is_known_vendor(name),
            // Words, and bytes that may hold words.
            None => !is_number(element.vr),
        };
    }
    if !element.is_known {
        return true;
    }
    if (0x0008_0100..=0x0008_0124).contains(&tag) && &element.vr != b"SQ" {
        return !around.last().is_some_and(|s| is_open_sequence(*s));
    }
    match &element.vr {
        b"LO" | b"SH" | b"LT" | b"ST" | b"UT" | b"UC" | b"UR" | b"PN" | b"UN" => {
            !OPEN_TEXT.contains(&tag)
        }
        _ => false,
    }
}

/// Do the codes of a sequence say how the image was made, rather than what was found?
fn is_open_sequence(tag: u32) -> bool {
    OPEN_CODES.contains(&tag)
}

fn is_closed_place(tag: u32) -> bool {
    let group = (tag >> 16) as u16;
    let repeats = matches!(group, 0x5000..=0x50FF | 0x6000..=0x60FF);
    repeats || CLOSED_GROUPS.contains(&group) || CLOSED.contains(&tag)
}

fn is_private(tag: u32) -> bool {
    tag >> 16 & 1 == 1
}

fn is_known_vendor(name: &str) -> bool {
    let name = name.trim().to_uppercase();
    KNOWN_VENDORS.iter().any(|vendor| name.starts_with(vendor))
}

/// Numbers, dates and UIDs: nothing that a sentence could stand in.
fn is_number(vr: [u8; 2]) -> bool {
    const ALL: &[&[u8; 2]] = &[
        b"AT", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"SL", b"SS", b"SV", b"TM", b"UI", b"UL",
        b"US", b"UV",
    ];
    ALL.contains(&&vr)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(tag: u32, vr: &[u8; 2], around: &[u32]) -> bool {
        is_closed_while_blinded(&Closable {
            tag,
            vr: *vr,
            is_known: true,
            reserved_by: None,
            around,
        })
    }

    #[test]
    fn what_a_first_reader_may_have_written_is_closed() {
        let rows: [(u32, &[u8; 2], &[u32]); 26] = [
            (0x0008_0090, b"PN", &[]),            // Referring Physician's Name
            (0x0008_1048, b"PN", &[]),            // Physician(s) of Record
            (0x0008_1050, b"PN", &[]),            // Performing Physician's Name
            (0x0008_1060, b"PN", &[]),            // Name of Physician(s) Reading Study
            (0x0008_1062, b"SQ", &[]),            // … with their identification
            (0x0008_1080, b"LO", &[]),            // Admitting Diagnoses Description
            (0x0008_2111, b"ST", &[]),            // Derivation Description
            (0x0008_0104, b"LO", &[0x0008_9215]), // a Derivation Code's meaning
            (0x0008_0104, b"LO", &[]),            // a code without a sequence
            (0x0008_0104, b"LO", &[0x0040_1012]), // Reason for Performed Procedure
            (0x0010_21B0, b"LT", &[]),            // Additional Patient History
            (0x0010_4000, b"LT", &[]),            // Patient Comments
            (0x0020_4000, b"LT", &[]),            // Image Comments
            (0x0028_6022, b"LO", &[]),            // Frame of Interest Description
            (0x0032_1030, b"LO", &[]),            // Reason for Study
            (0x0032_4000, b"LT", &[]),            // Study Comments
            (0x0040_0280, b"ST", &[]),            // Comments on the Performed Procedure Step
            (0x0040_1002, b"LO", &[]),            // Reason for the Requested Procedure
            (0x0040_2400, b"LT", &[]),            // Imaging Service Request Comments
            (0x0040_A160, b"UT", &[0x0040_A730]), // words of a structured report
            (0x0040_A124, b"UI", &[0x0040_A730]), // and its UIDs
            (0x4008_010B, b"ST", &[]),            // Interpretation Text
            (0x4008_010C, b"PN", &[]),            // Interpretation Author
            (0x4008_0212, b"CS", &[]),            // Interpretation Status
            (0x6000_3000, b"OW", &[]),            // Overlay Data
            (0x6002_0022, b"LO", &[]),            // Overlay Description
        ];
        for (tag, vr, around) in rows {
            assert!(closed(tag, vr, around), "{tag:08X}");
        }
    }

    #[test]
    fn how_the_image_was_made_is_open() {
        let rows: [(u32, &[u8; 2], &[u32]); 12] = [
            (0x0002_0010, b"UI", &[]),
            (0x0008_0060, b"CS", &[]),
            (0x0008_0070, b"LO", &[]),
            (0x0008_103E, b"LO", &[]),
            (0x0010_0010, b"PN", &[]),
            (0x0018_0060, b"DS", &[]),
            (0x0018_1210, b"SH", &[]),
            (0x0020_0032, b"DS", &[0x5200_9230, 0x0020_9113]),
            (0x0028_0030, b"DS", &[]),
            (0x0028_1055, b"LO", &[]),
            (0x0008_0104, b"LO", &[0x0008_2218]),
            (0x7FE0_0010, b"OW", &[]),
        ];
        for (tag, vr, around) in rows {
            assert!(!closed(tag, vr, around), "{tag:08X}");
        }
    }

    #[test]
    fn of_private_blocks_only_numbers_are_open() {
        let private = |vr: &[u8; 2], reserved_by: Option<&str>| {
            is_closed_while_blinded(&Closable {
                tag: if reserved_by.is_none() {
                    0x0019_1008
                } else {
                    0x0019_0010
                },
                vr: *vr,
                is_known: false,
                reserved_by,
                around: &[],
            })
        };
        assert!(!private(b"DS", None) && !private(b"US", None));
        for vr in [b"LO", b"LT", b"OB", b"UN", b"CS", b"PN", b"UT", b"SQ"] {
            assert!(private(vr, None), "{vr:?}");
        }
        assert!(!private(b"LO", Some("SIEMENS MR HEADER")));
        assert!(private(b"LO", Some("ACME HAEMORRHAGE DETECTOR")));
        assert!(
            closed(0x0008_0060, b"CS", &[0x0029_1100]),
            "inside a private sequence"
        );
    }

    #[test]
    fn what_the_dictionary_does_not_know_is_closed() {
        let unknown = Closable {
            tag: 0x0018_FFFE,
            vr: *b"DS",
            is_known: false,
            reserved_by: None,
            around: &[],
        };
        assert!(is_closed_while_blinded(&unknown));
    }
}
