use std::sync::Arc;

use volume::{
    Excluded, ExclusionReason, Meaning, ModalityLut, Quantity, QuantityKind, Rescale, SuvProblem,
    UltrasoundRegion, Voi,
};

use crate::frame::FrameValues;
use crate::image_facts::ImageFacts;
use crate::instance::Instance;
use crate::model::VolumePlan;
use crate::pet::{PetExtent, PetSlice, joined, suv_quantities};
use crate::real_world::{RealWorld, RealWorldMap};
use crate::slot::Slot;

/// Uptake values of slices, for the warnings of a plan in the making.
pub(crate) fn suv_of(
    places: &[Option<Slot>],
    modality_lut: &ModalityLut,
    extent: PetExtent,
) -> (Vec<Quantity>, Vec<SuvProblem>) {
    let slices: Vec<Option<PetSlice<'_>>> = places
        .iter()
        .map(|p| {
            let slot = p.as_ref()?;
            pet_slice(&slot.instance, slot.frame_idx)
        })
        .collect();
    suv_quantities(&slices, modality_lut, extent)
}

impl VolumePlan {
    /// What the stored values mean beyond the modality LUT: padding, further quantities, regions, colours.
    pub fn meaning(&self) -> Meaning {
        let slices = self.slices.iter();
        let all: Vec<Option<&ImageFacts>> = slices
            .map(|s| Some(s.as_ref()?.instance.facts.as_ref()))
            .collect();
        let mut distinct: Vec<&ImageFacts> = all.iter().flatten().copied().collect();
        // Mostly all slices share theirs.
        distinct.dedup_by(|a, b| std::ptr::eq(*a, *b));
        let Some(first) = distinct.first().copied() else {
            return Meaning::default();
        };
        let mut excluded: Vec<Excluded> = Vec::new();
        let mut slice_padding = Vec::new();
        if distinct.iter().all(|f| f.padding == first.padding) {
            excluded.extend(first.padding);
        } else {
            let own = |f: &Option<&ImageFacts>| f.and_then(|f| f.padding);
            slice_padding.extend(all.iter().map(own));
        }
        let colours = first.colours.clone();
        let has_colours = distinct.iter().all(|f| f.colours == colours);
        let colours = colours.filter(|_| has_colours);
        excluded.extend(colours.as_ref().map(|range| Excluded {
            low: range.first_stored as f64,
            high: f64::INFINITY,
            reason: ExclusionReason::Colour,
        }));
        Meaning {
            excluded,
            slice_padding,
            quantities: self.quantities(),
            regions: regions(&all, &distinct),
            colours,
            slice_windows: self.slice_windows(),
        }
    }

    /// The first window of each slice, where they are not the same.
    fn slice_windows(&self) -> Vec<Option<Voi>> {
        let values = self.frame_values();
        let first = |values: &FrameValues| values.voi.first().cloned();
        match windows_vary(values.iter().flatten().map(|values| values.voi.first())) {
            true => values.iter().map(|values| first((*values)?)).collect(),
            false => Vec::new(),
        }
    }

    /// What is known of the frame of each slice; `None` for a hole.
    fn frame_values(&self) -> Vec<Option<&FrameValues>> {
        self.slices
            .iter()
            .map(|s| {
                let s = s.as_ref()?;
                let frame_idx = (s.frame_number as usize).checked_sub(1)?;
                s.instance.frames.get(frame_idx).map(|f| f.values.as_ref())
            })
            .collect()
    }

    /// Real world values and, of PET, standardised uptake values.
    fn quantities(&self) -> Vec<Quantity> {
        let values = self.frame_values();
        let mut quantities = real_world_quantities(&values);
        let slices: Vec<Option<PetSlice<'_>>> = self
            .slices
            .iter()
            .map(|s| {
                let s = s.as_ref()?;
                pet_slice(&s.instance, (s.frame_number as usize).checked_sub(1)?)
            })
            .collect();
        if slices.iter().any(Option::is_some) {
            let extent = pet_extent(&self.label);
            quantities.extend(suv_quantities(&slices, &self.modality_lut, extent).0);
        }
        quantities
    }
}

/// A frame of a PET object; `None` for one of any other.
fn pet_slice(instance: &Instance, frame_idx: usize) -> Option<PetSlice<'_>> {
    Some(PetSlice {
        header: instance.facts.pet.as_deref()?,
        frame_idx,
        values: instance.frames.get(frame_idx)?.values.as_ref(),
    })
}

/// Do slices ask for different first windows? One that asks for none differs from one that does.
pub(crate) fn windows_vary<'a>(mut windows: impl Iterator<Item = Option<&'a Voi>>) -> bool {
    let first = windows.next();
    windows.any(|w| Some(w) != first)
}

/// A plan with a label is one of several of its series.
pub(crate) fn pet_extent(label: &str) -> PetExtent {
    if label.is_empty() {
        PetExtent::WholeSeries
    } else {
        PetExtent::PartOfSeries
    }
}

/// One list for all slices where they agree, else one a slice.
fn regions(all: &[Option<&ImageFacts>], distinct: &[&ImageFacts]) -> Vec<Arc<[UltrasoundRegion]>> {
    let Some(first) = distinct.first().map(|f| &f.regions) else {
        return Vec::new();
    };
    let is_same = distinct.iter().all(|f| f.regions == *first);
    match (is_same, first.is_empty()) {
        (true, true) => Vec::new(),
        (true, false) => vec![Arc::clone(first)],
        (false, _) => {
            let of = |f: &ImageFacts| Arc::clone(&f.regions);
            all.iter().map(|f| f.map(of).unwrap_or_default()).collect()
        }
    }
}

/// The mappings that every slice has, each in its own slope; those that only some have are not offered.
fn real_world_quantities(values: &[Option<&FrameValues>]) -> Vec<Quantity> {
    let Some(first) = values.iter().flatten().next() else {
        return Vec::new();
    };
    let names = |item: &RealWorld| (item.label.clone(), item.unit.clone(), item.defined);
    let quantity = |item_idx: usize| -> Option<Quantity> {
        let model = first.real_world.get(item_idx)?;
        let of = |v: &&FrameValues| v.real_world.get(item_idx).cloned();
        let items: Vec<RealWorld> = values.iter().flatten().map(of).collect::<Option<_>>()?;
        if items.iter().any(|item| names(item) != names(model)) {
            return None;
        }
        let lut = match &model.map {
            RealWorldMap::Table(table) => {
                if items.iter().any(|item| item.map != model.map) {
                    return None;
                }
                ModalityLut::Table {
                    // Only whole first values have a table.
                    first_value: model.defined[0] as i64,
                    entries: table.to_vec(),
                }
            }
            RealWorldMap::Line(_) => {
                let mut lines = items.iter();
                let line = |v: &Option<&FrameValues>| match v {
                    None => Some(Rescale::IDENTITY),
                    Some(_) => match lines.next()?.map {
                        RealWorldMap::Line(line) => Some(line),
                        RealWorldMap::Table(_) => None,
                    },
                };
                let entries: Vec<Rescale> = values.iter().map(line).collect::<Option<_>>()?;
                ModalityLut::Rescale(joined(entries))
            }
        };
        let name = match model.label.as_str() {
            "" => "real world value".to_owned(),
            label => label.to_owned(),
        };
        Some(Quantity {
            kind: QuantityKind::RealWorld,
            name,
            unit: model.unit.clone(),
            lut,
            defined: Some(model.defined),
            provenance: "Real World Value Mapping (0040,9096)".to_owned(),
        })
    };
    (0..first.real_world.len()).filter_map(quantity).collect()
}
