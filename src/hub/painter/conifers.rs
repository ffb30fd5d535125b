//! Spruces and firs, from far.

use tiny_skia::{Path, PathBuilder};

use crate::hub::dice::Dice;

/// A row of them standing on a line, as one outline. `height` is of the tallest; they thin out by `sparse`, 0 to 1.
pub(super) fn row(
    dice: &mut Dice,
    (from, to): (f32, f32),
    height: f32,
    sparse: f32,
    ground: impl Fn(f32) -> f32,
) -> Option<Path> {
    let mut outline = PathBuilder::new();
    let mut x = from - height * 0.2;
    let mut stature = dice.between(0.5, 0.9);
    while x < to + height * 0.2 {
        // Neighbours are of an age, so the row rises and falls.
        stature = (stature + dice.between(-0.22, 0.22)).clamp(0.38, 1.0);
        let tall = height * stature * dice.between(0.8, 1.0);
        if dice.unit() >= sparse {
            tree(&mut outline, dice, (x, ground(x) + height * 0.06), tall);
        }
        x += height * dice.between(0.07, 0.24);
    }
    outline.finish()
}

/// One tree with its foot at a place: tiers of drooping boughs, wider toward the ground.
pub(super) fn tree(outline: &mut PathBuilder, dice: &mut Dice, (x, foot): (f32, f32), height: f32) {
    let tiers = 7 + dice.index(5);
    let spread = height * dice.between(0.17, 0.25);
    let lean = height * dice.between(-0.012, 0.012);
    let top = foot - height;
    outline.move_to(x + lean, top);
    let mut left = Vec::new();
    for tier in 1..=tiers {
        #[expect(clippy::cast_precision_loss, reason = "a dozen tiers")]
        let share = tier as f32 / tiers as f32;
        let y = top + height * 0.94 * share;
        let centre = x + lean * (1.0 - share);
        let wide = spread * share.powf(0.85);
        let tip = y + height * 0.016;
        let back = y - height * 0.010;
        outline.line_to(centre + wide * dice.between(0.72, 1.08), tip);
        outline.line_to(centre + wide * dice.between(0.38, 0.52), back);
        left.push((centre - wide * dice.between(0.38, 0.52), back, centre - wide * dice.between(0.72, 1.08), tip));
    }
    let stem = height * 0.014;
    outline.line_to(x + stem, foot - height * 0.07);
    outline.line_to(x + stem, foot);
    outline.line_to(x - stem, foot);
    outline.line_to(x - stem, foot - height * 0.07);
    for (inner, back, outer, tip) in left.into_iter().rev() {
        outline.line_to(inner, back);
        outline.line_to(outer, tip);
    }
    outline.close();
}
