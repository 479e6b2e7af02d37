use std::sync::{Arc, OnceLock};

use super::Bindings;

/// The files that come with the program, that of the house first.
pub(super) const FILES: [&str; 6] = [
    include_str!("../../../../assets/bindings/overread.toml"),
    include_str!("../../../../assets/bindings/ohif.toml"),
    include_str!("../../../../assets/bindings/weasis.toml"),
    include_str!("../../../../assets/bindings/horos.toml"),
    include_str!("../../../../assets/bindings/radiant.toml"),
    include_str!("../../../../assets/bindings/slicer.toml"),
];

/// The profiles that come with the program, in the order of the menu. A test reads every file.
pub(crate) fn shipped_profiles() -> &'static [Arc<Bindings>] {
    static SHIPPED: OnceLock<Vec<Arc<Bindings>>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        let read = FILES.iter().filter_map(|text| Bindings::read(text).ok());
        read.map(Arc::new).collect()
    })
}
