//! What the GPU cannot hold or draw is refused in words.

use render::{
    AdapterKind, Appearance, Gpu, PictureTexture, RenderError, ReslicePass, ResliceView,
    VolumeTexture, device_descriptor, voxel_texture_bytes,
};
use space::{Grid, Orientation, PatientVector};
use volume::{GeometryKind, Interpolation, Picture, ResliceError, Slab, SlabMode, Stored};

use crate::{made, parity};

#[test]
fn volumes_beyond_the_budget_or_the_device_are_refused() {
    let Some(gpu) = parity::gpu() else { return };
    let new = |volume: &volume::Volume, budget| {
        VolumeTexture::new(&gpu.device, &gpu.queue, volume, budget)
            .map(|_| ())
            .unwrap_err()
    };
    let mut volume = made::volume(made::upright([16, 16, 4]), Stored::I16, |_| true);
    assert_eq!(voxel_texture_bytes(&volume), Ok(2048));
    assert!(VolumeTexture::new(&gpu.device, &gpu.queue, &volume, 2048).is_ok());
    assert!(matches!(
        new(&volume, 2047),
        RenderError::TooLarge {
            n_bytes: 2048,
            budget_bytes: 2047,
            ..
        }
    ));
    let side = gpu.device.limits().max_texture_dimension_3d as usize;
    let long = made::volume(made::upright([side + 1, side, side]), Stored::U8, |_| false);
    assert!(matches!(new(&long, 1 << 40), RenderError::TooLarge { .. }));
    volume.kind = GeometryKind::Stack;
    let refused = RenderError::Reslice(ResliceError::NotAVolume {
        kind: GeometryKind::Stack,
    });
    assert_eq!(new(&volume, 1 << 30), refused);
}

/// A device that holds volumes of no more than `side` voxels a side, as small graphics cards do.
fn small_gpu(side: u32) -> Gpu {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::from_env().unwrap_or(wgpu::Backends::PRIMARY),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let adapter = instance.request_adapter(&wgpu::RequestAdapterOptions::default());
    let adapter = pollster::block_on(adapter).expect("GPU tests need an adapter");
    let mut wanted = device_descriptor(&adapter);
    wanted.required_limits.max_texture_dimension_3d = side;
    let (device, queue) =
        pollster::block_on(adapter.request_device(&wanted)).expect("a smaller device is a device");
    Gpu {
        device,
        queue,
        info: adapter.get_info(),
    }
}

#[test]
fn small_devices_take_what_fits_and_refuse_the_rest_in_words() {
    if parity::gpu().is_none() {
        return;
    }
    for side in [64, 128, 256] {
        let gpu = small_gpu(side);
        let n = side as usize;
        for (size, fits) in [
            ([n, 4, 4], true),
            ([4, n, 4], true),
            ([4, 4, n], true),
            // Longer than a side in one direction, and cut into bricks that lie beside each other.
            ([n + 1, 4, 4], true),
            ([4, n + 1, 4], true),
            ([4, 4, n + 1], true),
            ([n + 1, n, n], false),
            ([n, n, n + 1], false),
        ] {
            let volume = made::volume(made::upright(size), Stored::I16, |_| true);
            let held = VolumeTexture::new(&gpu.device, &gpu.queue, &volume, 1 << 30);
            match held {
                Ok(mut texture) => {
                    let n_slices = texture.upload(&gpu.device, &gpu.queue, &volume, usize::MAX);
                    assert!(fits && n_slices == size[2], "{size:?} on a side of {side}");
                }
                Err(refused) => {
                    let RenderError::TooLarge { side_limit, .. } = refused else {
                        panic!("{size:?}: {refused}");
                    };
                    assert!(!fits && side_limit == side, "{size:?} on a side of {side}");
                }
            }
        }
    }
}

#[test]
fn pictures_beyond_the_device_are_refused() {
    let Some(gpu) = parity::gpu() else { return };
    let side = gpu.device.limits().max_texture_dimension_2d as usize;
    for (width, height) in [(side + 1, 1), (0, 1), (1, 0)] {
        let picture = Picture {
            width,
            height,
            values: vec![0.0; width * height],
        };
        let refused = PictureTexture::new(&gpu.device, &gpu.queue, (&picture, None)).map(|_| ());
        assert!(
            matches!(refused, Err(RenderError::TooLarge { .. })),
            "{width} × {height}"
        );
    }
    assert!(gpu.off_screen([0, 5], |_| ()).is_err());
}

#[test]
fn planes_the_twin_refuses_are_refused() {
    let Some(gpu) = parity::gpu() else { return };
    let volume = made::volume(made::upright([16, 16, 4]), Stored::I16, |_| true);
    let texture = VolumeTexture::new(&gpu.device, &gpu.queue, &volume, 1 << 20).unwrap();
    let plane = made::plane(&volume.grid, Orientation::Axial.frame());
    let view = ResliceView {
        plane,
        interpolation: Interpolation::Linear,
        slab: None,
    };
    let appearance: Appearance = made::full_range(&volume);
    let pass = ReslicePass::new(render::Gpu::OFF_SCREEN_FORMAT);
    let refused = |grid: &Grid, view: &ResliceView| {
        pass.prepare(
            (&gpu.device, &gpu.queue),
            (&texture, grid),
            view,
            &appearance,
        )
        .map(|_| ())
        .unwrap_err()
    };
    let mut flat = volume.grid;
    flat.slice_step = PatientVector::default();
    assert_eq!(refused(&flat, &view), ResliceError::DegenerateGrid.into());
    let mut nowhere = view;
    nowhere.plane.mm_per_pixel = -1.0;
    assert_eq!(
        refused(&volume.grid, &nowhere),
        ResliceError::BadPlane.into()
    );
    let thick = ResliceView {
        slab: Some(Slab {
            mode: SlabMode::Mip,
            thickness_mm: 1e9,
        }),
        ..view
    };
    assert_eq!(
        refused(&volume.grid, &thick),
        ResliceError::BadSlab { thickness_mm: 1e9 }.into()
    );
}

#[test]
fn a_software_adapter_is_called_one() {
    let Some(gpu) = parity::gpu() else { return };
    let software = gpu.info.device_type == wgpu::DeviceType::Cpu;
    assert_eq!(gpu.adapter_kind() == AdapterKind::Software, software);
    println!("pictures by {:?} ({:?})", gpu.info.name, gpu.adapter_kind());
}
