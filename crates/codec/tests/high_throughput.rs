//! Whole high-throughput JPEG 2000 streams that OpenJPH 0.26 made of formulas.

use codec::{Samples, StreamHeader, UnmarkedComponents, decode};

const WIDTH: i32 = 18;
const HEIGHT: i32 = 13;

/// Twelve bits, unsigned, reversible.
const GREY_12: &str = "\
    ff4fff5100294000000000120000000d0000000000000000000000120000000d000000000000000000010f0101ff50000800020000000a\
    ff52000c00020001000504044001ff5c00132088909090909090909090909090888888ff64001700014f70656e4a50482056657220302e\
    32362e332eff90000a00000000007c0001ff93c000269ff905077400c00013005cfe02877400c00012c00013c0001180f9004774006286\
    9c00c23400177300c00011c0001570000480125300d65a06808b001880e75600fe01e300c00013c0001200d9c7a147427500f8d51300c0\
    002d00480a64e30990efc0087f57d7e08b7a00ffd9";

/// Sixteen bits, signed, reversible.
const GREY_16_SIGNED: &str = "\
    ff4fff5100294000000000120000000d0000000000000000000000120000000d000000000000000000018f0101ff50000800020000000a\
    ff52000c00020001000504044001ff5c00132088909090909090909090909090888888ff64001700014f70656e4a50482056657220302e\
    32362e332eff90000a0000000001b10001ff93c000267ff603877400c000130039fa05877400c00013400015100004e0bbf503877400a8\
    816e9605817400ca75fe06077400c00015900005a50000568032586a0363a114dd0281b400523cfe130f320427cc8765f800e9037b3600\
    e6005d8258a840c6f101839400c000174d00005d2400016e0046885bc2addff86544b915ec05020837815bc06dec36600c6f3442e7f248\
    f3052d210062b700fef07f805ff81ff647f097f929fe7d00f4f3fb95fe7600ed00402c22d5946f420050bc00ff1dfe03fe97fea3fd53fe\
    83fe13fefd0ffdb3fe00c5ab4a40869800c0002f6c80005d8c0002e800ad6d5b0b10fadf026801b7d65a6badb187600bd002b4002d400b\
    d80240ff2dc01610fa6f015ac0165a68a10512816c6ddb5a8016a00568015a405a005ac0a13f5a400b68012d804b3cdbd6da168016a016\
    a0160094fe01417f6dfb9ffb15282fff08f9a283e486320201b601feff7eff7e3fff1fff5ffeff7fdfff7bff7fff7cff7aff7d7fff5fff\
    0fff1fff5fff4f3ac98714609c56481fa100723e00ff7ffeff7cff7bff7fff77ff6fff1fff7fff3fff7fbc1228e55dd22b058a7b00ffd9";

/// Three components of eight bits, reversible, with the colour transform.
const COLOUR_8: &str = "\
    ff4fff51002f4000000000120000000d0000000000000000000000120000000d00000000000000000003070101070101070101ff500008\
    000200000003ff52000c00020001010504044001ff5c00132050585858585858585858585858505050ff64001700014f70656e4a504820\
    56657220302e32362e332eff90000a0000000001200001ff93c01280c500877400c012804601877400c01280f600877400c00940f80087\
    7400c00940ef01077400c009409201077400a004c0078600423400a004d002407b3a00623400fe006300c008e004d002400063005ac700\
    423400fe006300a004d0023043fd12775400004300c00920054c0090fe004300b71a70fb0044e75500fe07d300c008e004f00240002300\
    e65e0291de7500fe004300c008e00480e04300fcd86300c009600480f8a063c400f8d51300c008e00480a1e300f8d51300c0157005a500\
    5a60c050feefc9fd3f4fdb7800000000000000c00e0069c00d5f2a54adbb00ff7fff7fff7fff7f0e0069c00d5f2a54adbb00c01580958e\
    cafdefe7f5fabe4b7800c01560c020eaefc17f757ec37800ffd9";

/// The same values as [`GREY_12`], irreversible, in steps that change none by more than one.
const GREY_12_LOSSY: &str = "\
    ff4fff5100294000000000120000000d0000000000000000000000120000000d000000000000000000010f0101ff50000800020000002a\
    ff52000c00020001000504044000ff5c002322b718b6eab6eab6bcaf00af00aee2a74ca74ca76490039003904697d297d29761ff640017\
    00014f70656e4a50482056657220302e32362e332eff90000a0000000000e10001ff93c0000138f307e108077400c000013044c5048774\
    00c000025800005440000240d100877400582c69fe0102340000477400c000054c000057c00004a0be1af7defe00c6b4001190c50458e9\
    0206fc0084037eb600f0fe335300c000169c00016b803a4410bab386120400d028fd014e0fc88d97008c1a96cfd9b8d9fafbfc0021fc42\
    037d621e80006a3d00c000174100005d00505a00311c4d92c7beba5059a4fe5f0105e4601f7fe5bfff2df847a85f0b7201ac93146b1f20\
    da376bde7f50fc1e00111840067f60001ecb08f6935d126a3301ffd9";
fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .bytes()
        .map(|digit| (digit as char).to_digit(16).expect("hex") as u8)
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn decode_stream(stream: &[u8]) -> Result<Samples, String> {
    let header = StreamHeader::read(stream).ok_or("no header")?;
    // A damaged header may say any size; what is agreed to here is small.
    if header.n_samples() > 1 << 16 {
        return Err("too large".to_owned());
    }
    decode(stream, &header, UnmarkedComponents::Rgb).map_err(|error| error.to_string())
}

fn values_of(formula: impl Fn(i32, i32) -> i32) -> Vec<i32> {
    (0..HEIGHT)
        .flat_map(|y| (0..WIDTH).map(move |x| (x, y)))
        .map(|(x, y)| formula(x, y))
        .collect()
}

fn grey_12(x: i32, y: i32) -> i32 {
    (x * 37 + y * 91 + x * y * 3) % 4096
}

fn values_12(stream: &str) -> Vec<i32> {
    match decode_stream(&bytes(stream)) {
        Ok(Samples::Bits16(values)) => values.into_iter().map(i32::from).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn reversible_streams_of_another_encoder_give_its_samples() {
    assert_eq!(values_12(GREY_12), values_of(grey_12));

    let want = values_of(|x, y| (x * x * 23 - y * 411 + x * y * 7).rem_euclid(65536) - 32768);
    match decode_stream(&bytes(GREY_16_SIGNED)) {
        Ok(Samples::Bits16(values)) => {
            let values: Vec<i32> = values
                .into_iter()
                .map(|value| i32::from(value as i16))
                .collect();
            assert_eq!(values, want);
        }
        other => panic!("{other:?}"),
    }

    let want: Vec<u8> = (0..HEIGHT)
        .flat_map(|y| (0..WIDTH).map(move |x| [x * 9 + y * 5, x * y, 255 - x * 3 - y * 7]))
        .flatten()
        .map(|value| value as u8)
        .collect();
    match decode_stream(&bytes(COLOUR_8)) {
        Ok(Samples::Bits8(values)) => assert_eq!(values, want),
        other => panic!("{other:?}"),
    }
}

#[test]
fn irreversible_streams_come_within_their_steps() {
    let values = values_12(GREY_12_LOSSY);
    for (value, want) in values.iter().zip(values_of(grey_12)) {
        assert!((value - want).abs() <= 1, "{value} instead of {want}");
    }
}

#[test]
fn extensions_that_change_samples_are_refused() {
    let sound = bytes(GREY_12);
    // A curve for the samples (NLT) and a transform of components (MCC), behind the size.
    for marker in [0x76, 0x75] {
        let behind_size = 4 + usize::from(sound[4]) * 256 + usize::from(sound[5]);
        let segment = [0xff, marker, 0, 6, 0, 0, 11, 3];
        let extended = [&sound[..behind_size], &segment, &sound[behind_size..]].concat();
        let error = decode_stream(&extended).expect_err("the samples would be wrong");
        assert!(error.contains("extension"), "{error}");
    }
}

#[test]
fn cut_streams_are_refused_and_damaged_ones_never_panic() {
    let mut n_refused = 0;
    let mut chance = 1_u64;
    for hex in [GREY_12, GREY_16_SIGNED, COLOUR_8, GREY_12_LOSSY] {
        let sound = bytes(hex);
        // The last two bytes are the end of the code stream; without them the samples are still whole.
        for n in 0..sound.len() - 2 {
            assert!(
                decode_stream(&sound[..n]).is_err(),
                "decoded {n} bytes of {}",
                sound.len()
            );
        }
        for _ in 0..5_000 {
            let mut damaged = sound.clone();
            for _ in 0..3 {
                chance = chance
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                let at = (chance >> 33) as usize % damaged.len();
                damaged[at] = (chance >> 25) as u8;
            }
            n_refused += u32::from(decode_stream(&damaged).is_err());
        }
    }
    assert!(
        n_refused > 5_000,
        "only {n_refused} of 20,000 damaged streams were refused"
    );
}
