//! What must outlive the process, in SQLite: callbacks, accounts, subscriptions, walls and what these do not show.

pub mod account;
pub mod bridge;
pub mod budget;
pub mod callback;
pub mod hidden;
pub mod remote;
pub mod serving;
pub mod shown;
pub mod subscription;
pub mod test_account;
pub mod view;
pub mod wall;

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::Connection;
use tokio::sync::{broadcast, watch};

use crate::event_name::EventName;
use crate::sqlite;
pub use account::Account;
pub use callback::Callback;
pub use serving::Serving;
pub use subscription::Subscription;
pub use test_account::TestAccount;
pub use wall::Wall;

/// A handle to the store. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    db: Arc<Mutex<Connection>>,
    /// Callbacks that take nothing any more, since they were let go or nobody wants them; kept at hand since every
    /// delivery asks.
    let_go: Arc<RwLock<HashSet<EventName>>>,
    /// Told whenever a saved wall shows something else, or is no more: open streams look at theirs again.
    walls_changed: Arc<watch::Sender<()>>,
    /// Told whenever screens of a wall must know something else: its title, its labels, what it does not show. Apart
    /// from the above, since this may happen often, and names the wall.
    touched: broadcast::Sender<Touched>,
}

/// What screens must look at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// The wall of this link.
    Wall(Arc<str>),
    /// Perhaps any.
    Any,
}

/// How many touches a screen may be behind. One that is more looks at its wall all the same.
const TOUCHES: usize = 64;

impl Store {
    /// Opens the file in `folder`, or makes it.
    ///
    /// # Errors
    /// When it cannot be used; the message names it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join("store.db");
        let schema = [
            callback::SCHEMA,
            account::SCHEMA,
            budget::SCHEMA,
            bridge::SCHEMA,
            shown::SCHEMA,
            serving::SCHEMA,
            subscription::SCHEMA,
            wall::SCHEMA,
            hidden::SCHEMA,
            remote::SCHEMA,
            test_account::SCHEMA,
        ]
        .concat();
        let open = || {
            let db = sqlite::open(&path, &schema)?;
            let mut select = db.prepare("SELECT event FROM callbacks WHERE let_go_at IS NOT NULL OR wish = 'ended'")?;
            let let_go = select.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            drop(select);
            Ok((db, let_go.iter().filter_map(|it| it.parse().ok()).collect()))
        };
        let (db, let_go) = open().map_err(|cause| StoreError::Unusable { path: path.display().to_string(), cause })?;
        Ok(Self {
            db: Arc::new(Mutex::new(db)),
            let_go: Arc::new(RwLock::new(let_go)),
            walls_changed: Arc::new(watch::Sender::new(())),
            touched: broadcast::Sender::new(TOUCHES),
        })
    }

    /// Wakes whenever a saved wall has changed.
    #[must_use]
    pub fn wall_changes(&self) -> watch::Receiver<()> {
        self.walls_changed.subscribe()
    }

    /// Hears of every wall that screens must look at again.
    #[must_use]
    pub fn touches(&self) -> broadcast::Receiver<Touched> {
        self.touched.subscribe()
    }

    fn touch(&self, touched: Touched) {
        // Nobody listens, or somebody does.
        let _ = self.touched.send(touched);
    }

    /// From now on deliveries to these callbacks are refused, or taken again.
    fn close_or_open(&self, events: &[EventName], close: bool) {
        let mut let_go = self.let_go.write().unwrap_or_else(PoisonError::into_inner);
        for event in events {
            if close {
                let_go.insert(event.clone())
            } else {
                let_go.remove(event)
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&mut store.lock()));
        done.await.map_err(|_| StoreError::Stopped)?.map_err(StoreError::Failed)
    }
}

/// Why the store cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is there and cannot be used, or cannot be made.
    #[error("the store {path} cannot be used: {cause}. {}", sqlite::remedy(cause))]
    Unusable {
        /// The file.
        path: String,
        /// What SQLite said.
        cause: rusqlite::Error,
    },
    /// A statement failed.
    #[error("the store failed: {0}")]
    Failed(rusqlite::Error),
    /// The runtime is going away.
    #[error("the store is stopping")]
    Stopped,
}
