// One triangle over the whole viewport, the pixel a fragment stands for, and how a grey leaves for the target.

const HATCH_PERIOD_PX: u32 = 16u;
const HATCH_WIDTH_PX: u32 = 1u;
const HATCH_GREY: u32 = 40u;

// The target format turns linear light into sRGB on writing: greys are meant for the screen as they are.
override target_is_srgb: bool = false;

struct Corner {
    @builtin(position) position: vec4<f32>,
    @location(0) uv: vec2<f32>,
}

@vertex
fn vertex(@builtin(vertex_index) index: u32) -> Corner {
    let uv = vec2<f32>(f32((index << 1u) & 2u), f32(index & 2u));
    return Corner(vec4<f32>(uv.x * 2.0 - 1.0, 1.0 - uv.y * 2.0, 0.0, 1.0), uv);
}

// The whole pixel under a fragment: a fragment's centre is half a pixel in, so that rounding down is safe.
fn pixel_of(uv: vec2<f32>, size_px: vec2<f32>) -> vec2<f32> {
    return floor(uv * size_px);
}

fn outside_grey(hatched: u32, pixel: vec2<f32>) -> f32 {
    let phase = u32(pixel.x + pixel.y) % HATCH_PERIOD_PX;
    return select(0.0, f32(HATCH_GREY) / 255.0, hatched != 0u && phase < HATCH_WIDTH_PX);
}

fn for_target(colour: vec3<f32>) -> vec4<f32> {
    let low = colour / 12.92;
    let high = pow((colour + vec3<f32>(0.055)) / 1.055, vec3<f32>(2.4));
    let linear = select(high, low, colour <= vec3<f32>(0.04045));
    return vec4<f32>(select(colour, linear, target_is_srgb), 1.0);
}

// The compiler may assume that NaN never happens, so its bits are looked at.
fn is_nan(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u;
}
