//! Flickr's OAuth 1.0a and REST API, as far as a subscriber needs it (skeleton).
#![allow(missing_docs, unused, clippy::all)]
use crate::clock::Clock;
use crate::config::Secret;
use url::Url;
#[derive(Debug, Clone)]
pub struct App {
    pub key: Secret,
    pub secret: Secret,
}
#[derive(Debug, Clone)]
pub struct Hosts;
impl Hosts {
    pub fn of(_: Option<&Url>) -> Self {
        Self
    }
    pub fn name(&self) -> String {
        String::new()
    }
}
#[derive(Debug, Clone)]
pub struct Flickr;
#[derive(Debug, Clone)]
pub struct Token {
    pub token: String,
    pub secret: Secret,
}
#[derive(Debug, Clone)]
pub struct RequestToken {
    pub token: String,
    pub secret: Secret,
}
#[derive(Debug, Clone)]
pub struct Access {
    pub token: Token,
    pub nsid: String,
    pub username: String,
    pub fullname: String,
}
#[derive(Debug, Clone)]
pub struct Institution {
    pub nsid: String,
    pub name: String,
}
#[derive(Debug, Clone, Copy)]
pub enum Perms {
    Read,
    Write,
}
#[derive(Debug, thiserror::Error)]
pub enum FlickrError {
    #[error("no answer")]
    NoAnswer,
}
impl FlickrError {
    pub fn sentence(&self, public_url: &str) -> String {
        String::new()
    }
}
impl Flickr {
    pub async fn request_token(&self, callback: &Url) -> Result<RequestToken, FlickrError> {
        Err(FlickrError::NoAnswer)
    }
    pub fn authorize_url(&self, token: &RequestToken, perms: Perms) -> Url {
        unreachable!()
    }
    pub async fn access_token(&self, token: &RequestToken, verifier: &str) -> Result<Access, FlickrError> {
        Err(FlickrError::NoAnswer)
    }
    pub async fn institutions(&self) -> Result<Vec<Institution>, FlickrError> {
        Err(FlickrError::NoAnswer)
    }
    pub fn hosts(&self) -> &Hosts {
        &Hosts
    }
}
