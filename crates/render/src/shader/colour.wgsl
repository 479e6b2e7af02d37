// A colour picture under pan, zoom, turn and flip.

const INTERPOLATION_NEAREST: u32 = 0u;
const EDGE_TOLERANCE_VOXELS: f32 = 0.0001;

struct Colour {
    at_first_pixel: vec2<f32>,
    per_column: vec2<f32>,
    per_row: vec2<f32>,
    size_px: vec2<f32>,
    interpolation: u32,
    hatched: u32,
    reserved: vec2<u32>,
}

@group(0) @binding(0) var<uniform> view: Colour;
@group(0) @binding(1) var picture: texture_2d<f32>;

@fragment
fn fragment(corner: Corner) -> @location(0) vec4<f32> {
    let pixel = pixel_of(corner.uv, view.size_px);
    let at = view.at_first_pixel + pixel.x * view.per_column + pixel.y * view.per_row;
    let size = vec2<i32>(textureDimensions(picture));
    let outside = vec3<f32>(outside_grey(view.hatched, pixel));
    if any(at < vec2<f32>(-0.5 - EDGE_TOLERANCE_VOXELS)) || any(at > vec2<f32>(size) - 0.5 + EDGE_TOLERANCE_VOXELS) {
        return for_target(outside);
    }
    if view.interpolation == INTERPOLATION_NEAREST {
        let colour = textureLoad(picture, clamp(vec2<i32>(floor(at + 0.5)), vec2<i32>(0), size - 1), 0);
        return for_target(select(outside, colour.rgb, colour.a > 0.5));
    }
    let inner = clamp(at, vec2<f32>(0.0), vec2<f32>(size - 1));
    let low = vec2<i32>(floor(inner));
    let high = min(low + 1, size - 1);
    let weight = inner - floor(inner);
    let a = textureLoad(picture, low, 0);
    let b = textureLoad(picture, vec2<i32>(high.x, low.y), 0);
    let c = textureLoad(picture, vec2<i32>(low.x, high.y), 0);
    let d = textureLoad(picture, high, 0);
    let blended = mix(mix(a, b, weight.x), mix(c, d, weight.x), weight.y);
    // A pixel that blends with nothing is nothing.
    return for_target(select(outside, floor(blended.rgb * 255.0 + 0.5) / 255.0, blended.a > 0.999));
}
