//! The independence certificate of the open case, signed here, and the clock that never jumps.

use std::time::Instant;

use exchange::Deidentify;

use crate::{Session, SessionError};

/// The run of the program: its name, drawn at random, and when it began.
pub(crate) struct Running {
    run: String,
    began: Instant,
}

impl Running {
    pub(crate) fn new() -> Self {
        Self {
            run: uuid::Uuid::new_v4().simple().to_string(),
            began: Instant::now(),
        }
    }

    /// The time since the program began.
    pub(crate) fn now(&self) -> case::RunClock {
        case::RunClock {
            run: self.run.clone(),
            ms: u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl Session {
    /// The bytes of the certificate, with the signature of whoever asks for it.
    pub(crate) fn certificate(&mut self) -> Result<Vec<u8>, SessionError> {
        let context = self.output_context(Deidentify::No);
        let open = self
            .open
            .as_ref()
            .ok_or_else(|| SessionError::Usage("no case is open".into()))?;
        let certificate = exchange::certificate(open.whole(), &open.entries, &context)?;
        let signed = self.store.sign(&self.actor, &certificate.message()?)?;
        let certificate = certificate.signed(signed.signature, signed.public_key);
        Ok(certificate.bytes()?)
    }
}
