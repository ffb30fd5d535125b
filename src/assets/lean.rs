//! A script or a style as it is sent: without its comments, which are half of it, and without its indentation.
//!
//! Whole lines only are looked at, so nothing has to be understood: a comment that shares its line with code stays.

/// The text without the lines that are comments or blank, and without what stands before each line.
#[must_use]
pub(super) fn lean(text: &str) -> String {
    let mut lean = String::with_capacity(text.len() / 2);
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        let is_comment = in_comment || line.starts_with("//") || opens(line);
        in_comment = (in_comment || opens(line)) && !line.ends_with("*/");
        if !is_comment && !line.is_empty() {
            lean.push_str(line);
            lean.push('\n');
        }
    }
    lean
}

/// Whether a comment begins here that takes the whole line, or lines.
fn opens(line: &str) -> bool {
    line.starts_with("/*") && (line.ends_with("*/") || !line.contains("*/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::ASSETS;

    #[test]
    fn whole_lines_of_comment_go_and_code_stays() {
        let text = "// a\n/** b\n * c\n */\nlet d = 1; // e\n\n  /* f */\n  /** @type {any} */ (g).h = 'http://i';\n/* j */ k {\n  l: m\n}\n";
        assert_eq!(lean(text), "let d = 1; // e\n/** @type {any} */ (g).h = 'http://i';\n/* j */ k {\nl: m\n}\n");
    }

    #[test]
    fn no_file_of_ours_has_a_text_of_several_lines_or_code_after_a_comment_of_several() {
        for asset in ASSETS {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            assert!(
                lean(text).lines().all(|line| line.matches('`').count() % 2 == 0),
                "{}: a text goes on",
                asset.name
            );
            let mut in_comment = false;
            for line in text.lines().map(str::trim) {
                if in_comment && line.contains("*/") {
                    assert!(line.ends_with("*/"), "{}: {line}", asset.name);
                }
                in_comment = (in_comment || opens(line)) && !line.contains("*/");
            }
        }
    }
}
