use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use crate::decode_error::DecodeError;
use crate::instance::Instance;
use crate::limits;
use crate::prescan::parse;
use crate::source::{Content, Source};
use crate::syntax;
use crate::witness::still_the_same;

/// The bytes that an object's pixel element lies in, inflated where it is deflated or an entry of an archive.
///
/// What was inflated for one frame of many is kept for the next ones, below [`limits::MAX_KEPT_INFLATED_BYTES`] in all:
/// the object asked for longest ago goes first.
pub(crate) fn pixel_content(instance: &Arc<Instance>) -> Result<Arc<Content>, DecodeError> {
    let is_deflated = instance.transfer_syntax_uid == syntax::DEFLATED_EXPLICIT_LE;
    let is_entry = !matches!(instance.source, Source::File(_));
    let is_many = instance
        .pixels
        .as_ref()
        .is_some_and(|p| 1 < p.format.n_frames);
    if !is_many || !(is_deflated || is_entry) {
        return read(instance).map(Arc::new);
    }
    let cell = kept().cell_of(instance);
    // Others who want a frame of the same object wait here instead of inflating it once more.
    let content = cell.get_or_init(|| read(instance).map(Arc::new)).clone()?;
    kept().shrink();
    Ok(content)
}

fn read(instance: &Instance) -> Result<Content, DecodeError> {
    let content = instance.source.open()?;
    still_the_same(instance, &content)?;
    if instance.transfer_syntax_uid == syntax::DEFLATED_EXPLICIT_LE {
        return parse(&content)?.inflated.ok_or(DecodeError::FrameMissing);
    }
    Ok(content)
}

type Cell = Arc<OnceLock<Result<Arc<Content>, DecodeError>>>;

/// Inflated objects, those asked for last at the back.
#[derive(Default)]
struct Kept {
    /// The weak owner keeps its address from being given to another object.
    objects: Mutex<VecDeque<(Weak<Instance>, Cell)>>,
}

fn kept() -> &'static Kept {
    static KEPT: OnceLock<Kept> = OnceLock::new();
    KEPT.get_or_init(Kept::default)
}

impl Kept {
    fn cell_of(&self, instance: &Arc<Instance>) -> Cell {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.retain(|(owner, _)| 0 < owner.strong_count());
        let is_own = |(owner, _): &(Weak<Instance>, Cell)| {
            std::ptr::eq(owner.as_ptr(), Arc::as_ptr(instance))
        };
        let entry = match objects.iter().position(is_own) {
            Some(at) => objects.remove(at),
            None => None,
        };
        let entry = entry.unwrap_or_else(|| (Arc::downgrade(instance), Cell::default()));
        let cell = Arc::clone(&entry.1);
        objects.push_back(entry);
        cell
    }

    fn shrink(&self) {
        let mut objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        let n_bytes = |cell: &Cell| match cell.get() {
            Some(Ok(content)) => content.len(),
            Some(Err(_)) | None => 0,
        };
        // What failed is asked for again: a share may be back.
        objects.retain(|(_, cell)| !matches!(cell.get(), Some(Err(_))));
        let mut sum: u64 = objects.iter().map(|(_, cell)| n_bytes(cell)).sum();
        while limits::MAX_KEPT_INFLATED_BYTES < sum {
            match objects.pop_front() {
                Some((_, cell)) => sum -= n_bytes(&cell),
                None => return,
            }
        }
    }
}
