//! Rules of the house that a reader of one file cannot see broken.

#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn colours_are_written_in_the_tokens_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut n_files = 0;
    for entry in std::fs::read_dir(&src).unwrap() {
        let path = entry.unwrap().path();
        let is_source = path.extension().is_some_and(|extension| extension == "rs");
        if !is_source || path.file_name().is_some_and(|name| name == "tokens.rs") {
            continue;
        }
        n_files += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        for literal in [
            "from_rgb",
            "from_rgba",
            "from_gray",
            "from_hex",
            "hex_color",
        ] {
            assert!(!text.contains(literal), "{}: {literal}", path.display());
        }
    }
    assert!(30 < n_files);
}
