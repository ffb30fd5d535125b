//! Medians, and lines of the table.

use std::time::Duration;

/// The one in the middle; of an even number, the lower of the two.
pub(crate) fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len().saturating_sub(1) / 2).copied().unwrap_or(f64::NAN)
}

/// How far the repetitions lie apart, as a part of their median.
pub(crate) fn spread(of: &[f64]) -> f64 {
    let (least, most) = of.iter().fold((f64::MAX, f64::MIN), |(least, most), it| (least.min(*it), most.max(*it)));
    (most - least) / median(of.to_vec())
}

pub(crate) fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// `what`, its value, and the target beside it, with whether it is met.
pub(crate) fn line(what: &str, value: f64, unit: &str, target: Option<f64>) {
    let verdict = match target {
        None => String::new(),
        Some(target) => format!("   target {target}{unit}: {}", if value <= target { "met" } else { "MISSED" }),
    };
    println!("  {what:<66} {value:>8.2}{unit}{verdict}");
}
