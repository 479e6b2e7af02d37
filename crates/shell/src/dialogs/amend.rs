//! A change of mind after the reveal: the sealed read stays as it is, this is a layer over it, and where it leads is said.

use egui::{Margin, Ui};
use session::{
    AmendedFinding, AmendedSnapshot, Amendment, Assertion, CompareCommand, Direction, Finding,
    FindingId, PairId, Side, Snapshot,
};
use ui_kit::{
    Button, Dialog, Dropdown, Icon, Kind, MenuItem, Segment, Segmented, TextField, Theme, Tone,
    inline_message, space, t, t_args, text_label, wrapped_label,
};

use crate::Action;
use crate::bar::sides;
use crate::verdict::selected_row;

const DIRECTIONS: [(Direction, &str); 3] = [
    (Direction::TowardsFirst, "amend.towards"),
    (Direction::AwayFromFirst, "amend.away"),
    (Direction::Unrelated, "amend.unrelated"),
];
const SIDES: [(Option<Side>, &str); 4] = [
    (None, "amend.side.none"),
    (Some(Side::Right), "finding.side.right"),
    (Some(Side::Bilateral), "finding.side.both"),
    (Some(Side::Left), "finding.side.left"),
];
const ASSERTIONS: [Assertion; 3] = [Assertion::Present, Assertion::Possible, Assertion::Absent];

/// What is done to a finding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Change {
    #[default]
    Add,
    Edit,
    TakeBack,
}

const CHANGES: [(Change, &str); 3] = [
    (Change::Add, "amend.add"),
    (Change::Edit, "amend.change"),
    (Change::TakeBack, "amend.retract"),
];

/// The panel, with what is typed.
#[derive(Debug, Default)]
pub(super) struct AmendPanel {
    is_open: bool,
    change: Change,
    /// What it reads as from now on.
    finding: Option<Finding>,
    pair: Option<PairId>,
    direction: Option<Direction>,
    reason: String,
    wants_focus: bool,
}

impl AmendPanel {
    /// Shows the panel about the selected row: its finding is offered for a change, else a new one.
    pub(super) fn open(&mut self, s: &Snapshot) {
        let Some(amended) = amended(s) else { return };
        let row = selected_row(s);
        let own = row.and_then(|row| row.finding);
        let now = own.and_then(|id| amended.findings.iter().find(|f| f.id == id));
        *self = Self {
            is_open: true,
            wants_focus: true,
            change: if now.is_some() {
                Change::Edit
            } else {
                Change::Add
            },
            finding: Some(match now {
                Some(finding) => finding.clone(),
                None => Finding::empty(amended.next_id),
            }),
            pair: row.map(|row| row.pair.id),
            ..Self::default()
        };
    }

    pub(super) fn is_open(&self) -> bool {
        self.is_open
    }

    /// Draws the panel while it is open and the layer may be changed.
    pub(super) fn amend_ui(&mut self, s: &Snapshot, ui: &Ui, theme: &Theme, out: &mut Vec<Action>) {
        let Some(amended) = amended(s) else {
            self.is_open = false;
            return;
        };
        let mut open = self.is_open;
        let amendment = Dialog::new(t("amend.title"), t("action.close"))
            .icon(Icon::PencilSimple)
            .width(600.0)
            .show(ui.ctx(), &mut open, |ui| {
                let margin = Margin::same(space::DIALOG as i8);
                egui::Frame::new()
                    .inner_margin(margin)
                    .show(ui, |ui| self.body_ui(amended, ui, theme))
                    .inner
            });
        self.is_open = open;
        if let Some(Some(amendment)) = amendment {
            self.is_open = false;
            out.push(CompareCommand::Amend(Box::new(amendment)).into());
        }
    }

    fn body_ui(
        &mut self,
        amended: &AmendedSnapshot,
        ui: &mut Ui,
        theme: &Theme,
    ) -> Option<Amendment> {
        ui.spacing_mut().item_spacing.y = 8.0;
        wrapped_label(ui, t("amend.text"), Kind::BODY, theme.t2);
        let width = ui.available_width();
        let segments = CHANGES.map(|(_, key)| Segment::new(t(key)));
        let chosen = CHANGES.iter().position(|(one, _)| *one == self.change);
        let choices = Segmented::new(t("amend.what"), &segments, chosen).width(width);
        if let Some((change, _)) = choices.show(ui).and_then(|idx| CHANGES.get(idx)) {
            self.take_change(*change, amended);
        }
        if self.change != Change::Add {
            self.which_ui(amended, ui);
        }
        if self.change != Change::TakeBack {
            self.finding_ui(ui, theme);
        }
        if let Some(pair) = self.pair {
            let words = t_args("amend.row", &[("row", &pair.to_string())]);
            text_label(ui, &words, Kind::LABEL, theme.t3);
        }
        text_label(ui, t("amend.direction"), Kind::LABEL.medium(), theme.t1);
        let segments = DIRECTIONS.map(|(_, key)| Segment::new(t(key)));
        let chosen = DIRECTIONS
            .iter()
            .position(|(one, _)| Some(*one) == self.direction);
        let choices = Segmented::new(t("amend.direction"), &segments, chosen).width(width);
        if let Some((direction, _)) = choices.show(ui).and_then(|idx| DIRECTIONS.get(idx)) {
            self.direction = Some(*direction);
        }
        TextField::new(&mut self.reason, t("amend.reason"))
            .hint(t("amend.reason.hint"))
            .show(ui);
        let mut done = false;
        let is_whole = self.amendment().is_some();
        sides(
            ui,
            36.0,
            &mut done,
            |ui, _| inline_message(ui, Tone::Info, t("amend.stays")),
            |ui, done| {
                let record = Button::primary(t("amend.record"));
                *done = ui.add_enabled(is_whole, record).clicked();
            },
        );
        done.then(|| self.amendment()).flatten()
    }

    /// Another kind of change: a new finding is empty, others begin as the one that is there.
    fn take_change(&mut self, change: Change, amended: &AmendedSnapshot) {
        let was_new = self.change == Change::Add;
        self.change = change;
        if (change == Change::Add) != was_new {
            self.finding = match change {
                Change::Add => Some(Finding::empty(amended.next_id)),
                Change::Edit | Change::TakeBack => None,
            };
        }
    }

    /// Which of the findings as they are now.
    fn which_ui(&mut self, amended: &AmendedSnapshot, ui: &mut Ui) {
        let words = |finding: &Finding| {
            let id = finding.id.to_string();
            t_args("amend.finding", &[("id", &id), ("title", &finding.title())])
        };
        let label = match &self.finding {
            Some(finding) => words(finding),
            None => t("amend.choose").to_owned(),
        };
        Dropdown::new(t("amend.which"), &label)
            .menu_width(420.0)
            .show(ui, |ui| {
                let chosen = self.finding.as_ref().map(|finding| finding.id);
                for finding in &amended.findings {
                    let label = words(finding);
                    let item = MenuItem::new(&label).selected(chosen == Some(finding.id));
                    if ui.add(item).clicked() {
                        // The row that was selected need not be about this finding.
                        self.pair = self.pair.filter(|_| chosen == Some(finding.id));
                        self.finding = Some(finding.clone());
                    }
                }
            });
    }

    fn finding_ui(&mut self, ui: &mut Ui, theme: &Theme) {
        let Some(finding) = &mut self.finding else {
            return;
        };
        let field = TextField::new(&mut finding.concept, t("finding.title"))
            .hint(t("finding.concept_hint"))
            .show(ui);
        if std::mem::take(&mut self.wants_focus) {
            field.request_focus();
        }
        text_label(ui, t("finding.side"), Kind::LABEL, theme.t2);
        let segments = SIDES.map(|(_, key)| Segment::new(t(key)));
        let chosen = SIDES.iter().position(|(side, _)| *side == finding.side);
        let pressed = Segmented::new(t("finding.side"), &segments, chosen).show(ui);
        if let Some((side, _)) = pressed.and_then(|idx| SIDES.get(idx)) {
            finding.side = *side;
        }
        text_label(ui, t("finding.assertion"), Kind::LABEL, theme.t2);
        let segments = ASSERTIONS.map(|assertion| Segment::new(assertion.label()));
        let chosen = ASSERTIONS.iter().position(|one| *one == finding.assertion);
        let pressed = Segmented::new(t("finding.assertion"), &segments, chosen).show(ui);
        if let Some(assertion) = pressed.and_then(|idx| ASSERTIONS.get(idx)) {
            finding.assertion = *assertion;
        }
        TextField::new(&mut finding.note, t("finding.note"))
            .hint(t("finding.note_hint"))
            .show(ui);
    }

    /// What is on the panel, once it is whole.
    fn amendment(&self) -> Option<Amendment> {
        let finding = self.finding.as_ref()?;
        let id: FindingId = finding.id;
        let named = || Some(finding.clone()).filter(|f| !f.concept.trim().is_empty());
        let change = match self.change {
            Change::Add => AmendedFinding::Added { finding: named()? },
            Change::Edit => AmendedFinding::Changed { finding: named()? },
            Change::TakeBack => AmendedFinding::Retracted { id },
        };
        let reason = self.reason.trim();
        (!reason.is_empty()).then_some(())?;
        Some(Amendment {
            change,
            pair: self.pair,
            direction: self.direction?,
            reason: reason.to_owned(),
        })
    }
}

/// The layer, where the actor may change it.
fn amended(s: &Snapshot) -> Option<&AmendedSnapshot> {
    let amended = s.case.as_ref()?.amended.as_ref()?;
    amended.editable.then_some(amended)
}
