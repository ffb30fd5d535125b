//! What people call their walls and subscriptions.

use crate::error::AppError;

/// The most characters of a title or label.
pub const MAX_LEN: usize = 60;

/// A label as it is kept: one line without odd spaces; it may be empty.
///
/// # Errors
/// [`AppError::BadName`] when it is too long.
pub fn label(typed: &str) -> Result<String, AppError> {
    let visible: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let label = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    match label.chars().count() {
        0..=MAX_LEN => Ok(label),
        n => Err(AppError::BadName(format!(
            "A name has at most {MAX_LEN} letters, and not {n}: go back and shorten it."
        ))),
    }
}

/// A wall's title: a label that is not empty.
///
/// # Errors
/// [`AppError::BadName`] when it is too long or empty.
pub fn title(typed: &str) -> Result<String, AppError> {
    let title = label(typed)?;
    if title.is_empty() {
        return Err(AppError::BadName("A wall needs a name, and this one is empty: go back and type one.".into()));
    }
    Ok(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_sixty_letters() {
        assert_eq!(label(" our \r\n kitchen\u{7} ").unwrap(), "our kitchen");
        assert_eq!(label("").unwrap(), "");
        assert_eq!(label(&"ä".repeat(60)).unwrap().chars().count(), 60);
        assert!(label(&"ä".repeat(61)).unwrap_err().sentence().contains("not 61"));
        assert!(title(" \t ").unwrap_err().sentence().contains("is empty"));
    }
}
