//! The page that asks before something is gone for good.

use askama::Template;

use crate::web::session::SignedIn;

/// One question, one button that does it, and a way back.
#[derive(Debug, Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage<'a> {
    /// Where static files are.
    pub assets: String,
    /// Who asks.
    pub who: &'a SignedIn,
    /// The page in the menu that it belongs to.
    pub here: &'a str,
    /// The question.
    pub title: &'a str,
    /// What it is about.
    pub subject: &'a str,
    /// What will be.
    pub sentence: &'a str,
    /// Where the form goes.
    pub action: &'a str,
    /// What the button says.
    pub button: &'a str,
    /// Where else they can go.
    pub back: &'a str,
}
