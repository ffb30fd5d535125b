//! How many calls are under way at once: a fast lane for callbacks that answer in time, a slow one for the others.

use std::collections::VecDeque;

use crate::hub::engine::duty::Duty;

/// Which lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Speed {
    /// For callbacks that answered well, or are not known yet.
    Fast,
    /// For callbacks whose last answer was late or a refusal.
    Slow,
}

/// Both lanes.
///
/// A call that turns out to be slow changes over, so a place in the fast lane is never taken for long, and nothing that
/// a slow callback does holds up another.
#[derive(Debug)]
pub(super) struct Lanes {
    fast: Lane,
    slow: Lane,
}

#[derive(Debug)]
struct Lane {
    size: usize,
    /// More than `size` while calls that changed over are under way.
    taken: usize,
    line: VecDeque<Duty>,
}

impl Lanes {
    pub(super) fn new(fast: usize, slow: usize) -> Self {
        let lane = |size: usize| Lane { size: size.max(1), taken: 0, line: VecDeque::new() };
        Self { fast: lane(fast), slow: lane(slow) }
    }

    /// A duty waits for a place.
    pub(super) fn join(&mut self, speed: Speed, duty: Duty) {
        self.lane(speed).line.push_back(duty);
    }

    /// The next duty that has a place now. The place is taken until [`Self::release`].
    pub(super) fn next(&mut self) -> Option<(Speed, Duty)> {
        [Speed::Fast, Speed::Slow].into_iter().find_map(|speed| {
            let lane = self.lane(speed);
            let duty = if lane.taken < lane.size { lane.line.pop_front() } else { None }?;
            lane.taken += 1;
            Some((speed, duty))
        })
    }

    /// A call is over.
    pub(super) fn release(&mut self, speed: Speed) {
        let lane = self.lane(speed);
        lane.taken = lane.taken.saturating_sub(1);
    }

    /// A call takes long: from now on it counts among the slow ones.
    pub(super) fn change_over(&mut self, from: Speed) -> Speed {
        self.release(from);
        self.slow.taken += 1;
        Speed::Slow
    }

    fn lane(&mut self, speed: Speed) -> &mut Lane {
        match speed {
            Speed::Fast => &mut self.fast,
            Speed::Slow => &mut self.slow,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hub::engine::duty::Id;

    #[test]
    fn a_call_that_changes_over_makes_room_in_the_fast_lane() {
        let mut lanes = Lanes::new(1, 1);
        let duty = |n| Duty::Push(Id(n));
        for n in 1..=2 {
            lanes.join(Speed::Fast, duty(n));
        }
        for n in 3..=4 {
            lanes.join(Speed::Slow, duty(n));
        }
        assert_eq!(lanes.next(), Some((Speed::Fast, duty(1))));
        assert_eq!(lanes.next(), Some((Speed::Slow, duty(3))));
        assert_eq!(lanes.next(), None);
        assert_eq!(lanes.change_over(Speed::Fast), Speed::Slow);
        assert_eq!(lanes.next(), Some((Speed::Fast, duty(2))), "the next fast one need not wait");
        lanes.release(Speed::Slow);
        assert_eq!(lanes.next(), None, "the slow lane is full with the one that changed over");
        lanes.release(Speed::Slow);
        assert_eq!(lanes.next(), Some((Speed::Slow, duty(4))));
    }
}
