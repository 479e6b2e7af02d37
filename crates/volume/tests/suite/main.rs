//! Pictures and numbers of volumes whose truth is known in closed form.
#![allow(clippy::unwrap_used, clippy::float_cmp)]

mod budget;
mod light_by_definition;
mod made;
mod meaning;
mod numbers;
mod oracle;
mod padding;
mod padding_of_slices;
mod regions;
mod rendering;
mod reslices;
mod slices;
mod slots;
