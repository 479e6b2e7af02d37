//! The draw of agreeing cases for a third read: what both reads missed shows nowhere else.
//!
//! The number that decides is put away before anybody reads: its digest enters the log when the case is begun, the number
//! itself when an agreeing comparison is signed. So nobody can choose it to suit the result, and whoever has the log can
//! check it. Who has the machine to themselves could read the number beforehand, but not change what it decides.

use serde::{Deserialize, Serialize};

use crate::{CaseId, Sha256};

/// Whether an agreeing case goes to a third reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditDraw {
    /// The number that decided; `None` where the one that was put away could not be brought: then the case goes.
    pub nonce: Option<Sha256>,
    /// Share of agreeing cases that the protocol wants to go, 1 to 100 %.
    pub percent: u8,
    /// Does it go?
    pub drawn: bool,
}

impl AuditDraw {
    /// Draws. The number counts when it is the one that was put away, or none was.
    pub fn new(
        case: &CaseId,
        percent: u8,
        commitment: Option<&Sha256>,
        nonce: Option<Sha256>,
    ) -> Self {
        let nonce = nonce.filter(|nonce| {
            nonce.to_bytes().is_some()
                && commitment.is_none_or(|digest| *digest == Self::commitment(nonce))
        });
        Self {
            drawn: nonce
                .as_ref()
                .is_none_or(|nonce| decides(nonce, case, percent)),
            nonce,
            percent,
        }
    }

    /// What is put on record of a number before it decides.
    pub fn commitment(nonce: &Sha256) -> Sha256 {
        Sha256::of_parts(&[b"overread.audit-commitment/1", nonce.as_str().as_bytes()])
    }

    /// Probability with which such a case goes, 0 to 1.
    pub fn probability(&self) -> f64 {
        match self.nonce {
            Some(_) => f64::from(self.percent) / 100.0,
            None => 1.0,
        }
    }

    /// Is it what the number decides about this case?
    pub(crate) fn holds(&self, case: &CaseId, commitment: Option<&Sha256>) -> bool {
        *self == Self::new(case, self.percent, commitment, self.nonce.clone())
    }
}

/// The first 8 bytes of a digest, as a share of what they could be, lie below the percentage.
fn decides(nonce: &Sha256, case: &CaseId, percent: u8) -> bool {
    let digest = Sha256::of_parts(&[
        b"overread.audit-draw/1",
        nonce.as_str().as_bytes(),
        case.as_str().as_bytes(),
    ]);
    let share = u64::from_str_radix(digest.as_str().get(..16).unwrap_or("0"), 16).unwrap_or(0);
    u128::from(share) * 100 < u128::from(percent) << 64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nonce(number: u32) -> Sha256 {
        Sha256::of(&number.to_be_bytes())
    }

    #[test]
    fn the_share_that_goes_is_the_share_that_is_asked_for() {
        let n = 20_000;
        for percent in [0, 1, 5, 50, 99, 100] {
            let drawn = (0..n)
                .filter(|k| {
                    let id = CaseId::new(format!("OR-{}", k % 97));
                    AuditDraw::new(&id, percent, None, Some(nonce(*k))).drawn
                })
                .count();
            let p = f64::from(percent) / 100.0;
            let sd = (f64::from(n) * p * (1.0 - p)).sqrt();
            let off = (drawn as f64 - f64::from(n) * p).abs();
            assert!(off <= 4.0 * sd, "{percent} %: {drawn} of {n}");
        }
    }

    #[test]
    fn another_number_than_was_put_away_draws_the_case_and_is_told_apart() {
        let (id, put_away) = (CaseId::new("OR-1"), nonce(1));
        let commitment = AuditDraw::commitment(&put_away);
        let fair = AuditDraw::new(&id, 1, Some(&commitment), Some(put_away.clone()));
        assert!(fair.nonce.is_some() && fair.holds(&id, Some(&commitment)));
        for other in [None, Some(nonce(2)), Some(Sha256::new("x"))] {
            let draw = AuditDraw::new(&id, 1, Some(&commitment), other);
            assert!(draw.drawn && draw.nonce.is_none());
            assert_eq!(draw.probability().to_bits(), 1.0_f64.to_bits());
        }
        let turned = AuditDraw {
            drawn: !fair.drawn,
            ..fair.clone()
        };
        assert!(!turned.holds(&id, Some(&commitment)));
        let swapped = AuditDraw {
            nonce: Some(nonce(2)),
            ..fair
        };
        assert!(!swapped.holds(&id, Some(&commitment)));
    }
}
