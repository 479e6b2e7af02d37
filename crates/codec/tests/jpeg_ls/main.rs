//! JPEG-LS against an encoder written from the standard, against streams that CharLS wrote, and against damage.
#![allow(clippy::unwrap_used)]

mod encoder;

use codec::{CodecError, Samples, StreamCodec, StreamHeader, UnmarkedComponents, decode};
use encoder::{Interleave, Job, encode};

fn decoded(stream: &[u8]) -> Option<Result<Samples, CodecError>> {
    let header = StreamHeader::read(stream)?;
    // Whoever decodes has agreed to the size before.
    let is_small = header.n_samples() < 1 << 16;
    (header.codec == StreamCodec::JpegLs && is_small)
        .then(|| decode(stream, &header, UnmarkedComponents::Rgb))
}

fn values(samples: Samples) -> Vec<i32> {
    match samples {
        Samples::Bits8(all) => all.into_iter().map(i32::from).collect(),
        Samples::Bits16(all) => all.into_iter().map(i32::from).collect(),
    }
}

fn pixelwise(planes: &[Vec<i32>]) -> Vec<i32> {
    let n = planes.first().map_or(0, Vec::len);
    (0..n)
        .flat_map(|i| planes.iter().map(move |p| p[i]))
        .collect()
}

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

/// Pictures that bring out each part of the coder, by number.
fn picture(kind: u64, job: &mut Job, n_components: usize, maxval: i32, chance: &mut Chance) {
    let width = job.width as i32;
    job.planes = (0..n_components as i32)
        .map(|c| {
            (0..job.width * job.height)
                .map(|i| {
                    let (x, y) = (i as i32 % width, i as i32 / width);
                    let noise = |n: i32, chance: &mut Chance| chance.below(n as u64) as i32;
                    match kind {
                        0 => noise(maxval + 1, chance),
                        1 => (3 * x + 2 * y + c) % (maxval + 1),
                        2 if noise(20, chance) == 0 => noise(maxval + 1, chance),
                        2 => maxval / 3,
                        3 => (maxval / 2 + noise(8, chance)).min(maxval),
                        4 => (x / 7 + y / 5 + c) % 2 * maxval,
                        _ => (x * x + y * y + noise(3, chance)) % (maxval + 1),
                    }
                })
                .collect()
        })
        .collect();
}

fn any_job(chance: &mut Chance) -> Job {
    let precision = 2 + chance.below(15) as u32;
    let full = (1 << precision) - 1;
    let maxval = match chance.below(3) {
        0 => 1 + chance.below(full as u64) as i32,
        _ => full,
    };
    let near = match chance.below(2) {
        0 => 0,
        _ => (chance.below(10) as i32).min(maxval / 2),
    };
    let presets = (maxval != full || chance.below(4) == 0).then(|| {
        let above_near = (maxval - near) as u64;
        let mut t = [0; 3].map(|_| near + 1 + chance.below(above_near) as i32);
        t.sort_unstable();
        [maxval, t[0], t[1], t[2], 3 + chance.below(253) as i32]
    });
    let (width, height) = match chance.below(4) {
        0 => (1 + chance.below(4), 1 + chance.below(4)),
        1 => (1 + chance.below(200), 1 + chance.below(8)),
        2 => (1 + chance.below(8), 1 + chance.below(60)),
        _ => (1 + chance.below(60), 1 + chance.below(60)),
    };
    let interleave = [Interleave::None, Interleave::Line, Interleave::Sample];
    let mut job = Job {
        width: width as usize,
        height: height as usize,
        precision,
        planes: Vec::new(),
        near,
        interleave: interleave[chance.below(3) as usize],
        presets,
        restart_interval: match chance.below(3) {
            0 => 1 + chance.below(height) as usize,
            _ => 0,
        },
        before: Vec::new(),
    };
    let n_components = 1 + chance.below(4) as usize;
    picture(chance.below(6), &mut job, n_components, maxval, chance);
    job
}

fn small_job() -> Job {
    let mut job = Job {
        width: 23,
        height: 9,
        precision: 8,
        planes: Vec::new(),
        near: 0,
        interleave: Interleave::None,
        presets: None,
        restart_interval: 0,
        before: Vec::new(),
    };
    picture(5, &mut job, 1, 255, &mut Chance(7));
    job
}

const END: [u8; 2] = [0xFF, 0xD9];

#[test]
fn every_kind_of_stream_decodes_to_what_its_encoder_foresaw() {
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    for round in 0..2500 {
        let job = any_job(&mut chance);
        let encoded = encode(&job);
        let stream = [&encoded.stream[..], &END].concat();
        let name = || {
            let Job {
                width,
                height,
                precision,
                near,
                ..
            } = job;
            let n = job.planes.len();
            format!(
                "{round}: {width} × {height} × {n}, {precision} bits, near {near}, {:?}, {:?}, restarts {}",
                job.interleave, job.presets, job.restart_interval
            )
        };
        let samples = decoded(&stream)
            .unwrap()
            .unwrap_or_else(|e| panic!("{}: {e}", name()));
        assert_eq!(values(samples), pixelwise(&encoded.planes), "{}", name());
        for (made, meant) in encoded.planes.iter().zip(&job.planes) {
            let is_near = |(a, b): (&i32, &i32)| (a - b).abs() <= job.near;
            assert!(made.iter().zip(meant).all(is_near), "{}", name());
        }
    }
}

#[test]
fn the_example_of_the_standard_decodes() {
    // ISO/IEC 14495-1 H.3: four lines of four samples.
    let stream = [
        0xFF, 0xD8, 0xFF, 0xF7, 0x00, 0x0B, 0x08, 0x00, 0x04, 0x00, 0x04, 0x01, 0x01, 0x11, 0x00,
        0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0xC0, 0x00, 0x00, 0x6C, 0x80,
        0x20, 0x8E, 0x01, 0xC0, 0x00, 0x00, 0x57, 0x40, 0x00, 0x00, 0x6E, 0xE6, 0x00, 0x00, 0x01,
        0xBC, 0x18, 0x00, 0x00, 0x05, 0xD8, 0x00, 0x00, 0x91, 0x60, 0xFF, 0xD9,
    ];
    let expected = [
        0, 0, 90, 74, 68, 50, 43, 205, 64, 145, 145, 145, 100, 145, 145, 145,
    ];
    assert_eq!(values(decoded(&stream).unwrap().unwrap()), expected);
}

/// The picture that the streams of CharLS hold.
fn charls_value(x: i32, y: i32, c: i32, maxval: i32) -> i32 {
    if x < 7 {
        return 20 + c;
    }
    let mixed = x * x * 5 + 3 * y + 40 * c + (x * 7 + y * 11 + c) * 37 % 13;
    mixed * (maxval / 255) % (maxval + 1)
}

#[test]
fn streams_of_charls_hold_the_picture_that_it_was_given() {
    // Written by CharLS 2.4.5 from the picture of `charls_value`, with its HP colour transforms in the last three.
    for (name, stream, maxval, n_components, near) in [
        (
            "8 bits",
            &include_bytes!("charls/grey_8.jls")[..],
            255,
            1,
            0,
        ),
        (
            "12 bits",
            include_bytes!("charls/grey_12_near_2.jls"),
            4095,
            1,
            2,
        ),
        ("16 bits", include_bytes!("charls/grey_16.jls"), 65535, 1, 0),
        ("planes", include_bytes!("charls/rgb_planes.jls"), 255, 3, 0),
        ("lines", include_bytes!("charls/rgb_lines.jls"), 255, 3, 0),
        (
            "lines, near",
            include_bytes!("charls/rgb_lines_near_1.jls"),
            255,
            3,
            1,
        ),
        ("pixels", include_bytes!("charls/rgb_pixels.jls"), 255, 3, 0),
        (
            "pixels, near",
            include_bytes!("charls/rgb_pixels_near_3.jls"),
            255,
            3,
            3,
        ),
        ("HP 1", include_bytes!("charls/rgb_hp1.jls"), 255, 3, 0),
        ("HP 2", include_bytes!("charls/rgb_hp2.jls"), 255, 3, 0),
        ("HP 3", include_bytes!("charls/rgb_hp3.jls"), 255, 3, 0),
    ] {
        let all = values(decoded(stream).unwrap().unwrap());
        assert_eq!(all.len(), 23 * 9 * n_components as usize, "{name}");
        for (i, value) in (0..).zip(all) {
            let (pixel, c) = (i / n_components, i % n_components);
            let meant = charls_value(pixel % 23, pixel / 23, c, maxval);
            assert!(
                (value - meant).abs() <= near,
                "{name}: {i}: {value}, not {meant}"
            );
        }
    }
}

#[test]
fn odd_streams_that_are_allowed_decode() {
    let job = small_job();
    let plain = encode(&job);
    let with_before = |before: &[u8]| {
        encode(&Job {
            before: before.to_vec(),
            ..job.clone()
        })
        .stream
    };
    let size_told_later = |presets: &[u8]| {
        let mut stream = plain.stream.clone();
        stream[7..11].fill(0);
        let scan = stream.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
        stream.splice(scan..scan, presets.iter().copied());
        stream
    };
    let height_told_last = || {
        let mut stream = plain.stream.clone();
        stream[7..9].fill(0);
        [&stream[..], &[0xFF, 0xDC, 0, 4, 0, 9], &END].concat()
    };
    let other_component = || {
        let mut stream = plain.stream.clone();
        let scan = stream.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
        stream[scan + 5] = 9;
        stream
    };
    for (name, stream) in [
        ("no end marker", plain.stream.clone()),
        (
            "zeros before the end marker",
            [&plain.stream[..], &[0; 9], &END].concat(),
        ),
        (
            "fill bytes before it",
            [&plain.stream[..], &[0xFF; 3], &END].concat(),
        ),
        ("zeros instead of it", [&plain.stream[..], &[0; 5]].concat()),
        (
            "bytes behind it",
            [&plain.stream[..], &END, &[1, 2, 3]].concat(),
        ),
        (
            "a comment",
            with_before(&[0xFF, 0xFE, 0, 5, b'a', b'b', b'c']),
        ),
        (
            "somebody's APP8",
            with_before(&[0xFF, 0xE8, 0, 6, 1, 2, 3, 4]),
        ),
        (
            "a mapping table that no scan uses",
            with_before(&[0xFF, 0xF8, 0, 7, 2, 1, 1, 0, 1]),
        ),
        (
            "size in a segment of presets",
            size_told_later(&[0xFF, 0xF8, 0, 8, 4, 2, 0, 9, 0, 23]),
        ),
        ("height behind the scan", height_told_last()),
        ("one component under two names", other_component()),
    ] {
        let samples = decoded(&stream)
            .unwrap()
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(values(samples), job.planes[0], "{name}");
    }
}

#[test]
fn what_cannot_be_decoded_rightly_is_refused() {
    let job = small_job();
    let plain = [&encode(&job).stream[..], &END].concat();
    let scan = plain.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap();
    let with = |at: usize, value: u8| {
        let mut stream = plain.clone();
        stream[at] = value;
        stream
    };
    let mut restarts = encode(&Job {
        restart_interval: 2,
        ..job.clone()
    })
    .stream;
    let restart = restarts.windows(2).position(|w| w == [0xFF, 0xD1]).unwrap();
    restarts[restart + 1] = 0xD2;
    let mut more = plain.clone();
    more.splice(plain.len() - 2..plain.len() - 2, [0x12, 0x34, 0x56]);
    const DAMAGED: bool = false;
    const UNSUPPORTED: bool = true;
    for (name, stream, is_unsupported, reason) in [
        ("a mapping table", with(scan + 6, 1), UNSUPPORTED, "table"),
        (
            "a point transform",
            with(scan + 9, 1),
            UNSUPPORTED,
            "shifted",
        ),
        (
            "NEAR beyond the samples",
            with(scan + 7, 200),
            DAMAGED,
            "parameters",
        ),
        (
            "interleave without components",
            with(scan + 8, 3),
            DAMAGED,
            "scan header",
        ),
        ("halved components", with(13, 0x22), UNSUPPORTED, "sizes"),
        ("restarts out of order", restarts, DAMAGED, "restart"),
        ("more data than samples", more, DAMAGED, "more data"),
        (
            "an unknown colour transform",
            {
                let mut stream = plain.clone();
                stream.splice(2..2, [0xFF, 0xE8, 0, 7, b'm', b'r', b'f', b'x', 9]);
                stream
            },
            UNSUPPORTED,
            "colours",
        ),
    ] {
        let error = decoded(&stream).unwrap().map(|_| ()).unwrap_err();
        assert!(error.what().contains(reason), "{name}: {error}");
        let is_so = matches!(error, CodecError::Unsupported { .. });
        assert_eq!(is_so, is_unsupported, "{name}: {error}");
    }
}

#[test]
fn a_stream_that_ends_early_gives_nothing() {
    let mut chance = Chance(99);
    for _ in 0..60 {
        let job = any_job(&mut chance);
        let encoded = encode(&job);
        for n in 0..encoded.stream.len() {
            let cut = decoded(&encoded.stream[..n]);
            // Where the last byte holds nothing but filling bits, the picture is whole without it.
            let is_whole = |s: Samples| values(s) == pixelwise(&encoded.planes);
            if let Some(Ok(samples)) = cut {
                assert!(
                    n + 2 >= encoded.stream.len() && is_whole(samples),
                    "{n} {job:?}"
                );
            }
        }
    }
}

#[test]
fn damage_is_refused_or_decodes_but_never_panics() {
    let mut chance = Chance(4711);
    let (mut n_decoded, mut n_refused) = (0, 0);
    while n_decoded + n_refused < 20_000 {
        let job = any_job(&mut chance);
        let whole = [&encode(&job).stream[..], &END].concat();
        for _ in 0..40 {
            let mut stream = whole.clone();
            for _ in 0..=chance.below(3) {
                let at = chance.below(stream.len() as u64) as usize;
                match chance.below(4) {
                    0 => stream[at] ^= 1 << chance.below(8),
                    1 => stream[at] = chance.below(256) as u8,
                    2 => drop(stream.remove(at)),
                    _ => stream.insert(at, [0, 0xFF, 0xD0, 0x80][chance.below(4) as usize]),
                }
            }
            match decoded(&stream) {
                Some(Ok(_)) => n_decoded += 1,
                _ => n_refused += 1,
            }
        }
    }
    println!(
        "{n_refused} of {} damaged streams refused",
        n_decoded + n_refused
    );
    assert!(n_decoded < n_refused);
}
