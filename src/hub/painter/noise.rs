//! Natural irregularity.

/// Value noise from -1 to 1, one bump for each unit of length.
pub(super) fn noise(seed: u32, x: f32, y: f32) -> f32 {
    let (column, row) = (floor(x), floor(y));
    let (u, v) = (ease(x - column), ease(y - row));
    let (i, j) = (whole(column), whole(row));
    let corner = |across: u32, down: u32| scatter(seed, i.wrapping_add(across), j.wrapping_add(down));
    let top = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * u;
    let bottom = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * u;
    top + (bottom - top) * v
}

/// Several octaves of it, each twice as fine and half as strong; about -1 to 1.
pub(super) fn fractal(seed: u32, octaves: u32, x: f32, y: f32) -> f32 {
    let (mut sum, mut strength, mut fineness) = (0.0, 0.5, 1.0);
    for octave in 0..octaves {
        // Each octave is moved off the others' grid, or the corners would show.
        let shift = 17.3 * fineness;
        sum += strength * noise(seed.wrapping_add(octave), x * fineness + shift, y * fineness - shift);
        strength *= 0.5;
        fineness *= 2.03;
    }
    sum
}

/// Four numbers of 0 to 1 for a pixel, by one hash: the grain of a million pixels is to be cheap.
pub(super) fn speckle(i: u32, j: u32) -> [f32; 4] {
    let mut bits = i.wrapping_mul(0x9e37_79b1) ^ j.wrapping_mul(0x85eb_ca77);
    bits = (bits ^ (bits >> 15)).wrapping_mul(0x2c1b_3c6d);
    bits = (bits ^ (bits >> 12)).wrapping_mul(0x297a_2d39);
    (bits ^ (bits >> 15)).to_le_bytes().map(|byte| f32::from(byte) * (1.0 / 255.0))
}

/// 0 below `low`, 1 above `high`, and no corner on the way.
pub(super) fn smooth(low: f32, high: f32, value: f32) -> f32 {
    let share = ((value - low) / (high - low)).clamp(0.0, 1.0);
    share * share * (3.0 - 2.0 * share)
}

fn ease(share: f32) -> f32 {
    share * share * share * (share * (share * 6.0 - 15.0) + 10.0)
}

/// `f32::floor` without the call into the C library that it is on a processor of the year 2003, which is what a
/// portable build is for. A third of a picture's time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "scenes are a few thousand units wide"
)]
fn floor(value: f32) -> f32 {
    let towards_zero = value as i32 as f32;
    if value < towards_zero { towards_zero - 1.0 } else { towards_zero }
}

/// The grid line's number; negative ones wrap around, which a hash does not mind.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "scenes are a few thousand units wide")]
pub(super) fn whole(line: f32) -> u32 {
    line as i32 as u32
}

/// -1 to 1 from a hash of the place.
fn scatter(seed: u32, i: u32, j: u32) -> f32 {
    let mut bits = seed ^ i.wrapping_mul(0x9e37_79b1) ^ j.wrapping_mul(0x85eb_ca77);
    bits = (bits ^ (bits >> 15)).wrapping_mul(0x2c1b_3c6d);
    bits = (bits ^ (bits >> 12)).wrapping_mul(0x297a_2d39);
    bits ^= bits >> 15;
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float's mantissa")]
    let numerator = (bits >> 8) as f32;
    numerator / 8_388_608.0 - 1.0
}
