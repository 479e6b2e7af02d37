// A plane or slab through a volume, through a window. Its twin on the CPU is the crate `volume`.

const INTERPOLATION_NEAREST: u32 = 0u;
const INTERPOLATION_LINEAR: u32 = 1u;
const INTERPOLATION_CUBIC: u32 = 2u;
const MODE_MEAN: u32 = 0u;
const MODE_MIP: u32 = 1u;
const MODE_MIN_IP: u32 = 2u;
// 32-bit coordinates of a large volume are good to about this; below it a sample lies on the slice.
const EDGE_TOLERANCE_VOXELS: f32 = 0.0001;

struct Reslice {
    grey: Grey,
    // Voxel coordinates of the picture's middle, and the steps of a pixel to the right, a pixel down, a layer away.
    centre: vec4<f32>,
    right: vec4<f32>,
    down: vec4<f32>,
    layer: vec4<f32>,
    size_px: vec2<f32>,
    rescale: vec2<f32>,
    n_layers: u32,
    mode: u32,
    interpolation: u32,
    // Not zero: slope, intercept and presence are looked up for each slice.
    per_slice: u32,
    // Two ranges of stored values that do not count, both ends included.
    excluded: vec4<f32>,
    // Voxels of the volume and of a brick, bricks of the volume, and bricks beside each other in the texture.
    size: vec4<i32>,
    brick: vec4<i32>,
    n_bricks: vec4<i32>,
    n_in_texture: vec4<i32>,
}

@group(0) @binding(0) var<uniform> reslice: Reslice;
@group(0) @binding(2) var table: texture_2d<f32>;
@group(0) @binding(3) var slices: texture_2d<f32>;

// Set when a sample needed a value that is not there.
var<private> met_hole: bool;
// Set when a sample needed a value that does not count, such as padding.
var<private> met_excluded: bool;

// Slope, intercept and presence of a slice.
fn slice_at(k: i32) -> vec3<f32> {
    if reslice.per_slice == 0u {
        return vec3<f32>(reslice.rescale, 1.0);
    }
    return textureLoad(slices, vec2<i32>(k, 0), 0).xyz;
}

// Where a voxel lies in the texture.
fn texel_of(at: vec3<i32>) -> vec3<i32> {
    let n = reslice.n_bricks.xyz;
    if n.x * n.y * n.z == 1 {
        return at;
    }
    let brick = at / reslice.brick.xyz;
    let idx = brick.x + n.x * (brick.y + n.y * brick.z);
    let beside = reslice.n_in_texture.xyz;
    let place = vec3<i32>(idx % beside.x, idx / beside.x % beside.y, idx / (beside.x * beside.y));
    return place * reslice.brick.xyz + (at - brick * reslice.brick.xyz);
}

fn is_excluded(stored: f32) -> bool {
    let ranges = reslice.excluded;
    let in_first = ranges.x <= stored && stored <= ranges.y;
    let in_second = ranges.z <= stored && stored <= ranges.w;
    // Minus infinity; the compiler may assume that it never happens, so its bits are looked at.
    return in_first || in_second || bitcast<u32>(stored) == 0xff800000u;
}

// What is not there or does not count is reported, unless it has no weight.
fn value_at(at: vec3<i32>, slice: vec3<f32>, weight: f32) -> f32 {
    let stored = stored_at(texel_of(at));
    if is_nan(stored) {
        met_hole = true;
        return 0.0;
    }
    if is_excluded(stored) {
        met_excluded = met_excluded || weight > 0.0 || weight < 0.0;
        return 0.0;
    }
    return slice.x * stored + slice.y;
}

fn sample_nearest(at: vec3<f32>, last: vec3<i32>) -> f32 {
    let voxel = clamp(vec3<i32>(floor(at + 0.5)), vec3<i32>(0), last);
    let slice = slice_at(voxel.z);
    met_hole = met_hole || slice.z < 0.5;
    return value_at(voxel, slice, 1.0);
}

fn sample_plane(low: vec3<i32>, high: vec3<i32>, weight: vec3<f32>, k: i32) -> f32 {
    let slice = slice_at(k);
    if slice.z < 0.5 {
        met_hole = true;
        return 0.0;
    }
    let rest = 1.0 - weight;
    let a = value_at(vec3<i32>(low.xy, k), slice, rest.x * rest.y);
    let b = value_at(vec3<i32>(high.x, low.y, k), slice, weight.x * rest.y);
    let c = value_at(vec3<i32>(low.x, high.y, k), slice, rest.x * weight.y);
    let d = value_at(vec3<i32>(high.xy, k), slice, weight.x * weight.y);
    let top = a + (b - a) * weight.x;
    let bottom = c + (d - c) * weight.x;
    return top + (bottom - top) * weight.y;
}

// The voxel at or before a place, and how far beyond it the place lies.
fn low_voxel(at: vec3<f32>, last: vec3<i32>) -> vec3<f32> {
    return floor(clamp(at, vec3<f32>(0.0), vec3<f32>(last)) + EDGE_TOLERANCE_VOXELS);
}

fn weight_of(at: vec3<f32>, low: vec3<f32>, last: vec3<i32>) -> vec3<f32> {
    let weight = clamp(at, vec3<f32>(0.0), vec3<f32>(last)) - low;
    return select(weight, vec3<f32>(0.0), weight < vec3<f32>(EDGE_TOLERANCE_VOXELS));
}

fn sample_linear(at: vec3<f32>, last: vec3<i32>) -> f32 {
    let floored = low_voxel(at, last);
    let weight = weight_of(at, floored, last);
    let low = vec3<i32>(floored);
    let high = min(low + 1, last);
    let near = sample_plane(low, high, weight, low.z);
    if weight.z <= 0.0 {
        return near;
    }
    let far = sample_plane(low, high, weight, high.z);
    return near + (far - near) * weight.z;
}

fn cubic_weights(f: f32) -> vec4<f32> {
    let f2 = f * f;
    let f3 = f2 * f;
    return 0.5 * vec4<f32>(-f + 2.0 * f2 - f3, 2.0 - 5.0 * f2 + 3.0 * f3, f + 4.0 * f2 - 3.0 * f3, f3 - f2);
}

fn sample_cubic(at: vec3<f32>, last: vec3<i32>) -> f32 {
    let floored = low_voxel(at, last);
    let weight = weight_of(at, floored, last);
    let low = vec3<i32>(floored);
    var wx = cubic_weights(weight.x);
    var wy = cubic_weights(weight.y);
    var wz = cubic_weights(weight.z);
    var sum = 0.0;
    for (var k = 0; k < 4; k++) {
        if wz[k] == 0.0 {
            continue;
        }
        let z = clamp(low.z + k - 1, 0, last.z);
        let slice = slice_at(z);
        if slice.z < 0.5 {
            met_hole = true;
            return 0.0;
        }
        for (var j = 0; j < 4; j++) {
            for (var i = 0; i < 4; i++) {
                let w = wz[k] * wy[j] * wx[i];
                if w != 0.0 {
                    let voxel = clamp(vec3<i32>(low.xy + vec2<i32>(i, j) - 1, z), vec3<i32>(0), last);
                    sum += w * value_at(voxel, slice, w);
                }
            }
        }
    }
    return sum;
}

// Nothing is blended with values that do not count: beside them the next simpler interpolation is taken. Leaves
// `met_excluded` set where the nearest voxel does not count either.
fn sample_at(at: vec3<f32>, last: vec3<i32>) -> f32 {
    met_excluded = false;
    if reslice.interpolation == INTERPOLATION_CUBIC {
        let value = sample_cubic(at, last);
        if !met_excluded || met_hole {
            return value;
        }
        met_excluded = false;
    }
    if reslice.interpolation != INTERPOLATION_NEAREST {
        let value = sample_linear(at, last);
        if !met_excluded || met_hole {
            return value;
        }
        met_excluded = false;
    }
    return sample_nearest(at, last);
}

@fragment
fn fragment(corner: Corner) -> @location(0) vec4<f32> {
    let pixel = pixel_of(corner.uv, reslice.size_px);
    let from_middle = pixel - (reslice.size_px - 1.0) * 0.5;
    let on_plane = reslice.centre.xyz + from_middle.x * reslice.right.xyz + from_middle.y * reslice.down.xyz;
    let size = reslice.size.xyz;
    let low_edge = vec3<f32>(-0.5 - EDGE_TOLERANCE_VOXELS);
    let high_edge = vec3<f32>(size) - 0.5 + EDGE_TOLERANCE_VOXELS;
    met_hole = false;
    var n_samples = 0.0;
    var n_excluded = 0.0;
    var combined = 0.0;
    for (var n = 0u; n < reslice.n_layers; n++) {
        let away = f32(n) - (f32(reslice.n_layers) - 1.0) * 0.5;
        let at = on_plane + away * reslice.layer.xyz;
        if any(at < low_edge) || any(at > high_edge) {
            continue;
        }
        let value = sample_at(at, size - 1);
        if met_excluded {
            n_excluded += 1.0;
            continue;
        }
        if n_samples == 0.0 {
            combined = value;
        } else if reslice.mode == MODE_MEAN {
            combined += value;
        } else if reslice.mode == MODE_MIP {
            combined = max(combined, value);
        } else {
            combined = min(combined, value);
        }
        n_samples += 1.0;
    }
    if n_samples == 0.0 && n_excluded > 0.0 && !met_hole {
        return for_target(vec3<f32>(0.0));
    }
    if n_samples == 0.0 || met_hole {
        return for_target(vec3<f32>(outside_grey(reslice.grey.hatched, pixel)));
    }
    if reslice.mode == MODE_MEAN {
        combined /= n_samples;
    }
    return for_target(shown_colour(reslice.grey, table, combined));
}
