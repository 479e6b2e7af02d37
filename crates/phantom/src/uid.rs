//! Unique identifiers that are the same on every machine: 2.25 followed by a 128-bit hash of a name (PS3.5 B.2).

use crate::random::hash64;

/// Returns the identifier that belongs to `name`.
pub fn uid_of(name: &str) -> String {
    let mut high = 0x243F_6A88_85A3_08D3u64;
    let mut low = 0x1319_8A2E_0370_7344u64;
    for byte in name.bytes() {
        high = hash64(high ^ u64::from(byte));
        low = hash64(low.rotate_left(9) ^ high);
    }
    // The version and variant bits of RFC 9562 make the number a well-formed UUID (version 8, custom).
    let high = (high & !0xF000) | 0x8000;
    let low = (low & !(0b11 << 62)) | (0b10 << 62);
    format!("2.25.{}", (u128::from(high) << 64) | u128::from(low))
}
