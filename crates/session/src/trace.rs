use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

/// Timings in Chrome's trace format, written when the session ends. Without a file nothing is kept.
pub struct Trace {
    path: Option<PathBuf>,
    start: Instant,
    events: Vec<(&'static str, u128, u128)>,
}

/// A trace holds at most so many spans; later ones are left out.
const MAX_SPANS: usize = 200_000;

impl Trace {
    /// Begins to keep time for this file.
    pub fn new(path: Option<PathBuf>) -> Self {
        Self {
            path,
            start: Instant::now(),
            events: Vec::new(),
        }
    }

    /// Notes a span that began at `from` and ends now.
    pub fn span(&mut self, name: &'static str, from: Instant) {
        if self.path.is_some() && self.events.len() < MAX_SPANS {
            let begin = from.saturating_duration_since(self.start).as_micros();
            self.events.push((name, begin, from.elapsed().as_micros()));
        }
    }

    /// Writes the file; a second call does nothing.
    pub fn flush(&mut self) {
        let Some(path) = self.path.take() else { return };
        let mut json = String::from("{\"traceEvents\":[");
        for (k, (name, begin_us, duration_us)) in self.events.iter().enumerate() {
            let comma = if k == 0 { "" } else { "," };
            // Writing into a String cannot fail.
            let _ = write!(
                json,
                "{comma}{{\"name\":\"{name}\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":{begin_us},\"dur\":{duration_us}}}"
            );
        }
        json.push_str("]}\n");
        if let Err(error) = std::fs::write(&path, json) {
            eprintln!(
                "overread: the trace was not written ({error}); choose another file with --trace"
            );
        }
    }
}
