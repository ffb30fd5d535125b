//! Who takes what is published.

use std::fmt;

use crate::bus::item::Batch;

/// Takes what is published: the inbox of one listener, or a shard of the fan-out for many.
pub trait Hear: fmt::Debug + Send + Sync {
    /// Is told of events of a name that it follows, in the order of their positions. Waits for nobody outside.
    fn hear(&self, batch: &Batch);
}
