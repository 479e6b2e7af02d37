// Puts a drawn view on the screen, pixel by pixel and without blending; black where the view has no pixel.

struct Blit {
    // Texel under the first pixel of the target, and the steps from pixel to pixel across and down.
    at_first_pixel: vec2<f32>,
    per_column: vec2<f32>,
    per_row: vec2<f32>,
    // Place of the first pixel in the target.
    origin_px: vec2<f32>,
}

@group(0) @binding(0) var<uniform> blit: Blit;
@group(0) @binding(1) var source: texture_2d<f32>;

@vertex
fn vs_main(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // One triangle over the whole viewport.
    let corner = vec2<f32>(f32((index << 1u) & 2u), f32(index & 2u));
    return vec4<f32>(corner * 2.0 - 1.0, 0.0, 1.0);
}

@fragment
fn fs_main(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let pixel = floor(position.xy) - blit.origin_px;
    let at = floor(blit.at_first_pixel + pixel.x * blit.per_column + pixel.y * blit.per_row + 0.5);
    let size = vec2<f32>(textureDimensions(source));
    let inside = all(vec2<f32>(0.0) <= at) && all(at < size);
    let texel = textureLoad(source, vec2<i32>(clamp(at, vec2<f32>(0.0), size - 1.0)), 0);
    return vec4<f32>(select(vec3<f32>(0.0), texel.rgb, inside), 1.0);
}
