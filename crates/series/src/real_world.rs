use std::sync::Arc;

use volume::Rescale;

use crate::charset::Charset;
use crate::dataset::Node;
use crate::tags;
use crate::value_mapping::Signedness;

/// One item of the Real World Value Mapping Sequence (PS3.3 C.7.6.16.2.11).
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RealWorld {
    /// LUT Label, else LUT Explanation.
    pub(crate) label: String,
    /// Code value of the units, as UCUM writes them.
    pub(crate) unit: String,
    /// First and last stored value that it is defined for.
    pub(crate) defined: [f64; 2],
    pub(crate) map: RealWorldMap,
}

/// The mapping itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RealWorldMap {
    Line(Rescale),
    /// Values of the first stored value and of those after it.
    Table(Arc<[f64]>),
}

/// Most mappings of one frame that are offered.
const MAX_MAPPINGS: usize = 16;

/// The readable items, and how many are not.
pub(crate) fn real_world(
    items: &[Node<'_>],
    charset: &Charset,
    signedness: Signedness,
) -> (Vec<RealWorld>, usize) {
    let read: Vec<RealWorld> = items
        .iter()
        .take(MAX_MAPPINGS)
        .filter_map(|item| one(*item, charset, signedness))
        .collect();
    let n_refused = items.len() - read.len();
    (read, n_refused)
}

fn one(item: Node<'_>, charset: &Charset, signedness: Signedness) -> Option<RealWorld> {
    let text = |tag| item.text(tag, charset);
    let unit = item
        .item(tags::MEASUREMENT_UNITS_CODE_SEQUENCE)
        .and_then(|code| code.ascii(tags::CODE_VALUE));
    let defined = [
        bound(
            item,
            [
                tags::REAL_WORLD_FIRST_VALUE,
                tags::DOUBLE_FLOAT_REAL_WORLD_FIRST_VALUE,
            ],
            signedness,
        )?,
        bound(
            item,
            [
                tags::REAL_WORLD_LAST_VALUE,
                tags::DOUBLE_FLOAT_REAL_WORLD_LAST_VALUE,
            ],
            signedness,
        )?,
    ];
    if defined[1] < defined[0] {
        return None;
    }
    let one_float = |tag| match item.floats(tag)?.ok()?.as_slice() {
        &[value] => Some(value),
        _ => None,
    };
    let map = match item.floats(tags::REAL_WORLD_LUT_DATA) {
        Some(table) => {
            let table = table.ok()?;
            let n_defined = defined[1] - defined[0] + 1.0;
            if table.len() as f64 != n_defined {
                return None;
            }
            RealWorldMap::Table(table.into())
        }
        None => RealWorldMap::Line(Rescale {
            slope: one_float(tags::REAL_WORLD_SLOPE)?,
            intercept: one_float(tags::REAL_WORLD_INTERCEPT)?,
        }),
    };
    Some(RealWorld {
        label: text(tags::LUT_LABEL)
            .or_else(|| text(tags::LUT_EXPLANATION))
            .unwrap_or_default(),
        unit: unit.unwrap_or_default(),
        defined,
        map,
    })
}

/// First or last value mapped: signed where the pixels are, or a float of its own attribute.
fn bound(item: Node<'_>, [integer, float]: [u32; 2], signedness: Signedness) -> Option<f64> {
    match item.u16(integer) {
        Some(bits) => Some(match signedness {
            Signedness::Signed => f64::from(bits as i16),
            Signedness::Unsigned => f64::from(bits),
        }),
        None => item.floats(float)?.ok()?.first().copied(),
    }
}
