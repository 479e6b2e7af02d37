//! How much memory this machine has, and how much of it voxels may take.

/// Where the limit of voxels in memory comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MemoryLimit {
    /// Bytes of voxels that may be in memory at once.
    pub limit_bytes: u64,
    /// Memory of the machine, or of the group of processes that this one is held to; `None` where the system does not tell.
    pub physical_bytes: Option<u64>,
    /// Who set the limit.
    pub set_by: MemoryLimitSetBy,
}

/// Who set the limit of voxels in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemoryLimitSetBy {
    /// The environment's `OVERREAD_MEMORY`.
    Environment,
    /// A share of what the machine has.
    Machine,
}

impl MemoryLimitSetBy {
    /// The name in `doctor --json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Machine => "machine",
        }
    }
}

/// The least that makes sense: a few pictures of a mammogram.
const LEAST_BYTES: u64 = 64 << 20;
/// Where the system does not say how much there is.
const UNTOLD_BYTES: u64 = 2 << 30;

/// The limit of voxels in memory: what `OVERREAD_MEMORY` says (`8G`, `512M`, bytes), else half of the machine's memory, and
/// never more than four fifths of what is free when the program starts.
pub fn memory_limit() -> MemoryLimit {
    let physical_bytes = physical_bytes();
    let named = std::env::var("OVERREAD_MEMORY").ok();
    if let Some(limit_bytes) = named.as_deref().and_then(parse_bytes) {
        return MemoryLimit {
            limit_bytes: limit_bytes.max(LEAST_BYTES),
            physical_bytes,
            set_by: MemoryLimitSetBy::Environment,
        };
    }
    let half = physical_bytes.map_or(UNTOLD_BYTES, |all| all / 2);
    let free = free_bytes().map_or(u64::MAX, |free| free / 5 * 4);
    MemoryLimit {
        limit_bytes: half.min(free).max(LEAST_BYTES),
        physical_bytes,
        set_by: MemoryLimitSetBy::Machine,
    }
}

/// A number of bytes with an optional K, M, G or T of 1024; `None` for anything else.
fn parse_bytes(text: &str) -> Option<u64> {
    let text = text
        .trim()
        .trim_end_matches(['B', 'b'])
        .trim_end_matches(['i']);
    let (digits, shift) = match text.chars().last()?.to_ascii_uppercase() {
        'K' => (text.get(..text.len() - 1)?, 10),
        'M' => (text.get(..text.len() - 1)?, 20),
        'G' => (text.get(..text.len() - 1)?, 30),
        'T' => (text.get(..text.len() - 1)?, 40),
        _ => (text, 0),
    };
    let number: u64 = digits.trim().parse().ok()?;
    number.checked_mul(1 << shift)
}

/// Memory of the machine, or the smaller limit of a control group.
fn physical_bytes() -> Option<u64> {
    let machine = meminfo_bytes("MemTotal:");
    let group = std::fs::read_to_string("/sys/fs/cgroup/memory.max")
        .ok()
        .and_then(|told| told.trim().parse().ok());
    match (machine, group) {
        (Some(machine), Some(group)) => Some(machine.min(group)),
        (machine, group) => machine.or(group),
    }
}

/// Memory that may still be taken without swapping.
fn free_bytes() -> Option<u64> {
    meminfo_bytes("MemAvailable:")
}

fn meminfo_bytes(name: &str) -> Option<u64> {
    let told = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = told.lines().find(|l| l.starts_with(name))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib.saturating_mul(1024))
}

/// `9.4 GB`, `512 MB`: for a sentence.
pub(crate) fn shown_bytes(n_bytes: u64) -> String {
    const GB: u64 = 1_000_000_000;
    if n_bytes < GB {
        return format!("{} MB", n_bytes.div_ceil(1_000_000));
    }
    // One decimal; the cast keeps far more than is shown.
    format!("{:.1} GB", n_bytes as f64 / GB as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_written_as_people_do() {
        for (text, n_bytes) in [
            ("512M", Some(512 << 20)),
            ("8g", Some(8 << 30)),
            (" 1 T ", Some(1 << 40)),
            ("65536", Some(65_536)),
            ("", None),
            ("G", None),
            ("-1", None),
            ("8GB", Some(8 << 30)),
            ("2 GiB", Some(2 << 30)),
            ("8GX", None),
            ("99999999999T", None),
        ] {
            assert_eq!(parse_bytes(text), n_bytes, "{text}");
        }
        assert_eq!(shown_bytes(9_400_000_000), "9.4 GB");
        assert_eq!(shown_bytes(500_000_001), "501 MB");
    }

    #[test]
    fn the_limit_leaves_room_for_everything_else() {
        let limit = memory_limit();
        assert!(LEAST_BYTES <= limit.limit_bytes);
        if let (MemoryLimitSetBy::Machine, Some(all)) = (limit.set_by, limit.physical_bytes) {
            assert!(limit.limit_bytes <= (all / 2).max(LEAST_BYTES));
        }
    }
}
