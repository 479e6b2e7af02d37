//! The overlays of the files over a stack: one texture an overlay, laid on the slice it belongs to.

use std::sync::Arc;

use egui::{Color32, ColorImage, Mesh, Painter, TextureHandle, TextureOptions, pos2};
use session::ViewSnapshot;
use ui_kit::over_image;
use volume::Overlay;

use super::on_screen::OnScreen;

/// Overlays whose textures are held; beyond it the one first made goes.
const MAX_HELD: usize = 24;
/// Longest side of a texture, texels; larger overlays are drawn coarser and lose no line.
const MAX_SIDE: usize = 4096;

/// The textures of the overlays that are on the screen.
#[derive(Default)]
pub(crate) struct Graphics {
    held: Vec<Held>,
}

struct Held {
    overlays: Arc<[Overlay]>,
    textures: Vec<TextureHandle>,
}

impl Graphics {
    /// Paints the overlays of a view over its picture.
    pub(crate) fn paint(&mut self, painter: &Painter, view: &ViewSnapshot, screen: &OnScreen) {
        if view.graphics.is_empty() {
            return;
        }
        let Some(volume) = &view.volume else { return };
        let Some(map) = volume.slice_map(view.slice[0]) else {
            return;
        };
        let textures = self.textures(painter, &view.graphics);
        for (overlay, texture) in view.graphics.iter().zip(textures) {
            let [n_columns, n_rows] = overlay.size().map(|n| n as f64);
            let [column, row] = overlay.origin.map(f64::from);
            // A pixel reaches half a pixel beyond its centre.
            let corner = |right: f64, down: f64| {
                let at = [
                    column - 0.5 + right * n_columns,
                    row - 0.5 + down * n_rows,
                    0.0,
                ];
                screen.pos(map.apply(at))
            };
            let mut mesh = Mesh::with_texture(texture.id());
            for (right, down) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)] {
                mesh.vertices.push(egui::epaint::Vertex {
                    pos: corner(right, down),
                    uv: pos2(right as f32, down as f32),
                    color: over_image::GRAPHICS,
                });
            }
            mesh.indices = vec![0, 1, 2, 0, 2, 3];
            painter.add(mesh);
        }
    }

    fn textures(&mut self, painter: &Painter, overlays: &Arc<[Overlay]>) -> &[TextureHandle] {
        let held = self
            .held
            .iter()
            .position(|h| Arc::ptr_eq(&h.overlays, overlays));
        let place = held.unwrap_or_else(|| {
            if MAX_HELD <= self.held.len() {
                self.held.remove(0);
            }
            let load = |overlay| {
                let options = TextureOptions::LINEAR;
                painter
                    .ctx()
                    .load_texture("overlay", texels(overlay), options)
            };
            self.held.push(Held {
                overlays: Arc::clone(overlays),
                textures: overlays.iter().map(load).collect(),
            });
            self.held.len() - 1
        });
        self.held.get(place).map_or(&[], |h| &h.textures)
    }
}

/// White where any bit under a texel is set, clear elsewhere.
fn texels(overlay: &Overlay) -> ColorImage {
    let [n_columns, n_rows] = overlay.size();
    let step = n_columns.max(n_rows).div_ceil(MAX_SIDE).max(1);
    let [width, height] = [n_columns.div_ceil(step), n_rows.div_ceil(step)];
    let is_set = |at: usize| {
        let (column, row) = (at % width * step, at / width * step);
        (row..row + step).any(|r| (column..column + step).any(|c| overlay.is_set(c, r)))
    };
    let pixels = (0..width * height)
        .map(|at| match is_set(at) {
            true => Color32::WHITE,
            false => Color32::TRANSPARENT,
        })
        .collect();
    ColorImage::new([width, height], pixels)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use volume::OverlayKind;

    use super::*;

    fn overlay(n_columns: usize, n_rows: usize, set: &[usize]) -> Overlay {
        let mut bits = vec![0; (n_columns * n_rows).div_ceil(8)];
        set.iter().for_each(|at| bits[at / 8] |= 1 << (at % 8));
        Overlay::new(OverlayKind::Graphics, [0, 0], [n_columns, n_rows], bits).unwrap()
    }

    #[test]
    fn every_set_bit_is_a_white_texel_and_no_other() {
        let image = texels(&overlay(3, 2, &[1, 5]));
        let white: Vec<usize> = (0..6)
            .filter(|i| image.pixels[*i] == Color32::WHITE)
            .collect();
        assert_eq!((image.size, white), ([3, 2], vec![1, 5]));
    }

    #[test]
    fn an_overlay_beyond_the_largest_texture_loses_no_line() {
        let side = 2 * MAX_SIDE + 1;
        let image = texels(&overlay(side, 4, &[side - 1, 2 * side + 7]));
        assert!(image.size[0] <= MAX_SIDE);
        let n_white = image
            .pixels
            .iter()
            .filter(|p| **p == Color32::WHITE)
            .count();
        assert_eq!(n_white, 2);
    }
}
