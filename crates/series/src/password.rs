use std::sync::Arc;

use zeroize::Zeroizing;

/// A password of an encrypted archive. It is held in memory only, wiped when the last holder lets go, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Arc<Zeroizing<String>>);

impl Password {
    /// Takes the text over, without the line end that a file or a prompt leaves behind it.
    pub fn new(text: String) -> Self {
        let text = Zeroizing::new(text);
        let kept = text.trim_end_matches(['\r', '\n']);
        Self(Arc::new(Zeroizing::new(kept.to_owned())))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_loses_its_line_end_only_and_is_never_printed() {
        let password = Password::new(" open sesame \r\n".into());
        assert_eq!(password.bytes(), b" open sesame ");
        assert!(!format!("{password:?}").contains("sesame"));
    }
}
