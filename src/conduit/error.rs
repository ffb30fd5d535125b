//! Why a conduit cannot do what it was asked.

use crate::bus::BusError;
use crate::clock::NoRandomness;
use crate::delivery_log::LogError;
use crate::event_name::InvalidEventName;
use crate::flickr::FlickrError;
use crate::hub::bridge::BridgeError;
use crate::hub::endpoint::ClientError;
use crate::lock::LockError;
use crate::secret_key::SecretKeyError;
use crate::store::StoreError;
use crate::subscriber::MAX_CALLBACK;

/// Why a conduit cannot be opened. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The history.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret.
    #[error(transparent)]
    SecretKey(#[from] SecretKeyError),
    /// The client of Flickr's API.
    #[error(transparent)]
    Flickr(#[from] FlickrError),
    /// The client with which the public hub calls strangers.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The bridge.
    #[error(transparent)]
    Bridge(#[from] BridgeError),
    /// No random numbers.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The delivery log.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Why nothing can be followed.
#[derive(Debug, thiserror::Error)]
pub enum OnError {
    /// The name.
    #[error(transparent)]
    Name(#[from] InvalidEventName),
    /// The bus.
    #[error(transparent)]
    Bus(#[from] BusError),
}

/// Why nothing can be minted.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// The name.
    #[error(transparent)]
    Name(#[from] InvalidEventName),
    /// Flickr would refuse it.
    #[error("the callback {callback} has {len} bytes, and Flickr takes {MAX_CALLBACK}: choose a shorter event name")]
    LongCallback {
        /// Its length in bytes.
        len: usize,
        /// The callback.
        callback: String,
    },
}
