use std::sync::{Arc, Mutex, PoisonError};

use egui::{ColorImage, Context, TextureHandle, TextureId, TextureOptions};
use session::ColourImage as SmallPicture;

/// Small pictures that are held for drawing at most; beyond it the one not used for longest goes.
const MAX_HELD: usize = 256;

/// The texture of a thumbnail or key image. Made on first use and held while it is drawn.
pub(crate) fn small_texture(ctx: &Context, image: &Arc<SmallPicture>) -> TextureId {
    let held = ctx.data_mut(|data| {
        data.get_temp_mut_or_default::<Held>(egui::Id::unique("small pictures"))
            .clone()
    });
    let mut entries = held.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(place_idx) = entries.iter().position(|(key, _)| Arc::ptr_eq(key, image)) {
        // The end of the list is what was used last.
        let entry = entries.remove(place_idx);
        let id = entry.1.id();
        entries.push(entry);
        return id;
    }
    let pixels = ColorImage::from_rgb([image.width, image.height], &whole(image));
    let texture = ctx.load_texture("small picture", pixels, TextureOptions::LINEAR);
    let id = texture.id();
    entries.push((image.clone(), texture));
    if MAX_HELD < entries.len() {
        drop(entries.remove(0));
    }
    id
}

/// The part of a picture, in texture coordinates, that fills a frame of this shape without distortion.
pub(crate) fn cover_uv(image: &SmallPicture, frame: egui::Vec2) -> egui::Rect {
    let (width, height) = (image.width.max(1) as f32, image.height.max(1) as f32);
    let (frame_width, frame_height) = (frame.x.max(1.0), frame.y.max(1.0));
    let scale = (frame_width / width).max(frame_height / height);
    let shown = egui::vec2(frame_width / scale / width, frame_height / scale / height);
    egui::Rect::from_center_size(egui::pos2(0.5, 0.5), shown)
}

#[derive(Clone, Default)]
struct Held(Arc<Mutex<Vec<HeldTexture>>>);

/// A picture and the texture that was made of it.
type HeldTexture = (Arc<SmallPicture>, TextureHandle);

/// The pixels, filled up with black where there are fewer than the size says.
fn whole(image: &SmallPicture) -> Vec<u8> {
    let mut rgb: Vec<u8> = image.rgb.as_flattened().to_vec();
    rgb.resize(3 * image.width * image.height, 0);
    rgb
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_covers_its_frame_in_its_own_shape() {
        let image = SmallPicture {
            width: 200,
            height: 100,
            rgb: vec![[0; 3]; 20_000],
        };
        let uv = cover_uv(&image, egui::vec2(76.0, 76.0));
        assert!((uv.width() - 0.5).abs() < 1e-6 && (uv.height() - 1.0).abs() < 1e-6);
        assert_eq!(uv.center(), egui::pos2(0.5, 0.5));
    }

    #[test]
    fn a_picture_is_uploaded_once() {
        let ctx = Context::default();
        let image = Arc::new(SmallPicture {
            width: 2,
            height: 2,
            rgb: vec![[1; 3], [2; 3], [3; 3]],
        });
        let first = small_texture(&ctx, &image);
        assert_eq!(first, small_texture(&ctx, &image));
        let other = Arc::new((*image).clone());
        assert_ne!(first, small_texture(&ctx, &other));
    }
}
