use std::sync::Arc;

use volume::{Rescale, ValueUnit, Voi, VoiFunction};

use crate::charset::Charset;
use crate::dataset::Node;
use crate::tags;

/// How the stored values of a frame become modality values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Mapping {
    /// Nothing is said: stored values are the values.
    Absent,
    Rescale(Rescale),
    Table(Arc<ModalityTable>),
    /// Something is said that cannot be read. Values must stay stored ones.
    Unreadable,
}

/// A Modality LUT (PS3.3 C.11.1).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ModalityTable {
    pub(crate) first_value: i64,
    pub(crate) entries: Vec<f64>,
}

/// A look-up table as it is written: LUT Descriptor (0028,3002) and LUT Data.
pub(crate) struct RawTable {
    pub(crate) first_value: i64,
    pub(crate) bits: u16,
    pub(crate) entries: Vec<u16>,
}

/// Reads descriptor and data; `None` when they contradict each other.
///
/// Zero entries mean 65,536; the first value is signed where the pixels are (PS3.3 C.11.1.1.1).
pub(crate) fn raw_table(
    descriptor: &[u16],
    data: &[u16],
    pixels_are_signed: Signedness,
) -> Option<RawTable> {
    let &[n, first, bits] = descriptor else {
        return None;
    };
    let n = if n == 0 { 65_536 } else { usize::from(n) };
    let first_value = match pixels_are_signed {
        Signedness::Signed => i64::from(first as i16),
        Signedness::Unsigned => i64::from(first),
    };
    let entries = if data.len() == n {
        data.to_vec()
    } else if data.len() == n.div_ceil(2) && bits <= 8 {
        data.iter()
            .flat_map(|v| [v & 0xFF, v >> 8])
            .take(n)
            .collect()
    } else {
        return None;
    };
    (1..=16).contains(&bits).then_some(RawTable {
        first_value,
        bits,
        entries,
    })
}

/// Whether pixels, and with them the first mapped value of a table, are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signedness {
    Signed,
    Unsigned,
}

/// X-Ray Angiographic or Radiofluoroscopic Image Storage?
fn is_projection_run(node: Node<'_>) -> bool {
    let sop_class = node.ascii(tags::SOP_CLASS_UID);
    matches!(
        sop_class.as_deref(),
        Some("1.2.840.10008.5.1.4.1.1.12.1" | "1.2.840.10008.5.1.4.1.1.12.2")
    )
}

/// Is the object a localizer (Image Type, value 3)?
pub(crate) fn is_localizer(root: Node<'_>) -> bool {
    let image_type = root.ascii(tags::IMAGE_TYPE).unwrap_or_default();
    image_type.split('\\').any(|v| v.trim() == "LOCALIZER")
}

/// Modality LUT Sequence or Rescale Slope and Intercept of the object or of a functional group.
pub(crate) fn mapping(node: Node<'_>, signedness: Signedness) -> Mapping {
    // Of angiographic and fluoroscopic images the table serves quantification; they are shown without it (PS3.4 N.2.1.2).
    let for_display = !is_projection_run(node);
    if let Some(item) = node
        .item(tags::MODALITY_LUT_SEQUENCE)
        .filter(|_| for_display)
    {
        let table = item
            .u16s(tags::LUT_DESCRIPTOR)
            .zip(item.u16s(tags::LUT_DATA))
            .and_then(|(descriptor, data)| raw_table(&descriptor, &data, signedness));
        return table.map_or(Mapping::Unreadable, |t| {
            let entries = t.entries.iter().map(|v| f64::from(*v)).collect();
            Mapping::Table(Arc::new(ModalityTable {
                first_value: t.first_value,
                entries,
            }))
        });
    }
    if let Some(scaling) = node.decimals(tags::DOSE_GRID_SCALING) {
        // RT Dose scales its grid by an attribute of its own (PS3.3 C.8.8.3).
        return match scaling.as_deref() {
            Ok(&[slope]) if slope != 0.0 => Mapping::Rescale(Rescale {
                slope,
                intercept: 0.0,
            }),
            _ => Mapping::Unreadable,
        };
    }
    let has = |tag| node.has(tag);
    if !has(tags::RESCALE_SLOPE) && !has(tags::RESCALE_INTERCEPT) {
        return Mapping::Absent;
    }
    match (
        node.decimals(tags::RESCALE_SLOPE),
        node.decimals(tags::RESCALE_INTERCEPT),
    ) {
        (Some(Ok(slope)), Some(Ok(intercept))) => match (slope.as_slice(), intercept.as_slice()) {
            (&[slope], &[intercept]) if slope != 0.0 => {
                Mapping::Rescale(Rescale { slope, intercept })
            }
            _ => Mapping::Unreadable,
        },
        _ => Mapping::Unreadable,
    }
}

/// The unit of modality values, from the mapping's own type, Units of PET, or CT's rule (PS3.3 C.11.1.1.2).
pub(crate) fn unit(
    node: Node<'_>,
    mapping: &Mapping,
    modality: &str,
    units: Option<&str>,
) -> ValueUnit {
    let type_tag = match mapping {
        Mapping::Absent | Mapping::Unreadable => return ValueUnit::Stored,
        Mapping::Rescale(_) => node.ascii(tags::RESCALE_TYPE),
        Mapping::Table(_) => node
            .item(tags::MODALITY_LUT_SEQUENCE)
            .and_then(|i| i.ascii(tags::MODALITY_LUT_TYPE)),
    };
    match (type_tag.as_deref(), units, modality) {
        (Some("HU"), ..) => ValueUnit::Hounsfield,
        (_, Some(units), "PT" | "NM" | "RTDOSE") => ValueUnit::Named(units.to_owned()),
        (None, _, "CT") => ValueUnit::Hounsfield,
        (None | Some("US"), ..) => ValueUnit::Stored,
        (Some(other), ..) => ValueUnit::Named(other.to_owned()),
    }
}

/// Windows and VOI LUTs of the object or of a functional group, in the order in which the object offers them, and
/// whether any of them had to be left out.
pub(crate) fn voi(node: Node<'_>, charset: &Charset, signedness: Signedness) -> (Vec<Voi>, usize) {
    let mut all = Vec::new();
    let mut n_refused = 0;
    let function = match node.ascii(tags::VOI_LUT_FUNCTION).as_deref() {
        Some("LINEAR_EXACT") => VoiFunction::LinearExact,
        Some("SIGMOID") => VoiFunction::Sigmoid,
        _ => VoiFunction::Linear,
    };
    let explanations = node
        .text(tags::WINDOW_EXPLANATION, charset)
        .unwrap_or_default();
    let mut explanations = explanations.split('\\').map(str::trim);
    match (
        node.decimals(tags::WINDOW_CENTER),
        node.decimals(tags::WINDOW_WIDTH),
    ) {
        (Some(Ok(centers)), Some(Ok(widths))) => {
            for (center, width) in centers.iter().zip(&widths) {
                let explanation = explanations
                    .next()
                    .filter(|e| !e.is_empty())
                    .map(str::to_owned);
                match Voi::window(*center, *width, function, explanation) {
                    Ok(window) => all.push(window),
                    Err(_) => n_refused += 1,
                }
            }
            n_refused += centers.len().abs_diff(widths.len());
        }
        (None, None) => {}
        _ => n_refused += 1,
    }
    for item in node.items(tags::VOI_LUT_SEQUENCE) {
        let table = item
            .u16s(tags::LUT_DESCRIPTOR)
            .zip(item.u16s(tags::LUT_DATA))
            .and_then(|(descriptor, data)| raw_table(&descriptor, &data, signedness))
            .and_then(|t| {
                let explanation = item.text(tags::LUT_EXPLANATION, charset);
                Voi::table(
                    t.first_value,
                    t.entries,
                    u8::try_from(t.bits).ok()?,
                    explanation,
                )
                .ok()
            });
        match table {
            Some(table) => all.push(table),
            None => n_refused += 1,
        }
    }
    (all, n_refused)
}
