//! One boundary of the house, named by `OVERREAD_FUZZ`, fed by libFuzzer.

#![no_main]

use std::sync::OnceLock;

use fuzz::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

fn chosen() -> &'static Target {
    static CHOSEN: OnceLock<&Target> = OnceLock::new();
    CHOSEN.get_or_init(|| {
        let name = std::env::var("OVERREAD_FUZZ").unwrap_or_default();
        TARGETS
            .iter()
            .find(|target| target.name == name)
            .expect("OVERREAD_FUZZ names none of the targets in crates/fuzz")
    })
}

fuzz_target!(|bytes: &[u8]| (chosen().run)(bytes));
