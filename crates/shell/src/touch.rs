//! Room for fingers: once one touched the screen, controls answer to what is near them as well.

use egui::Context;

/// How far beside a control it still answers, points: with the smallest control, 16 high, 32 in all.
const BESIDE: f32 = 8.0;

/// Makes what is small easier to hit once there was a touch.
pub(crate) fn make_room(ctx: &Context) {
    let is_wanted = ctx.input(|input| input.has_touch_screen());
    let now = ctx.global_style().interaction.interact_radius;
    if is_wanted && now != BESIDE {
        ctx.all_styles_mut(|style| style.interaction.interact_radius = BESIDE);
    }
}
