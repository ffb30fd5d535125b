//! Values of Flickr's JSON, in which numbers and strings mix, even in one list (observed: width 75 next to "150").

use jiff::Timestamp;
use serde_json::Value;

/// A text: as such, as a number, or as a node `{"_content": "…"}`, which is what XML's text became.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(node) => node.get("_content").filter(|it| !it.is_object()).and_then(text),
        _ => None,
    }
}

/// A whole number: as such, as a text, or as true or false.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(yes) => Some(u64::from(*yes)),
        _ => None,
    }
}

/// A number of bounded size; one that is too large counts as the largest.
pub(super) fn small(value: &Value) -> Option<u32> {
    number(value).map(|it| u32::try_from(it).unwrap_or(u32::MAX))
}

/// A time, in seconds since 1970; 0 stands for none.
pub(super) fn time(value: &Value) -> Option<Timestamp> {
    let seconds = number(value).filter(|it| *it != 0)?;
    Timestamp::from_second(i64::try_from(seconds).ok()?).ok()
}

/// The items of `{"things": {"thing": [...]}}`: none when the inner name is missing, one when it is no list.
/// `None` when the outer name is missing.
pub(super) fn items<'v>(value: &'v Value, outer: &str, inner: &str) -> Option<&'v [Value]> {
    let outer = value.get(outer)?;
    Some(match outer.get(inner) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_may_come_in_any_of_its_forms() {
        assert_eq!(text(&json!("a")), Some("a".into()));
        assert_eq!(text(&json!({"_content": "a"})), Some("a".into()));
        assert_eq!(text(&json!({"_content": {"_content": "a"}})), None);
        assert_eq!([json!(7), json!("7"), json!(" 7 ")].map(|it| number(&it)), [Some(7); 3]);
        assert_eq!(
            [json!(true), json!(-7), json!("x"), json!(null)].map(|it| number(&it)),
            [Some(1), None, None, None]
        );
        assert_eq!(small(&json!("99999999999")), Some(u32::MAX));
        assert_eq!(time(&json!("1309293755")), Timestamp::from_second(1_309_293_755).ok());
        assert_eq!([json!("0"), json!(u64::MAX), json!("")].map(|it| time(&it)), [None; 3]);
    }

    #[test]
    fn a_list_may_be_missing_but_not_what_it_is_in() {
        let count = |value: Value| items(&value, "things", "thing").map(<[Value]>::len);
        assert_eq!(count(json!({"things": {"thing": [1, 2]}})), Some(2));
        assert_eq!(count(json!({"things": {"thing": {"a": 1}}})), Some(1));
        assert_eq!(count(json!({"things": {}})), Some(0));
        assert_eq!(count(json!({"things": []})), Some(0));
        assert_eq!(count(json!({})), None);
    }
}
