use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Timings in Chrome's trace format, written now and then and when the session ends, so that a program that is killed leaves
/// what it had. Without a file nothing is kept.
pub struct Trace {
    path: Option<PathBuf>,
    start: Instant,
    written: Instant,
    events: Vec<(&'static str, u128, u128)>,
}

/// A trace holds at most so many spans; later ones are left out.
const MAX_SPANS: usize = 200_000;
/// The file is written anew after so long; a long trace, which takes longer to write, less often.
const WRITE_EVERY: Duration = Duration::from_secs(1);
const WRITE_LONG_EVERY: Duration = Duration::from_secs(20);
const LONG_SPANS: usize = 5_000;

impl Trace {
    /// Begins to keep time for this file.
    pub fn new(path: Option<PathBuf>) -> Self {
        let now = Instant::now();
        Self {
            path,
            start: now,
            written: now,
            events: Vec::new(),
        }
    }

    /// Notes a span that began at `from` and ends now.
    pub fn span(&mut self, name: &'static str, from: Instant) {
        if self.path.is_some() && self.events.len() < MAX_SPANS {
            let begin = from.saturating_duration_since(self.start).as_micros();
            self.events.push((name, begin, from.elapsed().as_micros()));
            let every = if self.events.len() < LONG_SPANS {
                WRITE_EVERY
            } else {
                WRITE_LONG_EVERY
            };
            if every <= self.written.elapsed() {
                self.written = Instant::now();
                self.write();
            }
        }
    }

    /// Writes the file for the last time; a second call does nothing.
    pub fn flush(&mut self) {
        self.write();
        self.path = None;
    }

    fn write(&self) {
        let Some(path) = &self.path else { return };
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
        if let Err(error) = std::fs::write(path, json) {
            eprintln!(
                "overread: the trace was not written ({error}); choose another file with --trace"
            );
        }
    }
}
