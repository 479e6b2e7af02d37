use std::sync::OnceLock;

use super::Checklist;

/// The files that come with the program.
const FILES: [&str; 7] = [
    include_str!("../../../../assets/checklists/ct_head.toml"),
    include_str!("../../../../assets/checklists/ct_chest.toml"),
    include_str!("../../../../assets/checklists/ct_abdomen.toml"),
    include_str!("../../../../assets/checklists/mr_head.toml"),
    include_str!("../../../../assets/checklists/mr_spine.toml"),
    include_str!("../../../../assets/checklists/chest_xray.toml"),
    include_str!("../../../../assets/checklists/mammography.toml"),
];

/// The checklists that come with the program. A test reads every file.
pub(super) fn shipped() -> &'static [Checklist] {
    static SHIPPED: OnceLock<Vec<Checklist>> = OnceLock::new();
    SHIPPED.get_or_init(|| {
        FILES
            .iter()
            .filter_map(|text| Checklist::read(text).ok())
            .collect()
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_checklist_of_its_own_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/checklists");
        let mut names = std::collections::BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let list = Checklist::read(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
            assert!(shipped().contains(&list), "{} does not ship", list.name);
            assert!(names.insert(list.name.clone()), "{}", list.name);
        }
        assert_eq!(names.len(), FILES.len());
    }
}
