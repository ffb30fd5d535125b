//! `flickr.test.*` and `flickr.auth.*`.

use serde_json::{Map, Value, json};

use super::{Call, Fail};

/// `flickr.test.login`: who calls.
pub(super) fn login(call: &Call<'_>) -> Result<Value, Fail> {
    let person = call.person()?;
    let username = json!({"_content": person.name});
    Ok(json!({"user": {"id": person.nsid, "username": username, "path_alias": null}}))
}

/// `flickr.test.echo`: the arguments.
pub(super) fn echo(call: &Call<'_>) -> Value {
    let said = |(name, value): &(String, String)| (name.clone(), json!({"_content": value}));
    Value::Object(call.arguments.0.iter().map(said).collect::<Map<_, _>>())
}

/// `flickr.auth.oauth.checkToken`: what comes with a token. Flickr checks the token in the argument; here it has to be
/// the one that the call is signed with.
pub(super) fn check_token(call: &Call<'_>) -> Result<Value, Fail> {
    let (person, perms) = call.caller.zip(call.perms).ok_or_else(Fail::token)?;
    let token = call.arguments.get("oauth_token").unwrap_or_default();
    let user = json!({"nsid": person.nsid, "username": person.name, "fullname": person.name});
    Ok(json!({"oauth": {"token": {"_content": token}, "perms": {"_content": perms.name()}, "user": user}}))
}
