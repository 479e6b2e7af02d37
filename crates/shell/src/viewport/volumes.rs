use std::sync::Arc;

use render::{RenderError, VolumeTexture, voxel_texture_bytes};
use volume::Volume;

/// Bytes of volumes that are held on the card at most; a volume above it is resliced by the session.
const BUDGET_BYTES: u64 = 3 << 30;
/// Bytes of slices that one pass uploads at most, so that no pass waits for them.
const UPLOAD_BYTES: u64 = 16 << 20;

/// The volumes on the card.
#[derive(Default)]
pub(crate) struct Volumes {
    held: Vec<Held>,
    pass: u64,
}

struct Held {
    volume: Arc<Volume>,
    texture: VolumeTexture,
    n_bytes: u64,
    /// The pass that drew it last.
    used: u64,
}

impl Volumes {
    /// Starts a pass.
    pub(crate) fn begin(&mut self) {
        self.pass += 1;
    }

    /// Are decoded slices still to be uploaded?
    pub(crate) fn is_busy(&self) -> bool {
        self.held.iter().any(|held| {
            self.pass <= held.used + 1 && held.texture.n_uploaded() < held.volume.voxels.n_filled()
        })
    }

    /// The texture of a volume, with some more of its slices.
    ///
    /// # Errors
    /// When the volume cannot be held or resliced.
    pub(crate) fn get(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        volume: &Arc<Volume>,
    ) -> Result<&VolumeTexture, RenderError> {
        let found = self
            .held
            .iter()
            .position(|held| Arc::ptr_eq(&held.volume, volume));
        let held_idx = match found {
            Some(held_idx) => held_idx,
            None => {
                let n_bytes = voxel_texture_bytes(volume)?;
                self.make_room(n_bytes);
                let texture = VolumeTexture::new(device, queue, volume, BUDGET_BYTES)?;
                self.held.push(Held {
                    volume: volume.clone(),
                    texture,
                    n_bytes,
                    used: 0,
                });
                self.held.len() - 1
            }
        };
        let pass = self.pass;
        let held = self
            .held
            .get_mut(held_idx)
            .ok_or_else(|| RenderError::Lost("no volume".into()))?;
        // Several views of one volume upload once a pass.
        if held.used != pass {
            held.used = pass;
            let slice_bytes = (held.n_bytes / volume.n_slices().max(1) as u64).max(1);
            let max_slices = usize::try_from(UPLOAD_BYTES / slice_bytes)
                .unwrap_or(1)
                .max(1);
            held.texture.upload(device, queue, volume, max_slices);
        }
        Ok(&held.texture)
    }

    /// Lets volumes go that were not drawn for longest until the new one fits the budget.
    fn make_room(&mut self, n_bytes: u64) {
        loop {
            let sum: u64 = self.held.iter().map(|held| held.n_bytes).sum();
            let oldest = self
                .held
                .iter()
                .enumerate()
                .min_by_key(|(_, held)| held.used)
                .map(|(i, _)| i);
            match oldest {
                Some(oldest_idx) if BUDGET_BYTES < sum.saturating_add(n_bytes) => {
                    self.held.remove(oldest_idx);
                }
                _ => return,
            }
        }
    }
}
