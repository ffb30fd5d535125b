//! What the stream of a screen carries beside photos: what concerns its wall, whenever it changes, and commands.

use serde::Serialize;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use crate::error::{AppError, AppResult};
use crate::event_name::EventName;
use crate::screens::Presence;
use crate::state::AppState;
use crate::store::{Store, Touched, view};
use crate::topic::{Kind, Topic};
use crate::web::stream::message::Message;
use crate::web::stream::request::AskedScreen;
use crate::web::stream::session::Outgoing;

/// A screen at the other end of a stream. It is among the connected ones until this is dropped.
#[derive(Debug)]
pub struct Screen {
    link: String,
    spelled: Option<Vec<EventName>>,
    store: Store,
    touches: broadcast::Receiver<Touched>,
    must_look: bool,
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
        let presence = if stays { state.screens.enter(&link, &name, &instance, state.clock.now()) } else { None };
        Ok((Self { link, spelled, store, touches, must_look: false, told, presence }, wall))
    }

    /// Waits for the next message. Safe to cancel.
    pub async fn next(&mut self) -> Outgoing {
        loop {
            // Remembered until it was looked at, since whoever waits here may be cancelled while the store is asked.
            if self.must_look {
                let view = self.store.view(&self.link, self.spelled.clone()).await;
                self.must_look = false;
                // A wall that is no more ends the stream elsewhere; one that cannot be read is as it was.
                if let Ok(Some(view)) = view
                    && let view = View::of(view)
                    && view != self.told
                {
                    self.told = view;
                    return Outgoing::of("wall", &Message::Wall(&self.told));
                }
            }
            tokio::select! {
                command = command(&mut self.presence) => match command {
                    Some(command) => {
                        let (what, wall) = (command.word(), command.wall());
                        return Outgoing::of("command", &Message::Command { what, wall });
                    }
                    None => self.presence = None,
                },
                touched = self.touches.recv() => match touched {
                    Ok(Touched::Wall(link)) => self.must_look = *link == *self.link,
                    Ok(Touched::Any) | Err(RecvError::Lagged(_)) => self.must_look = true,
                    // The store outlives every stream.
                    Err(RecvError::Closed) => std::future::pending().await,
                },
            }
        }
    }
}

async fn command(presence: &mut Option<Presence>) -> Option<crate::screens::Command> {
    match presence {
        Some(presence) => presence.command().await,
        None => std::future::pending().await,
    }
}

/// What a screen must know of its wall.
#[derive(Debug, PartialEq, Serialize)]
pub struct View {
    title: String,
    events: Vec<Shown>,
    hidden: Vec<String>,
    muted: Vec<Muted>,
}

#[derive(Debug, PartialEq, Serialize)]
struct Shown {
    event: EventName,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
}

#[derive(Debug, PartialEq, Serialize)]
struct Muted {
    nsid: String,
    name: String,
}

impl View {
    fn of(view: view::View) -> Self {
        Self {
            title: view.title,
            events: view.events.into_iter().map(Shown::of).collect(),
            hidden: view.not_shown.hidden.into_iter().map(|it| it.photo).collect(),
            muted: view.not_shown.muted.into_iter().map(|it| Muted { nsid: it.nsid, name: it.name }).collect(),
        }
    }
}

impl Shown {
    fn of(it: view::Shown) -> Self {
        let view::Shown { event, topic, label } = it;
        Self {
            topic: topic.as_ref().map(|it| Kind::name(it.kind())),
            words: topic.as_ref().map(Topic::to_string),
            tags: match topic {
                Some(Topic::Tags(tags)) => Some(tags),
                _ => None,
            },
            event,
            label,
        }
    }
}
