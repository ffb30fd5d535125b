//! A request with the parameters that OAuth looks at, wherever they stood.

use super::encoding::{self, Pair};
use super::problem::OauthProblem;
use super::signature;

/// All parameters of one request, from its header, its query and its form (RFC 5849 section 3.4.1.3).
#[derive(Debug, Clone)]
pub struct Signed {
    method: String,
    url: String,
    parameters: Vec<Pair>,
}

impl Signed {
    /// Collects them. `url` is absolute, as it was signed; `body` holds a form's parameters, and nothing when the body
    /// is no form.
    ///
    /// # Errors
    /// When the header cannot be read, or a parameter of OAuth's stands twice (section 3.1 forbids it).
    pub fn collect(method: &str, url: &str, authorization: Option<&str>, body: &[Pair]) -> Result<Self, OauthProblem> {
        let Some(mut parameters) = authorization.map_or(Some(Vec::new()), encoding::header) else {
            return Err(OauthProblem::ParameterRejected("Authorization".to_owned()));
        };
        let query = url.split('#').next().and_then(|it| it.split_once('?')).map_or("", |(_, query)| query);
        parameters.extend(encoding::form(query.as_bytes()));
        parameters.extend_from_slice(body);
        let mut names: Vec<_> =
            parameters.iter().map(|(name, _)| name.as_str()).filter(|it| it.starts_with("oauth_")).collect();
        names.sort_unstable();
        if let Some([twice, _]) = names.array_windows().find(|[one, next]| one == next) {
            return Err(OauthProblem::ParameterRejected((*twice).to_owned()));
        }
        Ok(Self { method: method.to_owned(), url: url.to_owned(), parameters })
    }

    /// Whether there is any parameter of OAuth's.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.parameters.iter().any(|(name, _)| name.starts_with("oauth_"))
    }

    /// The value of a parameter of OAuth's; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str()).filter(|it| !it.is_empty())
    }

    /// The value of a parameter that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn require(&self, name: &'static str) -> Result<&str, OauthProblem> {
        self.get(name).ok_or_else(|| OauthProblem::ParameterAbsent(vec![name]))
    }

    /// The text that is signed.
    #[must_use]
    pub fn base_string(&self) -> String {
        signature::base_string(&self.method, &self.url, &self.parameters)
    }
}
