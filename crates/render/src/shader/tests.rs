//! Every shader is valid, every uniform has the shader's layout, every shared constant the shader's value.
#![allow(clippy::unwrap_used)]

use std::mem::{offset_of, size_of};

use super::*;
use crate::gpu_types::{self as types, Colour, Grey, RayCast, Reslice, Window};

const ALL: [(&str, &str); 8] = [
    ("window", WINDOW),
    ("colour", COLOUR),
    ("reslice of signed", RESLICE_SINT),
    ("reslice of unsigned", RESLICE_UINT),
    ("reslice of float", RESLICE_FLOAT),
    ("light through signed", RAY_CAST_SINT),
    ("light through unsigned", RAY_CAST_UINT),
    ("light through float", RAY_CAST_FLOAT),
];

fn parsed(source: &str) -> naga::Module {
    naga::front::wgsl::parse_str(source).unwrap_or_else(|e| panic!("{}", e.emit_to_string(source)))
}

#[test]
fn every_shader_is_valid() {
    for (name, source) in ALL {
        let module = parsed(source);
        let mut validator = naga::valid::Validator::new(
            naga::valid::ValidationFlags::all(),
            naga::valid::Capabilities::empty(),
        );
        validator
            .validate(&module)
            .unwrap_or_else(|e| panic!("{name}: {}", e.emit_to_string(source)));
        assert_eq!(
            module.entry_points.len(),
            2,
            "{name} has a vertex and a fragment stage"
        );
    }
}

#[test]
fn every_shader_file_is_part_of_a_tested_shader() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/shader");
    let mut n_files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "wgsl") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(
                ALL.iter().any(|(_, source)| source.contains(&text)),
                "{path:?} is in no shader"
            );
            n_files += 1;
        }
    }
    assert_eq!(n_files, 9);
}

/// Names, offsets and whole size of a struct, as the shader compiler lays it out.
fn layout(source: &str, name: &str) -> (Vec<(String, usize)>, usize) {
    let module = parsed(source);
    let (_, found) = module
        .types
        .iter()
        .find(|(_, ty)| ty.name.as_deref() == Some(name))
        .unwrap();
    let naga::TypeInner::Struct { members, span } = &found.inner else {
        panic!("{name} is no struct")
    };
    let offsets = members
        .iter()
        .map(|m| (m.name.clone().unwrap(), m.offset as usize))
        .collect();
    (offsets, *span as usize)
}

macro_rules! mirror {
    ($source:expr, $ty:ident { $($field:ident),* }) => {
        let expected = vec![$((stringify!($field).to_owned(), offset_of!($ty, $field))),*];
        assert_eq!(layout($source, stringify!($ty)), (expected, size_of::<$ty>()), stringify!($ty));
    };
}

#[test]
fn uniforms_lie_where_the_shaders_read_them() {
    mirror!(
        WINDOW,
        Grey {
            center,
            width,
            function_code,
            inverted,
            table_first,
            table_last,
            hatched,
            palette_row
        }
    );
    mirror!(
        WINDOW,
        Window {
            grey,
            at_first_pixel,
            per_column,
            per_row,
            size_px,
            interpolation,
            reserved
        }
    );
    mirror!(
        COLOUR,
        Colour {
            at_first_pixel,
            per_column,
            per_row,
            size_px,
            interpolation,
            hatched,
            reserved
        }
    );
    for source in [RESLICE_SINT, RESLICE_UINT, RESLICE_FLOAT] {
        mirror!(
            source,
            Reslice {
                grey,
                centre,
                right,
                down,
                layer,
                size_px,
                rescale,
                n_layers,
                mode,
                interpolation,
                per_slice,
                excluded,
                size,
                brick,
                n_bricks,
                n_in_texture
            }
        );
    }
}

#[test]
fn the_uniform_of_light_lies_where_the_shaders_read_it() {
    for source in [RAY_CAST_SINT, RAY_CAST_UINT, RAY_CAST_FLOAT] {
        mirror!(
            source,
            RayCast {
                centre,
                right,
                down,
                per_step,
                low,
                high,
                to_lamp,
                half_way,
                row_i,
                row_j,
                row_k,
                shading,
                size_px,
                rescale,
                first_value,
                per_value,
                surface_per_mm,
                per_slice,
                excluded,
                size,
                brick,
                n_bricks,
                n_in_texture,
                n_rooms
            }
        );
    }
}

/// The value of a constant that the shader declares.
fn constant(module: &naga::Module, name: &str) -> Option<f64> {
    let (_, found) = module
        .constants
        .iter()
        .find(|(_, c)| c.name.as_deref() == Some(name))?;
    match module.global_expressions[found.init] {
        naga::Expression::Literal(naga::Literal::U32(v)) => Some(f64::from(v)),
        naga::Expression::Literal(naga::Literal::I32(v)) => Some(f64::from(v)),
        naga::Expression::Literal(naga::Literal::F32(v)) => Some(f64::from(v)),
        _ => None,
    }
}

#[test]
fn shared_constants_are_the_same_on_both_sides() {
    let shared = [
        ("HATCH_PERIOD_PX", f64::from(volume::HATCH_PERIOD_PX)),
        ("HATCH_WIDTH_PX", f64::from(volume::HATCH_WIDTH_PX)),
        ("HATCH_GREY", f64::from(volume::HATCH_GREY)),
        ("FUNCTION_LINEAR", f64::from(types::FUNCTION_LINEAR)),
        (
            "FUNCTION_LINEAR_EXACT",
            f64::from(types::FUNCTION_LINEAR_EXACT),
        ),
        ("FUNCTION_SIGMOID", f64::from(types::FUNCTION_SIGMOID)),
        ("FUNCTION_TABLE", f64::from(types::FUNCTION_TABLE)),
        ("TABLE_WIDTH", f64::from(types::TABLE_WIDTH)),
        (
            "INTERPOLATION_NEAREST",
            f64::from(types::INTERPOLATION_NEAREST),
        ),
        (
            "INTERPOLATION_LINEAR",
            f64::from(types::INTERPOLATION_LINEAR),
        ),
        ("INTERPOLATION_CUBIC", f64::from(types::INTERPOLATION_CUBIC)),
        ("LIGHT_TABLE_WIDTH", f64::from(types::LIGHT_TABLE_WIDTH)),
        ("DARK", f64::from(types::DARK)),
        ("LEAP_MARGIN_STEPS", f64::from(types::LEAP_MARGIN_STEPS)),
        ("MODE_MEAN", f64::from(types::MODE_MEAN)),
        ("MODE_MIP", f64::from(types::MODE_MIP)),
        ("MODE_MIN_IP", f64::from(types::MODE_MIN_IP)),
        (
            "EDGE_TOLERANCE_VOXELS",
            f64::from(types::EDGE_TOLERANCE_VOXELS),
        ),
    ];
    let mut n_seen = std::collections::BTreeSet::new();
    for (shader_name, source) in ALL {
        let module = parsed(source);
        for (_, declared) in module.constants.iter() {
            let name = declared.name.clone().unwrap();
            let expected = shared.iter().find(|(n, _)| *n == name);
            let (_, expected) =
                expected.unwrap_or_else(|| panic!("{name} of {shader_name} has no twin"));
            assert_eq!(
                constant(&module, &name),
                Some(*expected),
                "{name} in {shader_name}"
            );
            n_seen.insert(name);
        }
    }
    assert_eq!(
        n_seen.len(),
        shared.len(),
        "every shared constant is used by a shader"
    );
}
