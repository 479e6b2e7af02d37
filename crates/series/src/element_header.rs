use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_core::{Tag, VR};

/// An element's header as it is written.
pub(crate) struct Header {
    pub(crate) tag: u32,
    pub(crate) vr: [u8; 2],
    pub(crate) len: u32,
    pub(crate) header_len: u64,
}

/// Tag and length of an item's header of eight bytes.
pub(crate) fn item_header(bytes: &[u8], big_endian: bool) -> (u32, u32) {
    let mut b = [0; 8];
    for (to, from) in b.iter_mut().zip(bytes) {
        *to = *from;
    }
    let [g0, g1, e0, e1, l0, l1, l2, l3] = b;
    if big_endian {
        (
            u32::from_be_bytes([g0, g1, e0, e1]),
            u32::from_be_bytes([l0, l1, l2, l3]),
        )
    } else {
        (
            u32::from_be_bytes([g1, g0, e1, e0]),
            u32::from_le_bytes([l0, l1, l2, l3]),
        )
    }
}

/// Representations with a 32-bit length (PS3.5 7.1.2).
pub(crate) fn is_long_form(vr: [u8; 2]) -> bool {
    matches!(
        &vr,
        b"OB"
            | b"OD"
            | b"OF"
            | b"OL"
            | b"OV"
            | b"OW"
            | b"SQ"
            | b"SV"
            | b"UC"
            | b"UN"
            | b"UR"
            | b"UT"
            | b"UV"
    )
}

/// Representations with a 16-bit length (PS3.5 7.1.2).
pub(crate) fn is_short_form(vr: [u8; 2]) -> bool {
    matches!(
        &vr,
        b"AE"
            | b"AS"
            | b"AT"
            | b"CS"
            | b"DA"
            | b"DS"
            | b"DT"
            | b"FD"
            | b"FL"
            | b"IS"
            | b"LO"
            | b"LT"
            | b"PN"
            | b"SH"
            | b"SL"
            | b"SS"
            | b"ST"
            | b"TM"
            | b"UI"
            | b"UL"
            | b"US"
    )
}

/// Does the dictionary of PS3.6 give a tag this representation, and no other?
pub(crate) fn has_representation(tag: u32, vr: [u8; 2]) -> bool {
    let key = Tag((tag >> 16) as u16, (tag & 0xFFFF) as u16);
    dicom_dictionary_std::StandardDataDictionary
        .by_tag(key)
        .is_some_and(|entry| match entry.vr() {
            VirtualVr::Exact(of_tag) => of_tag.to_bytes() == vr,
            _ => false,
        })
}

/// Is it a sequence by the dictionary of PS3.6? Only asked where the syntax is implicit.
pub(crate) fn is_sequence(tag: u32) -> bool {
    let key = Tag((tag >> 16) as u16, (tag & 0xFFFF) as u16);
    dicom_dictionary_std::StandardDataDictionary
        .by_tag(key)
        .is_some_and(|entry| matches!(entry.vr(), VirtualVr::Exact(VR::SQ)))
}

/// The representation that the dictionary of PS3.6 gives a tag; `None` where it does not know it.
pub(crate) fn dictionary_vr(tag: u32) -> Option<VirtualVr> {
    let key = Tag((tag >> 16) as u16, (tag & 0xFFFF) as u16);
    let entry = dicom_dictionary_std::StandardDataDictionary.by_tag(key)?;
    Some(entry.vr())
}

/// The keyword of a tag in PS3.6; empty where the dictionary does not know it.
pub(crate) fn keyword(tag: u32) -> &'static str {
    let key = Tag((tag >> 16) as u16, (tag & 0xFFFF) as u16);
    let is_private = tag >> 16 & 1 == 1;
    match dicom_dictionary_std::StandardDataDictionary.by_tag(key) {
        Some(entry) if !is_private => entry.alias,
        _ => "",
    }
}
