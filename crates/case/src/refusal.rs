/// Why a command was not done. The text never quotes the first report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}; {hint}")]
pub struct Refusal {
    /// Stable name, for instance `not_your_read`.
    pub code: &'static str,
    /// What was refused and why, one clause.
    pub text: String,
    /// What to do next, one clause.
    pub hint: String,
}

impl Refusal {
    /// Makes one from its stable name and its two clauses.
    pub fn new(code: &'static str, text: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
            hint: hint.into(),
        }
    }
}
