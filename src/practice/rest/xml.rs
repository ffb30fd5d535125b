//! An answer as XML, Flickr's first format. Its JSON was derived from it by a rule (documented of Flickr's JSON response
//! format), which is gone back here: plain values are attributes, objects and lists are elements, `_content` is text.

use serde_json::{Map, Value};

use crate::hub::atom::clean;

/// The document of an answer that succeeded.
pub(super) fn ok(answer: &Value) -> String {
    let mut xml = String::new();
    if let Value::Object(members) = answer {
        inside(&mut xml, members);
    }
    document("ok", &xml)
}

/// The document of one that failed.
pub(super) fn fail(code: u32, message: &str) -> String {
    document("fail", &format!("<err code=\"{code}\" msg=\"{}\" />", escaped(message)))
}

fn document(stat: &str, inside: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<rsp stat=\"{stat}\">\n{inside}\n</rsp>\n")
}

fn element(xml: &mut String, name: &str, value: &Value) {
    // Only an echo has members with names of the caller's making.
    if !is_name(name) {
        return;
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| element(xml, name, item)),
        Value::Object(members) => {
            xml.push_str(&format!("<{name}"));
            for (name, value) in members.iter().filter(|(name, _)| *name != "_content") {
                if let Some(text) = plain(value) {
                    xml.push_str(&format!(" {name}=\"{}\"", escaped(&text)));
                }
            }
            xml.push('>');
            inside(xml, members);
            xml.push_str(&format!("</{name}>"));
        }
        _ => {}
    }
}

fn inside(xml: &mut String, members: &Map<String, Value>) {
    if let Some(text) = members.get("_content").and_then(plain) {
        xml.push_str(&escaped(&text));
    }
    members.iter().for_each(|(name, value)| element(xml, name, value));
}

/// What stands in an attribute: text and numbers. Flickr leaves out what it does not know.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(u8::from(*yes).to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
        && text.bytes().all(|it| it.is_ascii_alphanumeric() || b"_-.".contains(&it))
}

fn escaped(text: &str) -> String {
    clean(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_failure_is_flickrs_sample() {
        let expected = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<rsp stat=\"fail\">\n\
                        <err code=\"112\" msg=\"Method &quot;flickr.fakeMethod&quot; not found\" />\n</rsp>\n";
        assert_eq!(fail(112, "Method \"flickr.fakeMethod\" not found"), expected);
    }

    #[test]
    fn values_are_attributes_and_objects_and_lists_are_elements() {
        let answer = json!({"photos": {"page": 1, "total": "2", "photo": [
            {"id": "1", "title": "a <b> & \"c\"\u{0}", "description": {"_content": "x > y"}, "path_alias": null},
            {"id": "2", "title": ""},
        ]}});
        let xml = ok(&answer);
        let photos =
            xml.split("<rsp stat=\"ok\">\n").nth(1).and_then(|it| it.strip_suffix("\n</rsp>\n")).expect("framed");
        assert_eq!(
            photos,
            "<photos page=\"1\" total=\"2\">\
             <photo id=\"1\" title=\"a &lt;b&gt; &amp; &quot;c&quot;\"><description>x &gt; y</description></photo>\
             <photo id=\"2\" title=\"\"></photo></photos>"
        );
        assert!(ok(&json!({})).contains("<rsp stat=\"ok\">"));
    }

    #[test]
    fn an_echo_cannot_make_up_elements() {
        assert!(!ok(&json!({"a><b": {"_content": "x"}, "ok": {"_content": "y"}})).contains("<b"));
    }
}
