// Stored values as f32.

@group(0) @binding(1) var voxels: texture_3d<f32>;

fn stored_at(at: vec3<i32>) -> f32 {
    return f32(textureLoad(voxels, at, 0).x);
}
