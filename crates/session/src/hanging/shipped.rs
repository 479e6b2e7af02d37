use std::sync::OnceLock;

use super::HangingProtocol;

/// The files that come with the program.
const FILES: [&str; 9] = [
    include_str!("../../../../assets/hanging/ct_chest.toml"),
    include_str!("../../../../assets/hanging/ct_abdomen.toml"),
    include_str!("../../../../assets/hanging/ct_head.toml"),
    include_str!("../../../../assets/hanging/mr_head.toml"),
    include_str!("../../../../assets/hanging/mr_spine.toml"),
    include_str!("../../../../assets/hanging/chest_xray.toml"),
    include_str!("../../../../assets/hanging/mammography.toml"),
    include_str!("../../../../assets/hanging/mammography_prior.toml"),
    include_str!("../../../../assets/hanging/prior_beside_current.toml"),
];

/// The protocols that come with the program, in the order of the menu. A test reads every file.
pub(crate) fn shipped() -> &'static [HangingProtocol] {
    static SHIPPED: OnceLock<Vec<HangingProtocol>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        FILES
            .iter()
            .filter_map(|text| HangingProtocol::read(text).ok())
            .collect()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_file_that_comes_with_the_program_is_a_protocol_of_its_own_name() {
        let mut names = std::collections::BTreeSet::new();
        for text in FILES {
            let protocol = HangingProtocol::read(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
            assert_eq!(
                HangingProtocol::read(&protocol.write().unwrap()),
                Ok(protocol.clone())
            );
            assert!(names.insert(protocol.name.clone()), "{}", protocol.name);
        }
        assert_eq!(shipped().len(), FILES.len());
    }

    #[test]
    fn every_file_of_the_folder_comes_with_the_program() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/hanging");
        let n_files = std::fs::read_dir(folder)
            .unwrap()
            .filter(|e| {
                e.as_ref()
                    .unwrap()
                    .path()
                    .extension()
                    .is_some_and(|x| x == "toml")
            })
            .count();
        assert_eq!(n_files, FILES.len());
    }
}
