//! What the practice Flickr's handlers share: its world, its hub, its faults, and where it is.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::clock::Clock;
use crate::hub::engine::Hub;
use crate::hub::faults::{Fault, Faults};
use crate::hub::world::{Happening, Refused, World};
use crate::practice::pace::Pace;

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Realm {
    /// Where it is reached, without a slash at the end: `http://localhost:8081`, `http://localhost:8080/practice`.
    pub base: Arc<str>,
    /// Now, and randomness.
    pub clock: Clock,
    /// Who takes subscriptions and delivers.
    pub hub: Hub,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// How fast things happen by themselves.
    pub pace: Pace,
    world: Arc<Mutex<World>>,
}

impl Realm {
    /// A realm around this world and hub, whose faults are the realm's.
    #[must_use]
    pub fn new(base: &str, clock: Clock, world: World, hub: Hub, pace: Pace) -> Self {
        let faults = hub.faults().clone();
        Self { base: base.into(), clock, hub, faults, pace, world: Arc::new(Mutex::new(world)) }
    }

    /// Looks at the world, or changes it. Short: everybody waits meanwhile.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Something happens by itself, and the hub hears of it.
    pub fn happen(&self) {
        let now = self.clock.now();
        for happening in self.world(|world| world.step(now)) {
            self.tell(&happening);
        }
    }

    /// The hub hears of it, unless the push is switched off.
    fn tell(&self, happening: &Happening) {
        if !self.faults.is_set(Fault::PushOff) {
            self.hub.happened(World::task(happening));
        }
    }

    /// Somebody does something in the world, now, and the hub hears of it if it is anybody's business.
    ///
    /// # Errors
    /// What the world answers: why it is refused.
    pub fn act(
        &self,
        deed: impl FnOnce(&mut World, Timestamp) -> Result<Option<Happening>, Refused>,
    ) -> Result<Option<Happening>, Refused> {
        let now = self.clock.now();
        // Told while the world is held, so that the hub hears of things in the order in which they happened.
        self.world(|world| {
            let happening = deed(world, now)?;
            if let Some(happening) = &happening {
                self.tell(happening);
            }
            Ok(happening)
        })
    }
}
