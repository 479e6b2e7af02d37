// Light through a volume. Its twin on the CPU is `volume::ray_cast`.

// Entries beside each other in the table's texture.
const LIGHT_TABLE_WIDTH: i32 = 64;
// Light that gets through is not worth following below this share.
const DARK: f32 = 0.01;
// 32-bit places are good to this part of a step; a leap that ends too early costs a look, one too late a sample.
const LEAP_MARGIN_STEPS: f32 = 0.002;

struct RayCast {
    // Voxel coordinates of the picture's middle, and the steps of a pixel to the right, a pixel down, a sample away.
    centre: vec4<f32>,
    right: vec4<f32>,
    down: vec4<f32>,
    per_step: vec4<f32>,
    // First and last voxel centre that show.
    low: vec4<f32>,
    high: vec4<f32>,
    // In patient space: towards the lamp, and half way between lamp and eye.
    to_lamp: vec4<f32>,
    half_way: vec4<f32>,
    // Rows of the matrix from patient millimetres to voxel coordinates.
    row_i: vec4<f32>,
    row_j: vec4<f32>,
    row_k: vec4<f32>,
    // Ambient, diffuse, specular, shininess.
    shading: vec4<f32>,
    size_px: vec2<f32>,
    rescale: vec2<f32>,
    first_value: f32,
    per_value: f32,
    surface_per_mm: f32,
    // Not zero: slope, intercept and presence are looked up for each slice.
    per_slice: u32,
    // Two ranges of stored values that do not count, both ends included.
    excluded: vec4<f32>,
    // Voxels of the volume and of a brick of its texture, bricks of the volume, and bricks beside each other in the texture.
    size: vec4<i32>,
    brick: vec4<i32>,
    n_bricks: vec4<i32>,
    n_in_texture: vec4<i32>,
    // Cells that can be stepped over together, along each axis, and how many cells long each is.
    n_rooms: vec4<i32>,
}

@group(0) @binding(0) var<uniform> light: RayCast;
@group(0) @binding(2) var table: texture_2d<f32>;
@group(0) @binding(3) var slices: texture_2d<f32>;
@group(0) @binding(4) var distances: texture_3d<u32>;

// Set when a sample needed a value that is not there or does not count.
var<private> is_missing: bool;

// Where a voxel lies in the texture.
fn texel_of(at: vec3<i32>) -> vec3<i32> {
    let n = light.n_bricks.xyz;
    if n.x * n.y * n.z == 1 {
        return at;
    }
    let brick = at / light.brick.xyz;
    let idx = brick.x + n.x * (brick.y + n.y * brick.z);
    let beside = light.n_in_texture.xyz;
    let place = vec3<i32>(idx % beside.x, idx / beside.x % beside.y, idx / (beside.x * beside.y));
    return place * light.brick.xyz + (at - brick * light.brick.xyz);
}

fn value_at(at: vec3<i32>, line: vec2<f32>) -> f32 {
    let stored = stored_at(texel_of(at));
    let ranges = light.excluded;
    let in_first = ranges.x <= stored && stored <= ranges.y;
    let in_second = ranges.z <= stored && stored <= ranges.w;
    // Minus infinity stands for what does not count; the compiler may assume that it never happens, so its bits are read.
    if is_nan(stored) || in_first || in_second || bitcast<u32>(stored) == 0xff800000u {
        is_missing = true;
        return 0.0;
    }
    return line.x * stored + line.y;
}

fn sample_plane(low: vec2<i32>, weight: vec2<f32>, k: i32) -> f32 {
    var line = light.rescale;
    if light.per_slice != 0u {
        let facts = textureLoad(slices, vec2<i32>(k, 0), 0);
        if facts.z < 0.5 {
            is_missing = true;
            return 0.0;
        }
        line = facts.xy;
    }
    let a = value_at(vec3<i32>(low, k), line);
    let b = value_at(vec3<i32>(low.x + 1, low.y, k), line);
    let c = value_at(vec3<i32>(low.x, low.y + 1, k), line);
    let d = value_at(vec3<i32>(low + 1, k), line);
    let top = a + (b - a) * weight.x;
    let bottom = c + (d - c) * weight.x;
    return top + (bottom - top) * weight.y;
}

// Linear between the eight voxels about a place, which is taken to the outer centres where it lies beyond them.
fn sample_at(place: vec3<f32>) -> f32 {
    let last = vec3<f32>(light.size.xyz - 1);
    let at = clamp(place, vec3<f32>(0.0), last);
    let low = min(floor(at), last - 1.0);
    let weight = at - low;
    let voxel = vec3<i32>(low);
    let near = sample_plane(voxel.xy, weight.xy, voxel.z);
    if weight.z <= 0.0 {
        return near;
    }
    let far = sample_plane(voxel.xy, weight.xy, voxel.z + 1);
    return near + (far - near) * weight.z;
}

fn change_along(at: vec3<f32>, by: vec3<f32>) -> f32 {
    return (sample_at(at + by) - sample_at(at - by)) * 0.5;
}

// The colour of a place: where values hardly change there is no surface, only noise, and it is lit evenly.
fn lit(at: vec3<f32>, colour: vec3<f32>) -> vec3<f32> {
    is_missing = false;
    let along_i = change_along(at, vec3<f32>(1.0, 0.0, 0.0));
    let along_j = change_along(at, vec3<f32>(0.0, 1.0, 0.0));
    let along_k = change_along(at, vec3<f32>(0.0, 0.0, 1.0));
    let per_mm = along_i * light.row_i.xyz + along_j * light.row_j.xyz + along_k * light.row_k.xyz;
    let steepness = length(per_mm);
    if is_missing || steepness <= 0.0 {
        return colour * (light.shading.x + light.shading.y);
    }
    let surface = min(steepness / light.surface_per_mm, 1.0);
    let normal = per_mm / steepness;
    let facing = abs(dot(normal, light.to_lamp.xyz));
    let glint = pow(abs(dot(normal, light.half_way.xyz)), light.shading.w);
    let matt = light.shading.x + light.shading.y * (surface * facing + (1.0 - surface));
    return colour * matt + light.shading.z * glint * surface;
}

// Steps from a place to the next that may show anything; none where it may itself.
fn empty_steps(at: vec3<f32>) -> f32 {
    let room_size = light.n_rooms.w;
    let room = clamp(vec3<i32>(at) / room_size, vec3<i32>(0), light.n_rooms.xyz - 1);
    let distance = i32(textureLoad(distances, room, 0).x);
    if distance == 0 {
        return 0.0;
    }
    let by = light.per_step.xyz;
    let high_wall = vec3<f32>((room + distance) * room_size) - at;
    let low_wall = at - vec3<f32>((room + 1 - distance) * room_size);
    var n_steps = 1.0e6;
    for (var axis = 0; axis < 3; axis++) {
        if by[axis] > 1.0e-9 {
            n_steps = min(n_steps, high_wall[axis] / by[axis]);
        } else if by[axis] < -1.0e-9 {
            n_steps = min(n_steps, low_wall[axis] / -by[axis]);
        }
    }
    return floor(max(n_steps - LEAP_MARGIN_STEPS, 0.0)) + 1.0;
}

// The first and the last step within what is shown, counted from the plane; the first is after the last where there is none.
fn steps_within(origin: vec3<f32>) -> vec2<f32> {
    var first = -1.0e6;
    var last = 1.0e6;
    for (var axis = 0; axis < 3; axis++) {
        let by = light.per_step[axis];
        let to_low = light.low[axis] - origin[axis];
        let to_high = light.high[axis] - origin[axis];
        if abs(by) < 1.0e-9 {
            if to_low > 0.0 || to_high < 0.0 {
                return vec2<f32>(1.0, 0.0);
            }
            continue;
        }
        first = max(first, min(to_low / by, to_high / by));
        last = min(last, max(to_low / by, to_high / by));
    }
    return vec2<f32>(ceil(first), floor(last));
}

@fragment
fn fragment(corner: Corner) -> @location(0) vec4<f32> {
    let pixel = pixel_of(corner.uv, light.size_px);
    let from_middle = pixel - (light.size_px - 1.0) * 0.5;
    let origin = light.centre.xyz + from_middle.x * light.right.xyz + from_middle.y * light.down.xyz;
    let steps = steps_within(origin);
    var colour = vec3<f32>(0.0);
    var through = 1.0;
    var step = steps.x;
    while step <= steps.y {
        let at = origin + step * light.per_step.xyz;
        let empty = empty_steps(at);
        if empty > 0.0 {
            step += empty;
            continue;
        }
        step += 1.0;
        is_missing = false;
        let value = sample_at(at);
        if is_missing {
            continue;
        }
        let n_entries = LIGHT_TABLE_WIDTH * LIGHT_TABLE_WIDTH;
        let place = (value - light.first_value) * light.per_value + 0.5;
        let idx = i32(clamp(place, 0.0, f32(n_entries - 1)));
        let entry = textureLoad(table, vec2<i32>(idx % LIGHT_TABLE_WIDTH, idx / LIGHT_TABLE_WIDTH), 0);
        if entry.a <= 0.0 {
            continue;
        }
        colour += through * entry.a * lit(at, entry.rgb);
        through *= 1.0 - entry.a;
        if through < DARK {
            break;
        }
    }
    return for_target(min(colour, vec3<f32>(1.0)));
}
