//! The parameters that one header holds, of the whole stream or of a tile.

use super::coding::{
    ComponentCoding, ProgressionVolume, Quantisation, TileCoding, read_cod, read_component_coding,
    read_poc,
};
use crate::error::Fault;

const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
const RGN: u16 = 0xFF5E;
const POC: u16 = 0xFF5F;
const PPM: u16 = 0xFF60;
const PPT: u16 = 0xFF61;

/// Most changes of the progression: each costs a walk over all precincts.
const MAX_VOLUMES: usize = 64;

const CUT: Fault = Fault::Damaged("a marker segment is cut");

/// Parameters as they stand in one header, main or tile.
#[derive(Clone, Default)]
pub(super) struct Parameters {
    pub cod: Option<(TileCoding, ComponentCoding)>,
    pub coc: Vec<(usize, ComponentCoding)>,
    pub qcd: Option<Quantisation>,
    pub qcc: Vec<(usize, Quantisation)>,
    pub roi_shifts: Vec<(usize, u32)>,
    pub volumes: Vec<ProgressionVolume>,
    /// Packed packet headers with their index.
    pub packed: Vec<(u8, Vec<u8>)>,
}

/// What a list says of a component, the last word counting.
pub(super) fn of_component<T>(list: &[(usize, T)], component: usize) -> Option<&T> {
    list.iter()
        .rev()
        .find(|(c, _)| *c == component)
        .map(|(_, t)| t)
}

impl Parameters {
    /// Takes a marker segment in; those that matter to no decoder are passed over.
    pub(super) fn take(
        &mut self,
        marker: u16,
        body: &[u8],
        n_components: usize,
    ) -> Result<(), Fault> {
        match marker {
            COD => self.cod = Some(read_cod(body)?),
            COC => {
                let (component, rest) = component_of(body, n_components)?;
                let (style, rest) = rest.split_first().ok_or(CUT)?;
                self.coc
                    .push((component, read_component_coding(*style, rest)?));
            }
            QCD => self.qcd = Some(Quantisation::read(body)?),
            QCC => {
                let (component, rest) = component_of(body, n_components)?;
                self.qcc.push((component, Quantisation::read(rest)?));
            }
            RGN => {
                let (component, rest) = component_of(body, n_components)?;
                let &[style, shift, ..] = rest else {
                    return Err(CUT);
                };
                if style != 0 {
                    return Err(Fault::Unsupported("an unknown kind of region of interest"));
                }
                self.roi_shifts.push((component, u32::from(shift)));
            }
            POC => {
                self.volumes.extend(read_poc(body, n_components)?);
                if MAX_VOLUMES < self.volumes.len() {
                    return Err(Fault::Unsupported(
                        "more than 64 changes of the order of its packets",
                    ));
                }
            }
            PPM | PPT => {
                let (idx, rest) = body.split_first().ok_or(CUT)?;
                self.packed.push((*idx, rest.to_vec()));
            }
            _ => {}
        }
        Ok(())
    }

    /// The packed headers in their order, joined.
    pub(super) fn joined(&self) -> Vec<u8> {
        let mut parts: Vec<_> = self.packed.iter().collect();
        parts.sort_by_key(|(idx, _)| *idx);
        parts
            .into_iter()
            .flat_map(|(_, b)| b.iter().copied())
            .collect()
    }
}

fn component_of(body: &[u8], n_components: usize) -> Result<(usize, &[u8]), Fault> {
    let (component, rest) = if n_components < 257 {
        let (byte, rest) = body.split_first().ok_or(CUT)?;
        (usize::from(*byte), rest)
    } else {
        let (word, rest) = body.split_first_chunk::<2>().ok_or(CUT)?;
        (usize::from(u16::from_be_bytes(*word)), rest)
    };
    if n_components <= component {
        return Err(Fault::Damaged(
            "it speaks of a component that it does not have",
        ));
    }
    Ok((component, rest))
}
