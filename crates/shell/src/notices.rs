use egui::{Align2, Area, CornerRadius, Frame, Id, Margin, Order, Rect, Stroke, Ui, vec2};
use session::{Command, Notice, NoticeAction, NoticeId, NoticeKind, Snapshot};
use ui_kit::{
    Button, Icon, IconButton, IconWeight, Kind, Theme, ToastEvent, Toasts, icon_label, radius,
    size, t, wrapped_label,
};

use crate::Action;

/// Messages that stay at most; older ones wait behind them.
const MAX_SHOWN: usize = 3;
/// Width of a message that stays, points.
const WIDTH: f32 = 460.0;

/// Messages over the screen: toasts for what was done, cards that stay for what was not.
#[derive(Default)]
pub(crate) struct Notices {
    toasts: Toasts,
    /// The newest notice that became a toast.
    told: Option<NoticeId>,
}

impl Notices {
    /// Says what was done, with nothing to take back.
    pub(crate) fn say(&mut self, text: &str) {
        self.toasts.push(Icon::Check, text, None);
    }

    /// Shows the messages of the session.
    pub(crate) fn notices_ui(
        &mut self,
        s: &Snapshot,
        ui: &mut Ui,
        theme: &Theme,
        out: &mut Vec<Action>,
    ) {
        for notice in &s.notices {
            if self.told.is_none_or(|told| told < notice.id) && is_passing(notice) {
                let undo = s.undo.is_some() && notice.kind == NoticeKind::Done;
                self.toasts
                    .push(Icon::Check, &notice.text, undo.then(|| t("action.undo")));
                self.told = Some(notice.id);
                out.push(Command::DismissNotice(notice.id).into());
            }
        }
        let staying: Vec<&Notice> = s
            .notices
            .iter()
            .filter(|notice| !is_passing(notice))
            .collect();
        let mut bottom = ui.max_rect().bottom() - size::STATUS - 12.0;
        for notice in staying.into_iter().rev().take(MAX_SHOWN) {
            let place = card_ui(ui, notice, bottom, theme, out);
            bottom = place.top() - 8.0;
        }
        // What passes stands above what stays, so that neither hides the other.
        let above_bottom = ui.ctx().content_rect().bottom() - bottom;
        if let Some(ToastEvent::Undo(_)) = self.toasts.show(ui.ctx(), above_bottom, &["Ctrl", "Z"])
        {
            out.push(Command::Undo.into());
        }
    }
}

/// Goes by itself: good to know, or done.
fn is_passing(notice: &Notice) -> bool {
    match notice.kind {
        // What offers something waits for its answer.
        NoticeKind::Info | NoticeKind::Done => notice.action.is_none(),
        NoticeKind::Warning | NoticeKind::Refused => false,
    }
}

fn card_ui(ui: &Ui, notice: &Notice, bottom: f32, theme: &Theme, out: &mut Vec<Action>) -> Rect {
    let (tint, icon) = match notice.kind {
        NoticeKind::Refused => (theme.err, Icon::WarningCircle),
        NoticeKind::Warning => (theme.warn, Icon::WarningCircle),
        NoticeKind::Info | NoticeKind::Done => {
            let quiet = ui_kit::Tint {
                ink: theme.t2,
                fill: theme.bg3,
                edge: theme.st2,
            };
            (quiet, Icon::Info)
        }
    };
    let offer = notice.action.map(|action| match action {
        NoticeAction::OpenAgain => (t("action.open_again"), Command::OpenAgain),
    });
    let at = egui::pos2(ui.max_rect().center().x, bottom);
    let area = Area::new(Id::unique(("notice", notice.id.0)))
        .order(Order::Foreground)
        .pivot(Align2::CENTER_BOTTOM);
    let shown = area.fixed_pos(at).show(ui.ctx(), |ui| {
        let frame = Frame::new()
            .fill(tint.fill)
            .stroke(Stroke::new(1.0, tint.edge))
            .corner_radius(CornerRadius::same(radius::CARD))
            .inner_margin(Margin::symmetric(12, 9))
            .shadow(ui.visuals().popup_shadow);
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.horizontal_top(|ui| {
                ui.add_space(2.0);
                icon_label(ui, icon, IconWeight::Regular, size::ICON, tint.ink);
                let room = ui.available_width() - 36.0;
                ui.allocate_ui(vec2(room, 0.0), |ui| {
                    ui.vertical(|ui| {
                        ui.set_width(room);
                        ui.spacing_mut().item_spacing.y = 2.0;
                        wrapped_label(ui, &sentence(&notice.text), Kind::BODY.medium(), theme.t1);
                        if !notice.hint.is_empty() {
                            wrapped_label(ui, &sentence(&notice.hint), Kind::LABEL, theme.t2);
                        }
                        if let Some((words, command)) = offer {
                            ui.add_space(6.0);
                            if ui.add(Button::new(words).small()).clicked() {
                                out.push(command.into());
                            }
                        }
                    });
                });
                if ui
                    .add(IconButton::small(Icon::X, t("action.close")))
                    .clicked()
                {
                    out.push(Command::DismissNotice(notice.id).into());
                }
            });
        })
    });
    shown
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Alert, true, &notice.text));
    shown.response.rect
}

/// The message as a sentence for people: it begins with a capital.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_begin_with_a_capital() {
        assert_eq!(sentence("the disk is full"), "The disk is full");
        assert_eq!(sentence(""), "");
    }
}
