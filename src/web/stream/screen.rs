//! What the stream of a screen carries beside photos: what concerns its wall, whenever it changes, and commands.

use std::fmt;
use std::pin::Pin;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::screens::Presence;
use crate::state::AppState;
use crate::store::view::View as Stored;
use crate::store::{Store, StoreError, Touched};
use crate::web::stream::message::Message;
use crate::web::stream::request::AskedScreen;
use crate::web::stream::session::Outgoing;
use crate::web::stream::view::View;

/// A look at the store that is under way. It is kept, so that whoever waits here and is cancelled again and again, as while
/// many photos come, sees its end all the same.
type Look = Pin<Box<dyn Future<Output = Result<Option<Stored>, StoreError>> + Send + Sync>>;

/// A screen at the other end of a stream. It is among the connected ones until this is dropped.
pub struct Screen {
    link: String,
    spelled: Option<Vec<EventName>>,
    store: Store,
    touches: broadcast::Receiver<Touched>,
    must_look: bool,
    look: Option<Look>,
    told: View,
    /// `None` when there was no room, when it does not stay, and since it came by another stream.
    presence: Option<Presence>,
}

/// The next message of a screen, when this is the stream of one; otherwise none ever comes. Safe to cancel.
pub async fn next(screen: &mut Option<Screen>) -> Outgoing {
    match screen {
        Some(screen) => screen.next().await,
        None => std::future::pending().await,
    }
}

impl Screen {
    /// Enters the registry, if it stays; with the message that it begins with.
    ///
    /// # Errors
    /// When its wall is no more, or the store cannot be read.
    pub async fn open(state: &AppState, asked: AskedScreen, stays: bool) -> AppResult<(Self, Outgoing)> {
        let AskedScreen { link, spelled, name, instance } = asked;
        // Asked for before the wall is read, so that no change falls between.
        let (store, touches) = (state.store.clone(), state.store.touches());
        let view = store.view(&link, spelled.clone()).await?.ok_or(AppError::NoSuchStream)?;
        let told = View::of(view);
        let wall = Outgoing::of("wall", &Message::Wall(&told));
        let presence = match stays {
            true => state.screens.enter(&link, &told.names(), &name, &instance, state.clock.now()),
            false => None,
        };
        Ok((Self { link, spelled, store, touches, must_look: false, look: None, told, presence }, wall))
    }

    /// Waits for the next message. Safe to cancel.
    pub async fn next(&mut self) -> Outgoing {
        loop {
            // What was touched during a look is looked at once more after it.
            if self.must_look && self.look.is_none() {
                self.must_look = false;
                let (store, link, spelled) = (self.store.clone(), self.link.clone(), self.spelled.clone());
                self.look = Some(Box::pin(async move { store.view(&link, spelled).await }));
            }
            tokio::select! {
                view = looked(&mut self.look) => {
                    self.look = None;
                    // A wall that is no more ends the stream elsewhere; one that cannot be read is as it was.
                    if let Ok(Some(view)) = view
                        && let view = View::of(view)
                        && view != self.told
                    {
                        self.told = view;
                        return Outgoing::of("wall", &Message::Wall(&self.told));
                    }
                }
                command = command(&mut self.presence) => match command {
                    Some(command) => {
                        let (what, wall) = (command.word(), command.wall());
                        return Outgoing::of("command", &Message::Command { what, wall });
                    }
                    None => self.presence = None,
                },
                touched = self.touches.recv() => match touched {
                    Ok(Touched::Wall(link)) => self.must_look |= *link == *self.link,
                    Ok(Touched::Any) | Err(RecvError::Lagged(_)) => self.must_look = true,
                    // The store outlives every stream.
                    Err(RecvError::Closed) => std::future::pending().await,
                },
            }
        }
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Screen(…)")
    }
}

async fn looked(look: &mut Option<Look>) -> Result<Option<Stored>, StoreError> {
    match look {
        Some(look) => look.as_mut().await,
        None => std::future::pending().await,
    }
}

async fn command(presence: &mut Option<Presence>) -> Option<crate::screens::Command> {
    match presence {
        Some(presence) => presence.command().await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::FutureExt;

    use super::*;
    use crate::screens::{Command, Instance, ScreenName};
    use crate::store::hidden::Hidden;
    use crate::web::tests::House;

    #[tokio::test]
    async fn who_is_cancelled_at_every_turn_hears_everything_all_the_same() {
        let house = House::new();
        let names = vec!["kittens".parse().unwrap()];
        let link = house.state.keys.wall_link(&names);
        let (name, instance) = (ScreenName::read("kitchen").unwrap(), Instance::read("instance-1").unwrap());
        let asked = AskedScreen { link: link.clone(), spelled: Some(names), name, instance };
        let (mut screen, wall) = Screen::open(&house.state, asked, true).await.unwrap();
        assert!(wall.text().contains(r#""title":"kittens""#), "{}", wall.text());
        let at = house.state.clock.now();
        let hidden = Hidden { photo: "1".into(), title: String::new(), owner: String::new(), at };
        house.state.store.hide(&link, hidden).await.unwrap();
        let there = house.state.screens.of([link.as_str()]).remove(0);
        assert_eq!(house.state.screens.send(&there, Command::Next), crate::screens::Sent::Yes);
        let mut told = Vec::new();
        for _ in 0..10_000 {
            match screen.next().now_or_never() {
                Some(message) => told.push(message.text().to_owned()),
                None if told.len() == 2 => break,
                None => tokio::time::sleep(Duration::from_millis(1)).await,
            }
        }
        told.sort();
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(told[0], r#"{"type":"command","do":"next"}"#);
        assert!(told[1].contains(r#""hidden":["1"]"#), "{}", told[1]);
        // What changes nothing is not told again.
        house.state.store.unhide(&link, "2").await.unwrap();
        house.state.store.record_label(&"puppies".parse().unwrap(), "Dogs").await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(screen.next().now_or_never().is_none());
        drop(screen);
        assert_eq!(house.state.screens.count(), 0);
    }
}
