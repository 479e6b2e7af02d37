//! What the worklist calls its filters, groups and marks.

use session::{CaseMark, Due, Group, GroupKey, Grouping, Priority, Stage, WaitsFor, WorklistRow};
use ui_kit::{Icon, Theme, t};

use crate::wording::{Look, stage_key, stage_look};

/// The key of what rows are put together by.
pub(crate) fn grouping_key(grouping: Grouping) -> &'static str {
    match grouping {
        Grouping::NeedsYou => "worklist.group.needs_me",
        Grouping::State => "worklist.group.status",
        Grouping::Reader => "worklist.group.reader",
        Grouping::Due => "worklist.group.due",
        Grouping::Protocol => "worklist.group.protocol",
        Grouping::None => "worklist.group.none",
    }
}

pub(super) fn due_key(due: Due) -> &'static str {
    match due {
        Due::Overdue => "worklist.due.overdue",
        Due::Today => "worklist.due.today",
        Due::Week => "worklist.due.week",
        Due::Later => "worklist.due.later",
        Due::None => "worklist.due.none",
    }
}

pub(super) fn priority_key(priority: Priority) -> &'static str {
    match priority {
        Priority::Routine => "worklist.priority.routine",
        Priority::Soon => "worklist.priority.soon",
        Priority::Urgent => "worklist.priority.urgent",
    }
}

pub(super) fn mark_look(mark: CaseMark, theme: &Theme) -> (Icon, egui::Color32, &'static str) {
    match mark {
        CaseMark::Limitation => (Icon::Warning, theme.warn.ink, "worklist.mark.limitation"),
        CaseMark::Critical => (Icon::Siren, theme.err.ink, "worklist.mark.critical"),
        CaseMark::ThirdRead => (Icon::Scales, theme.t2, "worklist.mark.third_read"),
        CaseMark::Conference => (Icon::Users, theme.t2, "worklist.mark.conference"),
        CaseMark::Teaching => (Icon::Checks, theme.t2, "worklist.mark.teaching"),
    }
}

/// The words over a group of rows.
pub(super) fn group_title(group: &Group) -> String {
    let key = match &group.key {
        GroupKey::NeedsYou => "worklist.group_title.needs_you",
        GroupKey::Open => "worklist.group_title.open",
        GroupKey::Ended => "worklist.group_title.ended",
        GroupKey::State(idx) => stage_key(Stage::ALL.get(*idx).copied().unwrap_or(Stage::Draft)),
        GroupKey::Due(due) => due_key(*due),
        GroupKey::Reader(name) if name.is_empty() => "worklist.group_title.nobody",
        GroupKey::Protocol(name) if name.is_empty() => "worklist.group_title.no_protocol",
        GroupKey::Reader(name) | GroupKey::Protocol(name) => return name.clone(),
        GroupKey::All => "worklist.all",
    };
    t(key).to_owned()
}

/// How it is told where a case stands: what it waits for counts more than the stage.
pub(super) fn status_look(row: &WorklistRow, theme: &Theme) -> Look {
    let look = stage_look(row.stage, theme);
    match row.waits_for {
        _ if row.needs_you => look,
        Some(WaitsFor::ThirdReader | WaitsFor::ThirdDecision)
            if row.stage == Stage::Adjudicating =>
        {
            Look {
                word: t("worklist.waits.third"),
                ..look
            }
        }
        Some(WaitsFor::ThirdToBeAsked) => Look {
            word: t("worklist.waits.to_be_asked"),
            ..stage_look(Stage::Adjudicating, theme)
        },
        _ => look,
    }
}
