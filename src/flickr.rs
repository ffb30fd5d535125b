//! Flickr's OAuth 1.0a and REST API, as far as a subscriber needs it.
