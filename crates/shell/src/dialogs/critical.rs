//! Findings that cannot wait: raised at any stage, and who was told. The first report stays as closed as it is.

use egui::{Margin, ScrollArea, Ui};
use session::{
    CaseSnapshot, Command, Communication, CriticalCommand, CriticalFinding, FindingId, Medium,
    ReadBack, Snapshot, Urgency,
};
use ui_kit::{
    Button, Card, Dialog, Icon, IconWeight, Kind, Segment, Segmented, TextField, Theme, Tone,
    check_box, icon_label, inline_message, size, space, t, t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;

const URGENCIES: [(Urgency, &str); 3] = [
    (Urgency::Minutes, "critical.within.minutes"),
    (Urgency::Hours, "critical.within.hours"),
    (Urgency::Days, "critical.within.days"),
];
const MEDIA: [(Medium, &str); 3] = [
    (Medium::InPerson, "critical.by.in_person"),
    (Medium::Telephone, "critical.by.telephone"),
    (Medium::Message, "critical.by.message"),
];

/// The panel, with what is typed.
#[derive(Debug, Default)]
pub(super) struct CriticalPanel {
    is_open: bool,
    text: String,
    urgency: Option<Urgency>,
    finding: Option<FindingId>,
    told: Told,
    wants_focus: bool,
}

/// Who was told, while it is typed.
#[derive(Debug, Default)]
struct Told {
    to: String,
    by: Option<Medium>,
    repeated: bool,
}

impl CriticalPanel {
    /// Shows the panel; the selected finding is offered as what cannot wait.
    pub(super) fn open(&mut self, s: &Snapshot) {
        let Some(case) = &s.case else { return };
        let cards = &case.findings;
        let chosen = cards
            .iter()
            .find(|card| Some(card.finding.id) == s.selected_finding);
        let is_raised = |id| case.criticals.iter().any(|one| one.finding == Some(id));
        let chosen = chosen.filter(|card| !is_raised(card.finding.id));
        *self = Self {
            is_open: true,
            wants_focus: true,
            text: chosen.map_or_else(String::new, |card| card.title.clone()),
            finding: chosen.map(|card| card.finding.id),
            ..Self::default()
        };
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    pub(super) fn critical_ui(
        &mut self,
        s: &Snapshot,
        ui: &Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        let Some(case) = s.case.clone() else {
            self.is_open = false;
            return;
        };
        let mut open = self.is_open && case.third.is_none();
        Dialog::new(t("critical.title"), t("action.close"))
            .icon(Icon::Siren)
            .width(560.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new().inner_margin(margin).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 8.0;
                    wrapped_label(ui, t("critical.text"), Kind::BODY, theme.t2);
                    self.raised_ui(&case, ui, theme, out);
                    self.raise_ui(ui, theme, out);
                });
            });
        self.is_open = open;
    }

    /// Those that were raised, with who was told.
    fn raised_ui(
        &mut self,
        case: &CaseSnapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            for critical in &case.criticals {
                let name = critical.number.to_string();
                Card::plain(&name).show(ui, |ui| self.one_ui(critical, ui, theme, out));
            }
        });
    }

    fn one_ui(
        &mut self,
        critical: &CriticalFinding,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        ui.spacing_mut().item_spacing.y = 6.0;
        ui.horizontal(|ui| {
            let (icon, color) = match critical.is_communicated() {
                true => (Icon::CheckCircle, theme.ok),
                false => (Icon::Warning, theme.err.ink),
            };
            icon_label(ui, icon, IconWeight::Filled, size::ICON, color);
            text_label(ui, &critical.text, Kind::BODY.medium(), theme.t1);
        });
        let within = URGENCIES.iter().find(|(one, _)| *one == critical.urgency);
        let within = within.map_or("", |(_, key)| t(key));
        let by = critical.by.to_string();
        let raised = t_args("critical.raised", &[("within", within), ("by", &by)]);
        text_label(ui, &raised, Kind::LABEL, theme.t2);
        for told in &critical.communications {
            let by = MEDIA.iter().find(|(one, _)| *one == told.medium);
            let key = match told.read_back {
                ReadBack::Confirmed => "critical.told.repeated",
                ReadBack::NotDone => "critical.told.not_repeated",
            };
            let by = by.map_or("", |(_, key)| t(key));
            let words = t_args(key, &[("to", &told.to), ("by", by)]);
            text_label(ui, &words, Kind::LABEL, theme.t2);
        }
        if critical.is_communicated() {
            return;
        }
        TextField::new(&mut self.told.to, t("critical.to"))
            .hint(t("critical.to.hint"))
            .show(ui);
        let segments = MEDIA.map(|(_, key)| Segment::new(t(key)));
        let chosen = MEDIA.iter().position(|(one, _)| Some(*one) == self.told.by);
        let pressed = Segmented::new(t("critical.by"), &segments, chosen).show(ui);
        if let Some((medium, _)) = pressed.and_then(|idx| MEDIA.get(idx)) {
            self.told.by = Some(*medium);
        }
        check_box(ui, &mut self.told.repeated, t("critical.repeated"));
        let is_whole = !self.told.to.trim().is_empty() && self.told.by.is_some();
        let record = ui.add_enabled(is_whole, Button::new(t("critical.record")));
        if let Some(medium) = self.told.by.filter(|_| record.clicked()) {
            let told = std::mem::take(&mut self.told);
            out.push(
                Command::Critical(CriticalCommand::Communicate {
                    number: critical.number,
                    communication: Communication {
                        to: told.to.trim().to_owned(),
                        medium,
                        read_back: match told.repeated {
                            true => ReadBack::Confirmed,
                            false => ReadBack::NotDone,
                        },
                        told_at: String::new(),
                    },
                })
                .into(),
            );
        }
    }

    fn raise_ui(&mut self, ui: &mut Ui, theme: &Theme, out: &mut Vec<Action>) {
        ui.add_space(4.0);
        text_label(ui, t("critical.new"), Kind::LABEL.medium(), theme.t1);
        let field = TextField::new(&mut self.text, t("critical.what"))
            .hint(t("critical.what.hint"))
            .show(ui);
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        let segments = URGENCIES.map(|(_, key)| Segment::new(t(key)));
        let chosen = URGENCIES
            .iter()
            .position(|(one, _)| Some(*one) == self.urgency);
        let pressed = Segmented::new(t("critical.within"), &segments, chosen).show(ui);
        if let Some((urgency, _)) = pressed.and_then(|idx| URGENCIES.get(idx)) {
            self.urgency = Some(*urgency);
        }
        let is_whole = !self.text.trim().is_empty() && self.urgency.is_some();
        let mut raised = false;
        sides(
            ui,
            36.0,
            &mut raised,
            |ui, _| inline_message(ui, Tone::Info, t("critical.blinding")),
            |ui, raised| {
                let raise = Button::primary(t("critical.raise")).icon(Icon::Siren);
                *raised = ui.add_enabled(is_whole, raise).clicked();
            },
        );
        if let Some(urgency) = self.urgency.filter(|_| raised) {
            let text = std::mem::take(&mut self.text).trim().to_owned();
            let finding = self.finding.take();
            self.urgency = None;
            out.push(
                Command::Critical(CriticalCommand::Raise {
                    text,
                    urgency,
                    finding,
                })
                .into(),
            );
        }
    }
}
