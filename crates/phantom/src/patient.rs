//! The made-up persons of the cases.

use dicom_dictionary_std::tags;

use crate::data_set::DataSet;
use crate::random::Random;

/// Identity of a patient as it stands in the headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// Name in DICOM form, `FAMILY^GIVEN`.
    pub name: String,
    /// Patient identifier.
    pub id: String,
    /// Who gave the identifier; empty leaves the attribute out.
    pub issuer: String,
    /// Date of birth, `YYYYMMDD`.
    pub birth_date: String,
    /// `M`, `F` or `O`.
    pub sex: String,
}

impl Default for Patient {
    fn default() -> Self {
        Self {
            name: "TESTER^ALEX".into(),
            id: "PH-000000".into(),
            issuer: "PHANTOM".into(),
            birth_date: "19600229".into(),
            sex: "O".into(),
        }
    }
}

const FAMILY_NAMES: [&str; 16] = [
    "AMBERFIELD",
    "BRACKWATER",
    "COPPERLEY",
    "DUNMARSH",
    "ELDERBANK",
    "FENWICKSON",
    "GREYLOCK",
    "HOLLOWAYS",
    "IVERSHAW",
    "JUNIPERTON",
    "KESTRELL",
    "LARKSMOOR",
    "MOSSGROVE",
    "NETTLECOMB",
    "OAKENBY",
    "PEBBLETHORPE",
];
const FEMALE_NAMES: [&str; 8] = [
    "ADA", "BRIONY", "CLEMENCE", "DORA", "ELSPETH", "FREYA", "GRETA", "HILDA",
];
const MALE_NAMES: [&str; 8] = [
    "ALBAN", "BASIL", "CASPAR", "DORIAN", "EDMUND", "FELIX", "GILES", "HUGO",
];

impl Patient {
    /// Makes the person of `seed`, between 48 and 77 years old in the year of the examination.
    pub fn of_seed(seed: u64) -> Self {
        let mut random = Random::new(seed, 1);
        let is_female = random.unit() < 0.5;
        let given = random.pick(if is_female {
            &FEMALE_NAMES
        } else {
            &MALE_NAMES
        });
        let family = random.pick(&FAMILY_NAMES);
        let birth_date = format!(
            "{:04}{:02}{:02}",
            1948 + random.index(30),
            1 + random.index(12),
            1 + random.index(28)
        );
        Self {
            name: format!("{family}^{given}"),
            id: format!("PH-{:06}", random.index(1_000_000)),
            issuer: "PHANTOM".into(),
            birth_date,
            sex: if is_female { "F" } else { "M" }.into(),
        }
    }

    /// Name as a reader would write it, `Given Family`.
    pub fn spoken_name(&self) -> String {
        let mut parts = self.name.split('^').map(|part| {
            let mut letters = part.chars();
            letters.next().map_or(String::new(), |first| {
                format!("{first}{}", letters.as_str().to_lowercase())
            })
        });
        let family = parts.next().unwrap_or_default();
        format!("{} {family}", parts.next().unwrap_or_default())
            .trim()
            .to_owned()
    }

    /// Writes the Patient module (PS3.3 C.7.1.1).
    pub fn put_into(&self, data_set: &mut DataSet) {
        data_set.put(tags::PATIENT_NAME, self.name.as_str());
        data_set.put(tags::PATIENT_ID, self.id.as_str());
        if !self.issuer.is_empty() {
            data_set.put(tags::ISSUER_OF_PATIENT_ID, self.issuer.as_str());
        }
        data_set.put(tags::PATIENT_BIRTH_DATE, self.birth_date.as_str());
        data_set.put(tags::PATIENT_SEX, self.sex.as_str());
    }
}
