// A picture of modality values through a window, under pan, zoom, turn and flip.

const INTERPOLATION_NEAREST: u32 = 0u;
const EDGE_TOLERANCE_VOXELS: f32 = 0.0001;

struct Window {
    grey: Grey,
    at_first_pixel: vec2<f32>,
    per_column: vec2<f32>,
    per_row: vec2<f32>,
    size_px: vec2<f32>,
    interpolation: u32,
    reserved: u32,
}

@group(0) @binding(0) var<uniform> window: Window;
@group(0) @binding(1) var picture: texture_2d<f32>;
@group(0) @binding(2) var table: texture_2d<f32>;
// As large as the picture, or one transparent pixel.
@group(0) @binding(3) var colours: texture_2d<f32>;

fn texel(at: vec2<i32>) -> f32 {
    return textureLoad(picture, at, 0).x;
}

// Minus infinity stands for padding. The compiler may assume that it never happens, so its bits are looked at.
fn is_padding(value: f32) -> bool {
    return bitcast<u32>(value) == 0xff800000u;
}

fn nearest_grey(at: vec2<f32>, size: vec2<i32>, outside: vec3<f32>) -> vec3<f32> {
    let value = texel(clamp(vec2<i32>(floor(at + 0.5)), vec2<i32>(0), size - 1));
    if is_padding(value) {
        return vec3<f32>(0.0);
    }
    return select(shown_colour(window.grey, table, value), outside, is_nan(value));
}

@fragment
fn fragment(corner: Corner) -> @location(0) vec4<f32> {
    let pixel = pixel_of(corner.uv, window.size_px);
    let at = window.at_first_pixel + pixel.x * window.per_column + pixel.y * window.per_row;
    let size = vec2<i32>(textureDimensions(picture));
    let outside = vec3<f32>(outside_grey(window.grey.hatched, pixel));
    if any(at < vec2<f32>(-0.5 - EDGE_TOLERANCE_VOXELS)) || any(at > vec2<f32>(size) - 0.5 + EDGE_TOLERANCE_VOXELS) {
        return for_target(outside);
    }
    // Colours are stored values: of two neighbours nothing lies between, so the nearest is taken.
    let nearest = clamp(vec2<i32>(floor(at + 0.5)), vec2<i32>(0), size - 1);
    let colour = textureLoad(colours, min(nearest, vec2<i32>(textureDimensions(colours)) - 1), 0);
    if colour.a > 0.5 {
        return for_target(colour.rgb);
    }
    if window.interpolation == INTERPOLATION_NEAREST {
        return for_target(nearest_grey(at, size, outside));
    }
    let inner = clamp(at, vec2<f32>(0.0), vec2<f32>(size - 1));
    let low = vec2<i32>(floor(inner));
    let weight = inner - floor(inner);
    let high = min(low + 1, size - 1);
    let a = texel(low);
    var b = texel(vec2<i32>(high.x, low.y));
    var c = texel(vec2<i32>(low.x, high.y));
    var d = texel(high);
    if is_nan(a) || is_nan(b) || is_nan(c) || is_nan(d) {
        return for_target(outside);
    }
    // A neighbour without weight is not asked, so that padding there does no harm.
    if weight.x == 0.0 {
        b = a;
        d = c;
    }
    if weight.y == 0.0 {
        c = a;
        d = b;
    }
    // Nothing is interpolated with padding.
    if is_padding(a) || is_padding(b) || is_padding(c) || is_padding(d) {
        return for_target(nearest_grey(at, size, outside));
    }
    let top = a + (b - a) * weight.x;
    let bottom = c + (d - c) * weight.x;
    return for_target(shown_colour(window.grey, table, top + (bottom - top) * weight.y));
}
