use std::collections::HashMap;

use crate::model::{Patient, plain_name};

/// Different persons, found again without comparing each with each: a folder may hold the studies of thousands.
#[derive(Debug, Default)]
pub(crate) struct Persons {
    all: Vec<Patient>,
    /// Persons by Patient ID, by name without the differences of writers, and by both; empty ones under the empty text.
    by_id: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    by_both: HashMap<(String, String), Vec<usize>>,
    /// The one found last, as it was asked for: most objects follow others of their patient.
    last: Option<(Patient, usize)>,
}

impl Persons {
    /// The first person that this may be; where none may, it becomes one. What a field leaves empty the next one fills.
    pub(crate) fn place(&mut self, patient: &Patient) -> usize {
        if let Some((_, at)) = self.last.as_ref().filter(|(last, _)| last == patient) {
            return *at;
        }
        let name = plain_name(&patient.name);
        let at = match self.find(patient, &name) {
            Some(at) => {
                self.complete(at, patient);
                at
            }
            None => {
                self.all.push(patient.clone());
                self.register(self.all.len() - 1);
                self.all.len() - 1
            }
        };
        self.last = Some((patient.clone(), at));
        at
    }

    pub(crate) fn into_all(self) -> Vec<Patient> {
        self.all
    }

    fn find(&self, patient: &Patient, name: &str) -> Option<usize> {
        let may_be = |at: &usize| self.all.get(*at).is_some_and(|p| p.may_be(patient));
        let first_of = |places: Option<&Vec<usize>>| {
            let places = places.into_iter().flatten().copied();
            places.filter(may_be).min()
        };
        // What the patient leaves empty agrees with all; what it says agrees with the same and with the empty.
        match (patient.id.as_str(), name) {
            ("", "") => (0..self.all.len()).find(may_be),
            ("", name) => ["", name]
                .into_iter()
                .filter_map(|name| first_of(self.by_name.get(name)))
                .min(),
            (id, "") => ["", id]
                .into_iter()
                .filter_map(|id| first_of(self.by_id.get(id)))
                .min(),
            (id, name) => [("", ""), ("", name), (id, ""), (id, name)]
                .into_iter()
                .filter_map(|(id, name)| first_of(self.by_both.get(&(id.into(), name.into()))))
                .min(),
        }
    }

    fn complete(&mut self, at: usize, other: &Patient) {
        let Some(patient) = self.all.get_mut(at) else {
            return;
        };
        let had = (patient.id.is_empty(), patient.name.is_empty());
        let fields = [
            (&mut patient.name, &other.name),
            (&mut patient.id, &other.id),
            (&mut patient.issuer, &other.issuer),
            (&mut patient.birth_date, &other.birth_date),
            (&mut patient.sex, &other.sex),
            (&mut patient.age, &other.age),
        ];
        for (mine, theirs) in fields {
            if mine.is_empty() {
                mine.clone_from(theirs);
            }
        }
        if had != (patient.id.is_empty(), patient.name.is_empty()) {
            // Its old entries stay: whoever is found by them is compared all the same.
            self.register(at);
        }
    }

    fn register(&mut self, at: usize) {
        let Some(patient) = self.all.get(at) else {
            return;
        };
        let (id, name) = (patient.id.clone(), plain_name(&patient.name));
        self.by_id.entry(id.clone()).or_default().push(at);
        self.by_name.entry(name.clone()).or_default().push(at);
        self.by_both.entry((id, name)).or_default().push(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patient([id, name, birth_date]: [&str; 3]) -> Patient {
        Patient {
            id: id.to_owned(),
            name: name.to_owned(),
            birth_date: birth_date.to_owned(),
            ..Patient::default()
        }
    }

    /// Each compared with each, in order.
    fn one_by_one(patients: &[Patient]) -> Vec<usize> {
        let mut all: Vec<Patient> = Vec::new();
        let place = |patient: &Patient| {
            let found = all.iter().position(|p| p.may_be(patient));
            let at = found.unwrap_or(all.len());
            if at == all.len() {
                all.push(patient.clone());
            }
            if let Some(mine) = all.get_mut(at) {
                for (mine, theirs) in [
                    (&mut mine.id, &patient.id),
                    (&mut mine.name, &patient.name),
                    (&mut mine.birth_date, &patient.birth_date),
                ] {
                    if mine.is_empty() {
                        mine.clone_from(theirs);
                    }
                }
            }
            at
        };
        patients.iter().map(place).collect()
    }

    #[test]
    fn persons_are_those_that_comparing_each_with_each_finds() {
        // Every way to leave fields empty, in an order that mixes them (a linear congruence runs through all).
        let fields = [
            ["", "1", "2"],
            ["", "A^B", "a b^"],
            ["", "19500101", "19600101"],
        ];
        let every = |n: usize| -> Patient {
            let pick = |axis: usize, digit: usize| fields[axis][digit % 3];
            patient([pick(0, n), pick(1, n / 3), pick(2, n / 9)])
        };
        for step in [1, 2, 4, 5, 7, 8, 10, 11, 13] {
            for start in 0..27 {
                let patients: Vec<Patient> =
                    (0..60).map(|i| every((start + i * step) % 27)).collect();
                let mut persons = Persons::default();
                let found: Vec<usize> = patients.iter().map(|p| persons.place(p)).collect();
                assert_eq!(found, one_by_one(&patients), "step {step} from {start}");
            }
        }
    }

    #[test]
    fn a_hundred_thousand_persons_are_told_apart() {
        let mut persons = Persons::default();
        for n in 0..200_000_u32 {
            let id = (n % 100_000).to_string();
            let at = persons.place(&patient([&id, &format!("N{id}"), ""]));
            assert_eq!(at, n as usize % 100_000);
        }
        assert_eq!(persons.into_all().len(), 100_000);
    }
}
