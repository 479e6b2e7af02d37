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

fn place(position: vec4<f32>) -> vec2<f32> {
    let pixel = floor(position.xy) - blit.origin_px;
    return blit.at_first_pixel + pixel.x * blit.per_column + pixel.y * blit.per_row;
}

fn texel(at: vec2<f32>, last: vec2<f32>) -> vec3<f32> {
    return textureLoad(source, vec2<i32>(clamp(at, vec2<f32>(0.0), last)), 0).rgb;
}

fn is_outside(nearest: vec2<f32>, size: vec2<f32>) -> bool {
    return any(nearest < vec2<f32>(0.0)) || any(nearest >= size);
}

// A picture for this very screen goes over texel by pixel.
@fragment
fn fs_as_it_is(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let size = vec2<f32>(textureDimensions(source));
    let nearest = floor(place(position) + 0.5);
    let colour = texel(nearest, size - 1.0);
    return vec4<f32>(select(colour, vec3<f32>(0.0), is_outside(nearest, size)), 1.0);
}

// One that is magnified meanwhile is smoothed. A software rasteriser takes both sides of every branch, so that this is
// a shader of its own.
@fragment
fn fs_smoothed(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let size = vec2<f32>(textureDimensions(source));
    let at = place(position);
    if is_outside(floor(at + 0.5), size) {
        return vec4<f32>(0.0, 0.0, 0.0, 1.0);
    }
    let low = floor(at);
    let weight = at - low;
    let top = mix(texel(low, size - 1.0), texel(low + vec2<f32>(1.0, 0.0), size - 1.0), weight.x);
    let bottom = mix(texel(low + vec2<f32>(0.0, 1.0), size - 1.0), texel(low + 1.0, size - 1.0), weight.x);
    return vec4<f32>(mix(top, bottom, weight.y), 1.0);
}
