//! Category of a reporting scheme, and how soon the referrer must know of a finding.

use egui::Ui;
use session::{Category, Criticality, Finding, FindingField, Scheme};
use ui_kit::{Dropdown, MenuItem, Segment, Segmented, Theme, menu_heading, menu_separator, t};

use super::finding_editor::{labelled, set};
use crate::Action;

/// A scheme in one of its versions.
type Edition = (Scheme, &'static str);

/// The fields. A scheme goes on record with a category of it, never alone: none is put down that nobody chose.
#[derive(Debug, Default)]
pub(super) struct CategoryFields {
    /// Chosen, and waiting for its category.
    waiting: Option<Edition>,
}

impl CategoryFields {
    pub(super) fn category_ui(
        &mut self,
        finding: &Finding,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        labelled(ui, theme, t("finding.category"), |ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            self.scheme_ui(finding, ui, out);
            self.value_ui(finding, ui, out);
        });
        labelled(ui, theme, t("finding.criticality"), |ui| {
            let segments = [
                "critical.within.minutes",
                "critical.within.hours",
                "critical.within.days",
            ]
            .map(|key| Segment::new(t(key)));
            let chosen = Criticality::ALL
                .iter()
                .position(|one| Some(*one) == finding.criticality);
            let width = ui.available_width();
            let choices = Segmented::new(t("finding.criticality"), &segments, chosen);
            let pressed = choices.width(width).show(ui);
            if let Some(idx) = pressed {
                let next = Criticality::ALL.get(idx).copied();
                let next = next.filter(|_| chosen != Some(idx));
                out.push(set(finding.id, FindingField::Criticality(next)));
            }
        });
    }

    /// Which scheme, in which version.
    fn scheme_ui(&mut self, finding: &Finding, ui: &mut Ui, out: &mut Vec<Action>) {
        let chosen = self.waiting.or_else(|| edition_of(finding));
        let label = chosen.map_or(t("finding.category.none").to_owned(), edition_words);
        Dropdown::new(t("finding.category.scheme"), &label)
            .menu_width(220.0)
            .show(ui, |ui| {
                for scheme in Scheme::ALL {
                    for version in scheme.versions() {
                        let edition = (*scheme, version);
                        let is_on = chosen == Some(edition);
                        let label = edition_words(edition);
                        if ui.add(MenuItem::new(&label).selected(is_on)).clicked() {
                            self.waiting = Some(edition);
                        }
                    }
                }
                if chosen.is_some() {
                    menu_separator(ui);
                    if ui.add(MenuItem::new(t("finding.category.none"))).clicked() {
                        self.waiting = None;
                        if finding.category.is_some() {
                            out.push(set(finding.id, FindingField::Category(None)));
                        }
                    }
                }
            });
    }

    /// Which category of it.
    fn value_ui(&mut self, finding: &Finding, ui: &mut Ui, out: &mut Vec<Action>) {
        let Some(edition) = self.waiting.or_else(|| edition_of(finding)) else {
            return;
        };
        let (scheme, version) = edition;
        let now = finding
            .category
            .as_ref()
            .filter(|_| edition_of(finding) == Some(edition));
        let label = now.map_or(t("finding.category.choose"), |category| &category.value);
        Dropdown::new(t("finding.category.value"), label)
            .menu_width(160.0)
            .show(ui, |ui| {
                menu_heading(ui, &edition_words(edition));
                for value in scheme.values(version) {
                    let is_on = now.is_some_and(|category| category.value == value);
                    if ui.add(MenuItem::new(value).selected(is_on)).clicked()
                        && let Ok(category) = Category::of(scheme, Some(version), value)
                    {
                        self.waiting = None;
                        out.push(set(finding.id, FindingField::Category(Some(category))));
                    }
                }
            });
    }
}

/// The scheme of a finding's category; the newest version where it names none.
fn edition_of(finding: &Finding) -> Option<Edition> {
    let category = finding.category.as_ref()?;
    let mut versions = category.scheme.versions();
    let version = match &category.version {
        Some(named) => versions.find(|version| version == named),
        None => versions.next(),
    };
    Some((category.scheme, version?))
}

/// `Lung-RADS 2022`.
fn edition_words((scheme, version): Edition) -> String {
    format!("{} {version}", scheme.label())
}
