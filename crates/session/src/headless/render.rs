use std::path::PathBuf;
use std::sync::Arc;

use space::{Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{
    Interpolation, Outside, PRESETS, Picture, Presentation, RenderingPreset, Slab, SliceView,
    TransferFunction, Voi, VoiFunction, Volume, draw_colour_range, paint, reslice,
    sample_colour_slice, sample_slice,
};

use crate::headless::guard::blinded;
use crate::headless::light::{light, transfer};
use crate::headless::scan::{scan_paths, with_path};
use crate::headless::{Guard, npy};
use crate::memory::shown_bytes;
use crate::{SessionError, may_reslice, memory_limit};

/// The window of a rendered picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Window {
    /// Centre and width, LINEAR.
    CenterWidth(f64, f64),
    /// A preset by name or digit.
    Preset(String),
    /// The object's own default.
    Dicom,
}

/// What kind of picture `render` draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenderLayout {
    /// A plane, or a slab about it.
    Plane,
    /// Light through the whole volume, with a preset or the one that the volume opens with.
    Volume(Option<RenderingPreset>),
}

/// What `render` is asked for.
#[derive(Clone, Debug)]
pub struct RenderRequest {
    /// What to read.
    pub path: PathBuf,
    /// Series Instance UID; may be left out when there is one series.
    pub series: Option<String>,
    /// `.png` or `.npy`.
    pub out: PathBuf,
    /// A plane, or light through the volume.
    pub layout: RenderLayout,
    /// `native`, `axial`, `coronal`, `sagittal` or `oblique:NX,NY,NZ,UX,UY,UZ`; left out it is native for a plane, and
    /// coronal, from the front, for a volume.
    pub plane: Option<String>,
    /// Middle of the picture, patient mm.
    pub at: Option<PatientPoint>,
    /// 0-based slice.
    pub slice: Option<usize>,
    /// Window.
    pub window: Window,
    /// Slab.
    pub slab: Option<Slab>,
    /// How values between voxel centres are found.
    pub interpolation: Interpolation,
    /// Width and height.
    pub size_px: [usize; 2],
    /// Scale; `None` fits.
    pub mm_per_pixel: Option<f64>,
}

/// What a picture is taken from, ready for any engine.
pub struct RenderPlane {
    /// The voxels, decoded as far as the picture needs them.
    pub volume: Arc<Volume>,
    /// Where the pixels lie.
    pub plane: ViewPlane,
    /// One slice as it lies, where the volume is no regular one or a native slice was asked for.
    pub slice_idx: Option<usize>,
    /// How values become grey.
    pub presentation: Presentation,
    /// How values become light, where light through the volume was asked for.
    pub transfer: Option<TransferFunction>,
}

/// Reads and decodes what a picture needs, and finds its plane.
///
/// # Errors
/// When nothing could be read, or the plane cannot be cut.
pub fn render_plane(request: &RenderRequest, guard: &Guard) -> Result<RenderPlane, SessionError> {
    let scan = scan_paths(
        std::slice::from_ref(&request.path),
        &guard.access,
        &|_, _| {},
    )?;
    let found = scan
        .studies
        .iter()
        .flat_map(|study| study.series.iter().map(move |s| (study, s)));
    let mut wanted = found.filter(|(_, s)| {
        request
            .series
            .as_ref()
            .is_none_or(|uid| *uid == s.series_instance_uid)
    });
    let (study, series) = wanted.next().ok_or_else(|| no_series(request))?;
    if request.series.is_none() && wanted.next().is_some() {
        return Err(SessionError::Usage(
            "there are several series; name one with --series (overread scan lists them)".into(),
        ));
    }
    let plan = series.volumes.first().ok_or_else(|| no_series(request))?;
    let acquired = study
        .series
        .iter()
        .flat_map(|s| &s.volumes)
        .any(|v| v.capture == series::Capture::Acquired);
    guard.check_open(&study.study_instance_uid)?;
    if guard.is_blinded(&study.study_instance_uid)
        && plan.capture == series::Capture::Secondary
        && acquired
    {
        return Err(blinded());
    }
    let volume = plan.empty_volume();
    let (plane, slice_idx) = plane_of(request, &volume)?;
    let needed = needed_slices(request, &volume, &plane, slice_idx);
    let needed_bytes = plan.shown_slice_bytes().saturating_mul(needed.len() as u64);
    let limit_bytes = memory_limit().limit_bytes;
    if 1 < needed.len() && limit_bytes < needed_bytes {
        return Err(SessionError::Usage(format!(
            "this picture needs {} of memory and {} may be used; name one slice with --plane native --slice N",
            shown_bytes(needed_bytes),
            shown_bytes(limit_bytes)
        )));
    }
    let warnings = series::decode_into(plan, &volume, &needed, &|_| {}, &|| false);
    if volume.voxels.n_filled() == 0 {
        let first = warnings.first();
        let text = first.map_or_else(
            || "nothing of the series could be decoded".into(),
            |w| with_path(&w.text, w.path.as_deref()),
        );
        return Err(SessionError::NothingRead {
            code: first.map_or("no_pixels", |w| w.code),
            text,
        });
    }
    let presentation = presentation_of(request, &volume)?;
    let transfer = match request.layout {
        RenderLayout::Plane => None,
        RenderLayout::Volume(preset) => Some(transfer(preset, &volume)?),
    };
    Ok(RenderPlane {
        volume: Arc::new(volume),
        plane,
        slice_idx,
        presentation,
        transfer,
    })
}

/// The slices that a picture is made of: of a thin plane along the slices its neighbours, of others all.
fn needed_slices(
    request: &RenderRequest,
    volume: &Volume,
    plane: &ViewPlane,
    slice_idx: Option<usize>,
) -> Vec<usize> {
    /// Cubic interpolation reaches this far.
    const REACH: f64 = 2.0;
    let n_slices = volume.n_slices();
    if let Some(slice_idx) = slice_idx {
        return vec![slice_idx];
    }
    let along = plane_name(request) == "native" && request.slab.is_none();
    let Some([_, _, at]) = volume.grid.voxel(plane.centre).filter(|_| along) else {
        return (0..n_slices).collect();
    };
    // The middle ones too: a window is estimated from them where the object has none.
    let middle = n_slices / 2;
    let is_near = |k: &usize| (*k as f64 - at).abs() <= REACH || k.abs_diff(middle) <= 1;
    (0..n_slices).filter(is_near).collect()
}

/// Renders with the CPU's reference and writes the file.
///
/// # Errors
/// When nothing could be read, the plane cannot be cut, or the file cannot be written.
pub fn render(request: &RenderRequest, guard: &Guard) -> Result<(), SessionError> {
    let RenderPlane {
        volume,
        plane,
        slice_idx,
        presentation,
        transfer,
    } = render_plane(request, guard)?;
    let is_npy = request.out.extension().is_some_and(|e| e == "npy");
    if let Some(transfer) = transfer {
        if is_npy {
            return Err(SessionError::Usage(
                "light through a volume has no values; name a .png file".into(),
            ));
        }
        let picture = light(&volume, plane, &transfer)?;
        return write_png(
            request,
            picture.values.iter().map(|[r, g, b, _]| [*r, *g, *b]),
        );
    }
    if volume.voxels.stored().is_colour() {
        let slice_idx = slice_idx.ok_or_else(|| {
            SessionError::Usage("colour is shown slice by slice; ask for --plane native".into())
        })?;
        let view = SliceView::of_plane(&volume, slice_idx, &plane);
        let picture =
            view.and_then(|v| sample_colour_slice(&volume, slice_idx, &v, request.interpolation));
        let picture =
            picture.ok_or_else(|| SessionError::Usage("this slice cannot be shown".into()))?;
        return write_png(
            request,
            picture.values.iter().map(|[r, g, b, _]| [*r, *g, *b]),
        );
    }
    let mut picture = grey(request, &volume, &plane, slice_idx)?;
    if is_npy {
        // Padding is outside of what was imaged: there is no value, as outside the volume.
        let padding = picture.values.iter_mut().filter(|v| v.is_infinite());
        padding.for_each(|v| *v = f32::NAN);
        let mut bytes = Vec::new();
        npy::write_f32(&mut bytes, [picture.height, picture.width], &picture.values)
            .map_err(|e| not_written(&e, request))?;
        return std::fs::write(&request.out, bytes).map_err(|e| not_written(&e, request));
    }
    let mut painted = paint(&picture, &presentation, Outside::Black);
    let slice_view = slice_idx.and_then(|k| Some((k, SliceView::of_plane(&volume, k, &plane)?)));
    if let Some((k, view)) = slice_view {
        draw_colour_range(&mut painted, &volume, k, &view);
    }
    write_png(
        request,
        painted.values.iter().map(|[r, g, b, _]| [*r, *g, *b]),
    )
}

fn grey(
    request: &RenderRequest,
    volume: &Volume,
    plane: &ViewPlane,
    slice_idx: Option<usize>,
) -> Result<Picture, SessionError> {
    let picture = match slice_idx {
        Some(k) => {
            let edge_on =
                || SessionError::Usage("the slice is seen edge-on; ask for --plane native".into());
            let view = SliceView::of_plane(volume, k, plane).ok_or_else(edge_on)?;
            sample_slice(volume, k, &view, request.interpolation)
        }
        None => reslice(volume, plane, request.interpolation, request.slab, &|| {
            false
        }),
    };
    picture.map_err(|e| SessionError::Usage(e.to_string()))
}

/// The plane asked for, and the slice when it is one of the stored ones.
fn plane_of(
    request: &RenderRequest,
    volume: &Volume,
) -> Result<(ViewPlane, Option<usize>), SessionError> {
    let name = plane_name(request);
    let native = name == "native";
    let frame = match name {
        "native" => PlaneFrame::native(&volume.grid),
        "axial" => Some(Orientation::Axial.frame()),
        "coronal" => Some(Orientation::Coronal.frame()),
        "sagittal" => Some(Orientation::Sagittal.frame()),
        other => oblique(other),
    };
    let frame = frame.ok_or_else(|| {
        SessionError::Usage(format!(
            "the plane '{name}' is not native, axial, coronal, sagittal or oblique:NX,NY,NZ,UX,UY,UZ"
        ))
    })?;
    let regular = may_reslice(volume);
    let is_light = request.layout != RenderLayout::Plane;
    if (!native || is_light) && !regular {
        return Err(SessionError::Usage(
            "these slices form no regular volume in the patient; ask for --plane native without --layout".into(),
        ));
    }
    // Colours for stored values are of a slice: between two of them nothing is known.
    let is_flat = !regular || volume.meaning.colours.is_some();
    let n_slices = volume.n_slices();
    let slice_idx = match (request.slice, request.at) {
        (Some(k), _) if n_slices <= k => {
            return Err(SessionError::Usage(format!(
                "there is no slice {k}; the series has slices 0 to {}",
                n_slices.saturating_sub(1)
            )));
        }
        (Some(k), _) => Some(k),
        (None, Some(at)) => volume::nearest_slice(volume, at),
        (None, None) => Some(n_slices / 2),
    };
    let [columns, rows, _] = volume.grid.size.map(|n| (n.max(1) - 1) as f64 / 2.0);
    let slice_centre =
        slice_idx.and_then(|k| Some(volume.slice_map(k)?.apply([columns, rows, 0.0])));
    let centre = match (request.at, request.slice) {
        (Some(at), _) => at,
        (None, Some(_)) => slice_centre.unwrap_or_else(|| volume.grid.centre()),
        (None, None) if native && is_flat => slice_centre.unwrap_or_else(|| volume.grid.centre()),
        (None, None) => volume.grid.centre(),
    };
    let one_slice =
        native && !is_light && (is_flat || (request.slice.is_some() && request.slab.is_none()));
    let fit_grid = if native && !is_light {
        space::Grid {
            size: [volume.grid.size[0], volume.grid.size[1], 1],
            ..volume.grid
        }
    } else {
        volume.grid
    };
    let fit = ViewPlane::fit_mm_per_pixel(&fit_grid, &frame, request.size_px);
    let plane = ViewPlane {
        centre,
        frame,
        mm_per_pixel: request.mm_per_pixel.unwrap_or(fit),
        size_px: request.size_px,
    };
    Ok((plane, slice_idx.filter(|_| one_slice)))
}

/// The plane asked for by name, or what is shown when none is named.
fn plane_name(request: &RenderRequest) -> &str {
    match (&request.plane, request.layout) {
        (Some(name), _) => name,
        (None, RenderLayout::Plane) => "native",
        (None, RenderLayout::Volume(_)) => "coronal",
    }
}

fn oblique(text: &str) -> Option<PlaneFrame> {
    let numbers: Vec<f64> = text
        .strip_prefix("oblique:")?
        .split(',')
        .map(|n| n.trim().parse().ok())
        .collect::<Option<_>>()?;
    let [nx, ny, nz, ux, uy, uz] = numbers.try_into().ok()?;
    PlaneFrame::new(
        PatientVector::new(nx, ny, nz),
        PatientVector::new(ux, uy, uz),
    )
}

fn presentation_of(request: &RenderRequest, volume: &Volume) -> Result<Presentation, SessionError> {
    let default = volume.default_presentation().presentation;
    let voi = match &request.window {
        Window::Dicom => return Ok(default),
        Window::CenterWidth(center, width) => {
            // What is asked for by numbers is LINEAR as in a file; below 1, where that ends, it cannot be meant.
            let function = match *width < 1.0 {
                true => VoiFunction::LinearExact,
                false => VoiFunction::Linear,
            };
            Voi::window(*center, *width, function, None)
                .map_err(|e| SessionError::Usage(e.to_string()))?
        }
        Window::Preset(name) => {
            let same = |p: &&volume::Preset| {
                p.name.eq_ignore_ascii_case(&name.replace(['-', '_'], " "))
                    || p.digit.to_string() == *name
            };
            let preset = PRESETS.iter().find(same);
            let names = || {
                PRESETS
                    .iter()
                    .map(|p| p.name)
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let preset = preset.ok_or_else(|| {
                SessionError::Usage(format!(
                    "there is no window '{name}'; choose from {}",
                    names()
                ))
            })?;
            let presentation = volume.preset_presentation(preset.digit);
            return presentation.ok_or_else(|| {
                SessionError::Usage("this window needs values, and none are decoded".into())
            });
        }
    };
    Ok(Presentation { voi, ..default })
}

fn write_png(
    request: &RenderRequest,
    rgb: impl Iterator<Item = [u8; 3]>,
) -> Result<(), SessionError> {
    let [width, height] = request.size_px;
    let bytes: Vec<u8> = rgb.flatten().collect();
    let grey = bytes.chunks_exact(3).all(|c| c[0] == c[1] && c[1] == c[2]);
    let too_large =
        || SessionError::Usage("the picture is too large; choose a smaller --size".into());
    let (width, height) = (
        u32::try_from(width).map_err(|_| too_large())?,
        u32::try_from(height).map_err(|_| too_large())?,
    );
    let saved = if grey {
        let bytes = bytes.chunks_exact(3).map(|c| c[0]).collect();
        image::GrayImage::from_raw(width, height, bytes)
            .ok_or_else(too_large)?
            .save(&request.out)
    } else {
        image::RgbImage::from_raw(width, height, bytes)
            .ok_or_else(too_large)?
            .save(&request.out)
    };
    saved.map_err(|e| SessionError::Write {
        reason: e.to_string(),
        path: request.out.clone(),
    })
}

fn not_written(error: &std::io::Error, request: &RenderRequest) -> SessionError {
    SessionError::Write {
        reason: error.kind().to_string(),
        path: request.out.clone(),
    }
}

fn no_series(request: &RenderRequest) -> SessionError {
    let which = request
        .series
        .as_ref()
        .map_or("an image series".to_owned(), |uid| format!("series {uid}"));
    SessionError::NothingRead {
        code: "no_such_series",
        text: format!("{which} was not found there; overread scan lists what is"),
    }
}
