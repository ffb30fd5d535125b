//! When a source has events: how many are to be expected now, from when the last ones were.
//!
//! Three things are known of people: how much they do in the long run, at which hours, and that what they do comes in
//! sittings: whoever has just faved something is about to fave more. An hour is one of the 24 into which time is divided
//! since the process began, whatever the clock on the wall says.

use crate::hub::bridge::schedule::Millis;

const HOUR: f64 = 3.6e6;
const DAY: f64 = 24.0 * HOUR;
/// How long what happened counts for the long run, and for the hours.
const MEMORY: f64 = 3.0 * DAY;
/// How long a sitting lasts.
const SITTING: f64 = HOUR / 6.0;
/// How many more are to be expected of a sitting for each that came.
const MORE: f64 = 0.6;
/// What everybody counts for, in events a day, whatever they did: nobody is never asked.
const PRIOR: f64 = 0.2;
/// How much is to be known of somebody's hours before they count, in events of an average hour.
const HOURS_PRIOR: f64 = 0.5;

/// What is known of one source.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Habit {
    /// When the sums below were last brought up to date.
    at: f64,
    /// From when on all events are known; before the process began it is negative.
    since: f64,
    /// Each event counts 1 when it happens, and less and less afterwards.
    sum: f64,
    sitting: f64,
    hours: [f64; 24],
}

impl Habit {
    /// Nothing is known before `now`.
    pub(super) fn new(now: Millis) -> Self {
        let at = float(now);
        Self { at, since: at, sum: 0.0, sitting: 0.0, hours: [0.0; 24] }
    }

    /// What a list tells of the time before it was first asked: how long ago each of its events was, in milliseconds.
    /// `full` says that older ones may be missing.
    pub(super) fn learn(&mut self, ages: &[f64], full: bool, now: Millis) {
        // Owners set dates as they like: what is yet to come tells nothing.
        let past = || ages.iter().copied().filter(|it| it.is_finite() && *it >= 0.0);
        let oldest = past().fold(0.0, f64::max);
        self.since = float(now) - if full { oldest.max(HOUR / 60.0) } else { 10.0 * MEMORY };
        for age in past() {
            self.note(float(now) - age, now);
        }
    }

    /// Something happened at the moment `at`.
    pub(super) fn note(&mut self, at: f64, now: Millis) {
        self.fade(float(now));
        let ago = (self.at - at).max(0.0);
        let weight = (-ago / MEMORY).exp();
        self.sum += weight;
        self.sitting += (-ago / SITTING).exp();
        if let Some(hour) = self.hours.get_mut(hour(at)) {
            *hour += weight;
        }
    }

    /// Events a day, in the long run.
    pub(super) fn daily(&self, now: Millis) -> f64 {
        let known = (float(now) - self.since).max(HOUR / 60.0);
        // As much as a steady source would have gathered in the time that is known; of little time little is believed.
        let full = MEMORY * (1.0 - (-known.max(HOUR) / MEMORY).exp());
        PRIOR + self.sum * self.faded(now, MEMORY) / full * DAY
    }

    /// Events a day, as they are to be expected now.
    pub(super) fn expected(&self, now: Millis) -> f64 {
        let here = hour(float(now));
        let count = |offset: usize| self.hours.get((here + offset) % 24).copied().unwrap_or_default();
        let around = (count(23) / 2.0 + count(0) + count(1)) / 2.5;
        let mean = self.sum / 24.0;
        let by_hour = (around + HOURS_PRIOR) / (mean + HOURS_PRIOR);
        let more = MORE * self.sitting(now) / SITTING * DAY;
        PRIOR + (self.daily(now) - PRIOR) * by_hour + more
    }

    /// Events of the last minutes, those that are longer ago counting less.
    pub(super) fn sitting(&self, now: Millis) -> f64 {
        self.sitting * self.faded(now, SITTING)
    }

    fn faded(&self, now: Millis, over: f64) -> f64 {
        (-(float(now) - self.at).max(0.0) / over).exp()
    }

    fn fade(&mut self, now: f64) {
        let passed = (now - self.at).max(0.0);
        let long = (-passed / MEMORY).exp();
        self.sum *= long;
        self.hours.iter_mut().for_each(|it| *it *= long);
        self.sitting *= (-passed / SITTING).exp();
        self.at = self.at.max(now);
    }
}

/// The hour of a moment, from 0 to 23.
fn hour(at: f64) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number from 0 to 23")]
    let hour = (at / HOUR).rem_euclid(24.0) as usize;
    hour.min(23)
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a process's life fit a float's 53 bits")]
fn float(at: Millis) -> f64 {
    at as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: Millis = 3_600_000;

    #[test]
    fn a_list_tells_at_once_how_much_somebody_does_and_at_which_hours() {
        let mut habit = Habit::new(0);
        // Ten a day in the last three days, all of them an hour before this time of the day.
        let ages: Vec<f64> = (0..3).flat_map(|day| [f64::from(day) * DAY + HOUR / 2.0; 10]).collect();
        habit.learn(&ages, false, 0);
        let daily = habit.daily(0);
        assert!((6.0..12.0).contains(&daily), "{daily}");
        let (same_hour, other_hour) = (habit.expected(23 * H), habit.expected(12 * H));
        assert!(same_hour > 5.0 * other_hour, "{same_hour} and {other_hour}");
        assert!(other_hour >= PRIOR);
    }

    #[test]
    fn a_full_list_of_the_last_hour_is_somebody_busy_and_one_of_last_year_somebody_quiet() {
        let of = |ages: &[f64], full| {
            let mut habit = Habit::new(5 * H);
            habit.learn(ages, full, 5 * H);
            habit.daily(5 * H)
        };
        let busy = of(&[HOUR / 100.0; 100].map(|it| it * 50.0), true);
        assert!(busy > 1_000.0, "{busy}");
        let quiet = of(&[300.0 * DAY; 30], true);
        assert!(quiet < 2.0 * PRIOR, "{quiet}");
        assert!(of(&[], false) <= PRIOR);
        assert!(of(&[-DAY, f64::NAN, f64::INFINITY], false) <= PRIOR, "dates that cannot be");
    }

    #[test]
    fn who_did_something_a_moment_ago_is_about_to_do_more() {
        let mut habit = Habit::new(0);
        let before = habit.expected(H);
        habit.note(float(H), H);
        assert!(habit.expected(H) > 50.0 * before, "{}", habit.expected(H));
        assert!(habit.expected(4 * H) < 2.0 * habit.daily(4 * H).max(1.0));
        assert!((habit.sitting(H) - 1.0).abs() < 1e-9);
    }
}
