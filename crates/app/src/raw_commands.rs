use std::process::ExitCode;

use serde_json::{Value, json};
use session::SessionError;
use session::headless::{
    self, DecodeRequest, Guard, RenderLayout, RenderRequest, ScanAnswer, Values, Window,
};
use session::{Interpolation, PatientPoint, RenderingPreset, Slab, SlabMode};

use crate::access::{file_access, header_index, tells_of_lock, with_passwords};
use crate::arguments::{
    Decode, EngineName, Global, InterpolationName, LayoutName, Render, Report, Store, Topic,
    ValuesName,
};
use crate::output::{answer, long_answer, numbers, progress};

/// Commands that work on named files, and on the store as a whole.
pub fn run(global: &Global, topic: Topic) -> Result<ExitCode, SessionError> {
    let guard = || Guard::of(&global.store_dir()?, &global.actor());
    match topic {
        Topic::Scan { paths } => {
            let scan = timed(global, "scan", || {
                with_passwords(global, ScanAnswer::is_locked, |access| {
                    let guard = guard()?.with_access(access);
                    headless::scan(&paths, &guard, &progress("reading headers"))
                })
            })?;
            let code = long_answer(global.json, &scan);
            // The process ends with its answer: to give thousands of headers back one by one would only delay that.
            std::mem::forget(scan);
            Ok(code)
        }
        Topic::Decode(request) => {
            let request = decode_request(&request);
            let value = timed(global, "volume_ready", || {
                with_passwords(global, tells_of_lock, |access| {
                    let guard = guard()?.with_access(access);
                    headless::decode(&request, &guard, &progress("decoding"))
                })
            })?;
            tell_warnings(&value);
            Ok(answer(global.json, &value))
        }
        Topic::Render(request) => {
            let engine = request.engine;
            let request = render_request(&request)?;
            let guard = guard()?.with_access(file_access(global)?);
            match engine {
                EngineName::Cpu => headless::render(&request, &guard)?,
                EngineName::Gpu if request.layout != RenderLayout::Plane => {
                    return Err(SessionError::Usage(
                        "light through a volume is computed on the processor; leave --engine out"
                            .into(),
                    ));
                }
                EngineName::Gpu => {
                    let plane = headless::render_plane(&request, &guard)?;
                    shell::render_still(&plane, request.interpolation, request.slab, &request.out)
                        .map_err(|e| SessionError::Usage(e.to_string()))?;
                }
            }
            Ok(answer(
                global.json,
                &json!({ "schema": "overread.render/1", "file": request.out }),
            ))
        }
        Topic::Report {
            command: Report::Read { file, phrase },
        } => {
            let value = headless::read_report(&file, phrase.as_deref(), &guard()?)?;
            Ok(answer(global.json, &value))
        }
        Topic::Compare { first, second } => {
            let value = headless::compare_files(&first, &second, &guard()?)?;
            Ok(answer(global.json, &value))
        }
        Topic::Verify { what, with } => {
            let is_stored = |name: &String| !std::path::Path::new(name).is_file();
            let session = match is_stored(&what) || with.as_ref().is_some_and(is_stored) {
                true => Some(crate::open_session(global)?),
                false => None,
            };
            let no_store = SessionError::Usage("there is no such file".into());
            let (value, ok) =
                headless::verify(session.as_ref().ok_or(&no_store), &what, with.as_deref())?;
            answer(global.json, &value);
            Ok(if ok {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            })
        }
        Topic::Doctor => {
            let value = headless::doctor(&global.store_dir()?, adapter());
            Ok(answer(global.json, &value))
        }
        Topic::Store { command } => store(global, &command),
        Topic::Case(_) | Topic::Demo(_) | Topic::Protocol(_) | Topic::Roster(_) => Err(
            SessionError::Usage("this command is routed elsewhere".into()),
        ),
    }
}

/// Does something as one span of the trace that `--trace` asks for.
fn timed<T>(global: &Global, span: &'static str, work: impl FnOnce() -> T) -> T {
    let mut trace = session::Trace::new(global.trace.clone());
    let from = std::time::Instant::now();
    let done = work();
    trace.span(span, from);
    trace.flush();
    done
}

/// What draws here, or why nothing does.
fn adapter() -> Value {
    match shell::adapter_facts() {
        Ok(facts) => json!({
            "name": facts.name,
            "backend": facts.backend,
            "software": facts.software,
            "limits": { "max_volume_side": facts.max_volume_side },
        }),
        Err(error) => json!({ "problem": error.to_string() }),
    }
}

fn store(global: &Global, command: &Store) -> Result<ExitCode, SessionError> {
    let dir = global.store_dir()?;
    match command {
        Store::Check => {
            let (value, ok) = headless::store_check(&dir)?;
            answer(global.json, &value);
            Ok(if ok {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            })
        }
        Store::Backup { dir: to } => Ok(answer(global.json, &headless::store_backup(&dir, to)?)),
        Store::ForgetHeaders => {
            let value = headless::forget_headers(header_index(global).as_deref())?;
            Ok(answer(global.json, &value))
        }
    }
}

/// Warnings go to standard error too, for people who do not read JSON.
fn tell_warnings(value: &Value) {
    for warning in value["warnings"].as_array().into_iter().flatten() {
        if warning["severity"] != "info" {
            eprintln!("overread: {}", warning["text"].as_str().unwrap_or_default());
        }
    }
}

fn decode_request(request: &Decode) -> DecodeRequest {
    DecodeRequest {
        paths: request.paths.clone(),
        out: request.out.clone().filter(|_| !request.discard),
        series: request.series.clone(),
        values: match request.values {
            ValuesName::Stored => Values::Stored,
            ValuesName::Modality => Values::Modality,
        },
        hash: request.hash,
    }
}

fn render_request(request: &Render) -> Result<RenderRequest, SessionError> {
    let size = request
        .size
        .split_once('x')
        .and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    let size_px: [usize; 2] = size
        .filter(|[w, h]| (1..=16384).contains(w) && (1..=16384).contains(h))
        .ok_or_else(|| {
            SessionError::Usage(format!(
                "--size takes WxH in pixels up to 16384x16384, not '{}'",
                request.size
            ))
        })?;
    if request
        .mm_per_pixel
        .is_some_and(|s| !s.is_finite() || s <= 0.0)
    {
        return Err(SessionError::Usage(
            "--mm-per-pixel takes a number above zero".into(),
        ));
    }
    let at = request
        .at
        .as_deref()
        .map(|t| numbers::<3>(t, "--at"))
        .transpose()?;
    Ok(RenderRequest {
        path: request.path.clone(),
        series: request.series.clone(),
        out: request.out.clone(),
        layout: layout(request)?,
        plane: request.plane.clone(),
        at: at.map(PatientPoint::from),
        slice: request.slice,
        window: window(&request.window)?,
        slab: request.slab.as_deref().map(slab).transpose()?,
        interpolation: match request.interpolation {
            InterpolationName::Nearest => Interpolation::Nearest,
            InterpolationName::Linear => Interpolation::Linear,
            InterpolationName::Cubic => Interpolation::Cubic,
        },
        size_px,
        mm_per_pixel: request.mm_per_pixel,
    })
}

fn layout(request: &Render) -> Result<RenderLayout, SessionError> {
    let one_of_both = |named: bool, sentence: &str| match named {
        true => Err(SessionError::Usage(sentence.into())),
        false => Ok(()),
    };
    match request.layout {
        LayoutName::Plane => {
            one_of_both(
                request.preset.is_some(),
                "--preset belongs to --layout volume; a plane takes --window",
            )?;
            Ok(RenderLayout::Plane)
        }
        LayoutName::Volume => {
            let of_planes = request.slab.is_some() || request.slice.is_some();
            one_of_both(
                of_planes,
                "--slab and --slice belong to planes; leave --layout volume out",
            )?;
            let preset = request.preset.as_deref().map(|name| {
                RenderingPreset::named(name).ok_or_else(|| {
                    let names: Vec<&str> = RenderingPreset::ALL.iter().map(|p| p.name()).collect();
                    SessionError::Usage(format!(
                        "there is no preset '{name}'; choose from: {}",
                        names.join(", ")
                    ))
                })
            });
            Ok(RenderLayout::Volume(preset.transpose()?))
        }
    }
}

fn window(text: &str) -> Result<Window, SessionError> {
    if text == "dicom" {
        return Ok(Window::Dicom);
    }
    if text.contains(',') {
        let [center, width] = numbers::<2>(text, "--window")?;
        return Ok(Window::CenterWidth(center, width));
    }
    Ok(Window::Preset(text.to_owned()))
}

fn slab(text: &str) -> Result<Slab, SessionError> {
    let bad = || {
        SessionError::Usage(format!(
            "--slab takes mip:MM, minip:MM or mean:MM, not '{text}'"
        ))
    };
    let (mode, thickness) = text.split_once(':').ok_or_else(bad)?;
    let mode = match mode {
        "mip" => SlabMode::Mip,
        "minip" => SlabMode::MinIp,
        "mean" => SlabMode::Mean,
        _ => return Err(bad()),
    };
    let thickness_mm: f64 = thickness.parse().map_err(|_| bad())?;
    if !thickness_mm.is_finite() || thickness_mm < 0.0 {
        return Err(bad());
    }
    Ok(Slab { mode, thickness_mm })
}
