//! The one error of the HTTP edge: what was refused, as a value; what the caller reads, as a sentence and a way out.
//!
//! Hubs and programs get one line of text, people get a page. Nobody gets a cause chain: that goes to the log, once,
//! from here.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::assets;
use crate::bus::BusError;
use crate::clock::NoRandomness;
use crate::delivery_log::LogError;
use crate::feed::NotAFeed;
use crate::flickr::FlickrError;
use crate::handshake::Fault;
use crate::screens::showing::MAX_REPORT;
use crate::store::StoreError;
use crate::subscriber::ForgetError;

/// What a handler returns.
pub type AppResult<T> = Result<T, AppError>;

/// Everything that a request can be refused for.
#[derive(Debug)]
pub enum AppError {
    /// A callback that is not ours, or whose caller does not hold its token. Always this one answer.
    NoSuchCallback,
    /// A verification from our hub that cannot be understood.
    BadVerification(Fault),
    /// A delivery to a callback that was let go (WebSub section 7: 410 says that the subscription is over).
    LetGo,
    /// A delivery with more bytes than the limit.
    TooLarge(usize),
    /// A delivery whose bytes did not come.
    Unreadable,
    /// A delivery whose document has no end; so many new events were in what came.
    BrokeOff(usize),
    /// A delivery that is compressed in this way.
    Encoded(String),
    /// A delivery whose bytes came too slowly.
    TooSlow,
    /// A delivery that is no feed.
    NotAFeed(NotAFeed),
    /// A stream address without a token or a wall's link.
    NoStreamNamed,
    /// A stream token or wall link that is not ours.
    NoSuchStream,
    /// A parameter of a stream address that cannot be understood.
    BadStream(String),
    /// A page of another site opens our stream, or speaks for a screen.
    ForeignOrigin,
    /// A screen that is not connected says what it shows.
    NoSuchScreen,
    /// What a screen says cannot be understood: why.
    BadReport(String),
    /// A screen says more than it shows.
    LongReport,
    /// The token of a remote that is not ours, or not any more.
    NoSuchRemote,
    /// A wall link that is not ours.
    NoSuchWall,
    /// A form or a page for people who are signed in.
    SignInFirst,
    /// A debug page for somebody who neither is signed in nor has the operator's link.
    NoDebugging,
    /// A record of the delivery log that is not theirs to see, or not any more.
    NoSuchRecord,
    /// A form without the token of its session, or from a page of another site.
    StaleForm,
    /// A form with more bytes than anybody types.
    LongForm,
    /// A sign-in from another address of this server than the one that Flickr sends people back to, which is given.
    SignInAt(String),
    /// A sign-in comes back that was not begun in this browser, or too long ago.
    ForeignSignIn,
    /// The person did not allow us to read.
    NotAllowed,
    /// An account that ALLOWED_USERS does not name.
    NotInvited(String),
    /// There is no FLICKR_KEY.
    NoFlickr,
    /// Flickr did not do what we asked; the sentence is for people.
    Flickr {
        /// What to show.
        sentence: String,
        /// What to log.
        cause: FlickrError,
    },
    /// A subscription that is not theirs, or not any more.
    NoSuchSubscription,
    /// A wall that is not theirs, or not any more.
    NotYourWall,
    /// A name or label that cannot be taken: what is wrong with it.
    BadName(String),
    /// An address that no QR code is drawn of: what is wrong with it.
    BadQr(String),
    /// A photo that is not in the history of this wall, or that Flickr shows to nobody.
    NoSuchPhoto,
    /// Flickr cannot say just now which sizes a photo has.
    NoSizes,
    /// Nothing is at this address.
    NoSuchPage,
    /// The page is there, and this method is not.
    WrongMethod,
    /// The same as [`Self::Unavailable`], which is noted already, for people.
    NotJustNow,
    /// Durable storage does not work just now; a hub should retry.
    Unavailable(Box<dyn std::error::Error + Send + Sync>),
    /// Our fault.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    /// Whether it hangs on a wall, where a white page is a lamp.
    dark: bool,
    assets: String,
    title: &'a str,
    sentence: &'a str,
    way_out_href: &'a str,
    way_out_label: &'a str,
}

impl AppError {
    /// What the caller is answered with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoSuchCallback
            | Self::NoSuchStream
            | Self::NoSuchWall
            | Self::NoSuchScreen
            | Self::NoSuchRemote
            | Self::NoSuchSubscription
            | Self::NotYourWall
            | Self::NoSuchPhoto
            | Self::NoSuchRecord
            | Self::NoSuchPage => StatusCode::NOT_FOUND,
            Self::BadVerification(_)
            | Self::Unreadable
            | Self::NotAFeed(_)
            | Self::BrokeOff(_)
            | Self::NoStreamNamed
            | Self::BadStream(_)
            | Self::BadReport(_)
            | Self::SignInAt(_)
            | Self::ForeignSignIn
            | Self::BadQr(_)
            | Self::BadName(_) => StatusCode::BAD_REQUEST,
            Self::LetGo => StatusCode::GONE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::Encoded(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge(_) | Self::LongForm | Self::LongReport => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ForeignOrigin
            | Self::NoDebugging
            | Self::SignInFirst
            | Self::StaleForm
            | Self::NotAllowed
            | Self::NotInvited(_) => StatusCode::FORBIDDEN,
            Self::Flickr { .. } => StatusCode::BAD_GATEWAY,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unavailable(_) | Self::NotJustNow | Self::NoFlickr | Self::NoSizes => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the caller reads: one line, with the remedy where there is one.
    pub fn sentence(&self) -> String {
        match self {
            Self::NoSuchCallback => "no such callback".into(),
            Self::BadVerification(fault) => fault.to_string(),
            Self::LetGo => "this subscription has ended".into(),
            Self::TooLarge(limit) => format!("a delivery has at most {limit} bytes"),
            Self::Unreadable => "the body broke off".into(),
            Self::BrokeOff(fresh) => format!("the document breaks off: {fresh} new were in it, send all of it again"),
            Self::Encoded(how) => format!("the body is encoded ({how}): send it as it is"),
            Self::TooSlow => "the body took too long".into(),
            Self::NotAFeed(cause) => cause.to_string(),
            Self::NoStreamNamed => {
                "name a stream: /stream?token=… or /stream?wall=…, as `flickr-conduit mint EVENT` prints it".into()
            }
            Self::NoSuchStream => "no such stream: the token or link is not one of this server's".into(),
            Self::BadStream(sentence) | Self::BadReport(sentence) => sentence.clone(),
            Self::ForeignOrigin => "a page of another site may not do this".into(),
            Self::NoSuchScreen => "no such screen is connected: open its stream first".into(),
            Self::LongReport => format!("a report has at most {MAX_REPORT} bytes"),
            Self::NoSuchRemote => {
                "This link drives no screens here. Perhaps a new one was made meanwhile, or it was copied in part: the \
                 walls page has the one that counts."
                    .into()
            }
            Self::NoSuchWall => {
                "This link belongs to no wall here. Perhaps the wall was revoked, or the link was copied in part: ask \
                 whoever gave it to you for a new one."
                    .into()
            }
            Self::SignInFirst => {
                "You are not signed in, or not any more, so nothing was changed. Sign in on the front page and do it \
                 once more."
                    .into()
            }
            Self::NoDebugging => {
                "What hubs said is shown to people who are signed in, about their own subscriptions; and all of it to whoever \
                 runs this server, by the link that flickr-conduit prints when it starts, and whenever it is asked: \
                 flickr-conduit mint --operator."
                    .into()
            }
            Self::NoSuchRecord => {
                "There is no such record. Records are deleted after a while, and each account sees its own.".into()
            }
            Self::StaleForm => {
                "This form is too old or came from another page, so nothing was changed: go back, reload and send it \
                 again."
                    .into()
            }
            Self::LongForm => "That is more than this form can hold, so nothing was changed: go back and shorten it.".into(),
            Self::SignInAt(address) => {
                format!("Flickr sends people back to {address}, so sign in there and not at this address.")
            }
            Self::ForeignSignIn => "This sign-in was begun elsewhere or took too long: begin again.".into(),
            Self::NotAllowed => "You did not allow it; nothing was stored.".into(),
            Self::NotInvited(nsid) => format!(
                "Only some people may sign in here, and {nsid} is not among them yet; nothing was stored. If you should \
                 be, ask whoever runs this server to add {nsid} to ALLOWED_USERS."
            ),
            Self::NoFlickr => {
                "Nobody can sign in here yet: this server has no FLICKR_KEY. Whoever runs it finds how to get one on the \
                 front page."
                    .into()
            }
            Self::Flickr { sentence, .. } => sentence.clone(),
            Self::NoSuchSubscription => {
                "You have no such subscription. Perhaps it has ended meanwhile, or it belongs to another account.".into()
            }
            Self::NotYourWall => "You have no such wall. Perhaps it was revoked, or it belongs to another account.".into(),
            Self::BadName(sentence) | Self::BadQr(sentence) => sentence.clone(),
            Self::NoSuchPhoto => "no such photo: it is not among the newest of this wall, or not for everybody".into(),
            Self::NoSizes => "Flickr cannot be asked for larger sizes just now".into(),
            Self::NoSuchPage => "There is nothing at this address.".into(),
            Self::WrongMethod => "This address does not take that kind of request.".into(),
            Self::NotJustNow => "Nothing can be looked up or stored here just now. Please try again in a minute.".into(),
            Self::Unavailable(_) => "the server cannot store anything just now: try again in a minute".into(),
            Self::Internal(_) => "Something went wrong on our side. It has been noted; please try again.".into(),
        }
    }

    /// The title of the page, for errors that people meet; `None` for those of hubs and programs.
    fn page_title(&self) -> Option<&'static str> {
        match self {
            Self::NoSuchWall => Some("No such wall"),
            Self::NoSuchRemote => Some("No such remote"),
            Self::SignInFirst => Some("Please sign in"),
            Self::NoDebugging => Some("Who are you?"),
            Self::NoSuchRecord => Some("No such record"),
            Self::StaleForm => Some("Please send it again"),
            Self::LongForm => Some("Too long"),
            Self::SignInAt(_) => Some("Not at this address"),
            Self::ForeignSignIn => Some("Please begin again"),
            Self::NotAllowed => Some("Not signed in"),
            Self::NotInvited(_) => Some("Not invited yet"),
            Self::NoFlickr => Some("No sign-in yet"),
            Self::Flickr { .. } => Some("Flickr did not answer as it should"),
            Self::NoSuchSubscription => Some("No such subscription"),
            Self::NotYourWall => Some("No such wall"),
            Self::BadName(_) => Some("That name does not work"),
            Self::NoSuchPage => Some("Nothing here"),
            Self::WrongMethod => Some("Not like this"),
            Self::NotJustNow => Some("Not just now"),
            Self::Internal(_) => Some("Our fault"),
            _ => None,
        }
    }

    /// Where somebody goes from the page.
    fn way_out(&self) -> (&str, &'static str) {
        match self {
            Self::SignInAt(address) => (address, "Go there"),
            Self::NotYourWall | Self::NoSuchRemote => ("/walls", "To your walls"),
            Self::SignInFirst => ("/", "Sign in"),
            Self::NoDebugging => ("/?next=/debug", "Sign in"),
            Self::NoSuchRecord => ("/debug", "To the delivery log"),
            Self::ForeignSignIn | Self::NotAllowed | Self::Flickr { .. } => ("/", "Try again"),
            Self::NoSuchSubscription => ("/subscriptions", "To your subscriptions"),
            _ => ("/", "To the front page"),
        }
    }

    fn log(&self) {
        match self {
            Self::Unavailable(cause) => tracing::error!(%cause, "storage failed, answered 503"),
            Self::Internal(cause) => tracing::error!(%cause, "request failed, answered 500"),
            Self::Flickr { cause, .. } => tracing::warn!(%cause, "Flickr failed, answered 502"),
            refused => tracing::debug!(reason = refused.sentence(), status = refused.status().as_u16(), "refused"),
        }
    }
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        self.log();
        let sentence = self.sentence();
        let status = self.status();
        let page = self.page_title().and_then(|title| {
            let assets = assets::prefix();
            let (way_out_href, way_out_label) = self.way_out();
            let dark = matches!(self, Self::NoSuchWall);
            ErrorPage { dark, assets, title, sentence: &sentence, way_out_href, way_out_label }.render().ok()
        });
        let mut response = match page {
            Some(page) => (status, Html(page)).into_response(),
            None => (status, format!("{sentence}\n")).into_response(),
        };
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
        }
        response
    }
}

impl From<BusError> for AppError {
    fn from(cause: BusError) -> Self {
        Self::Unavailable(Box::new(cause))
    }
}

impl From<StoreError> for AppError {
    fn from(cause: StoreError) -> Self {
        Self::Unavailable(Box::new(cause))
    }
}

impl From<LogError> for AppError {
    fn from(cause: LogError) -> Self {
        Self::Unavailable(Box::new(cause))
    }
}

impl From<ForgetError> for AppError {
    fn from(cause: ForgetError) -> Self {
        Self::Unavailable(Box::new(cause))
    }
}

impl From<NoRandomness> for AppError {
    fn from(cause: NoRandomness) -> Self {
        Self::Internal(Box::new(cause))
    }
}

impl From<NotAFeed> for AppError {
    fn from(cause: NotAFeed) -> Self {
        Self::NotAFeed(cause)
    }
}

impl From<askama::Error> for AppError {
    fn from(cause: askama::Error) -> Self {
        Self::Internal(Box::new(cause))
    }
}
