//! Response in solid tumours by RECIST 1.1 (Eisenhauer and others, Eur J Cancer 2009;45:228): the arithmetic alone.
//! Diameters in mm: the longest of a lesion, the short axis of a lymph node.

use serde::{Deserialize, Serialize};

/// Target lesions at most.
pub const MAX_TARGETS: usize = 5;
/// Of them in one organ at most.
pub const MAX_TARGETS_AN_ORGAN: usize = 2;
/// The least longest diameter of a target lesion, mm.
pub const LEAST_LESION_MM: f64 = 10.0;
/// The least short axis of a target lymph node, mm.
pub const LEAST_NODE_MM: f64 = 15.0;
/// A lymph node of a shorter short axis is normal, mm.
pub const NORMAL_NODE_MM: f64 = 10.0;
/// What is written down for a target that is still there and too small to measure, mm.
pub const TOO_SMALL_MM: f64 = 5.0;

/// What a target lesion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetKind {
    /// Anything but a lymph node: its longest diameter counts.
    Lesion,
    /// A lymph node: its short axis counts.
    Node,
}

/// The size of a target at one time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetSize {
    /// Measured, mm.
    Measured(f64),
    /// There, and too small to measure: 5 mm count.
    TooSmall,
    /// Gone: 0 mm count.
    Gone,
    /// Not to be told from these images.
    NotEvaluable,
}

impl TargetSize {
    /// What counts, mm; `None` where it cannot be told.
    pub fn mm(self) -> Option<f64> {
        match self {
            Self::Measured(mm) => Some(mm),
            Self::TooSmall => Some(TOO_SMALL_MM),
            Self::Gone => Some(0.0),
            Self::NotEvaluable => None,
        }
    }
}

/// A target lesion at one time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Target {
    /// The organ that it lies in, in any words; lymph nodes are one organ.
    pub organ: String,
    /// What it is.
    pub kind: TargetKind,
    /// How large.
    pub size: TargetSize,
}

/// A response; the same words serve target lesions, other lesions and the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Complete.
    Cr,
    /// Partial.
    Pr,
    /// Stable.
    Sd,
    /// Neither complete nor progressive, of lesions that are not measured.
    NonCrNonPd,
    /// Progressive.
    Pd,
    /// Not evaluable.
    Ne,
}

/// What is known besides the target lesions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// There were none at the start.
    None,
    /// Their response: `Cr`, `NonCrNonPd`, `Pd` or `Ne`; others count as not evaluable.
    Response(Response),
}

/// Is there a lesion that was not there before?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewLesion {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// What is wrong with a choice of targets at the start; a sentence each.
pub fn problems_of_targets(targets: &[Target]) -> Vec<String> {
    let mut problems = Vec::new();
    if MAX_TARGETS < targets.len() {
        let n = targets.len();
        problems.push(format!(
            "{n} targets are chosen; {MAX_TARGETS} are the most"
        ));
    }
    let organ = |target: &Target| match target.kind {
        TargetKind::Node => "lymph nodes".to_owned(),
        TargetKind::Lesion => target.organ.trim().to_lowercase(),
    };
    let mut organs: Vec<String> = targets.iter().map(organ).collect();
    organs.sort();
    for same in organs.chunk_by(|a, b| a == b) {
        if let Some(name) = same.first().filter(|_| MAX_TARGETS_AN_ORGAN < same.len()) {
            let n = same.len();
            let most = MAX_TARGETS_AN_ORGAN;
            problems.push(format!(
                "{n} targets lie in one organ ({name}); {most} are the most"
            ));
        }
    }
    for (k, target) in targets.iter().enumerate() {
        let (least, what) = match target.kind {
            TargetKind::Lesion => (LEAST_LESION_MM, "longest diameter"),
            TargetKind::Node => (LEAST_NODE_MM, "short axis"),
        };
        if target.size.mm().is_none_or(|mm| mm < least) {
            let number = k + 1;
            problems.push(format!(
                "target {number} needs a {what} of {least} mm at the start"
            ));
        }
    }
    problems
}

/// The sum of the diameters of all targets that can be told, mm.
pub fn sum_mm(targets: &[Target]) -> f64 {
    targets.iter().filter_map(|target| target.size.mm()).sum()
}

/// The response of the target lesions, from the sums at the start and at the smallest since (the start included), mm.
///
/// Progressive: at least 20 % and at least 5 mm above the smallest sum. Partial: at least 30 % below the start. Complete:
/// every lesion gone and every lymph node below 10 mm. Where a target cannot be told the response is not evaluable,
/// unless the others alone are progressive. Without targets it is not evaluable.
pub fn target_response(targets: &[Target], baseline_sum_mm: f64, nadir_sum_mm: f64) -> Response {
    let sum = sum_mm(targets);
    let all_known = targets.iter().all(|target| target.size.mm().is_some());
    if targets.is_empty() {
        return Response::Ne;
    }
    let is_clear = |target: &Target| match target.kind {
        TargetKind::Lesion => target.size.mm() == Some(0.0),
        TargetKind::Node => target.size.mm().is_some_and(|mm| mm < NORMAL_NODE_MM),
    };
    let smallest = nadir_sum_mm.min(baseline_sum_mm);
    let grown_mm = sum - smallest;
    // A diameter is measured to a tenth of a millimetre at best: what is lost in the last digits decides nothing.
    let reaches = |value: f64, limit: f64| limit - 1e-9 <= value;
    if all_known && targets.iter().all(is_clear) {
        return Response::Cr;
    }
    if reaches(grown_mm, 0.2 * smallest) && reaches(grown_mm, 5.0) {
        return Response::Pd;
    }
    if !all_known {
        return Response::Ne;
    }
    match reaches(baseline_sum_mm - sum, 0.3 * baseline_sum_mm) {
        true => Response::Pr,
        false => Response::Sd,
    }
}

/// The response as a whole. `targets` is `None` where the disease has no target lesions.
pub fn overall_response(targets: Option<Response>, others: Others, new: NewLesion) -> Response {
    use Response::{Cr, Ne, NonCrNonPd, Pd, Pr, Sd};
    let others = match others {
        Others::None => None,
        Others::Response(response @ (Cr | NonCrNonPd | Pd)) => Some(response),
        Others::Response(_) => Some(Ne),
    };
    if new == NewLesion::Yes || others == Some(Pd) || targets == Some(Pd) {
        return Pd;
    }
    match (targets, others) {
        (None, others) => others.unwrap_or(Ne),
        (Some(Cr), None | Some(Cr)) => Cr,
        // The other lesions are still there, or cannot be told: complete it is not.
        (Some(Cr), Some(_)) => Pr,
        (Some(Pr), _) => Pr,
        (Some(Sd), _) => Sd,
        (Some(_), _) => Ne,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Response::{Cr, Ne, NonCrNonPd, Pd, Pr, Sd};
    use TargetSize::{Gone, Measured, NotEvaluable, TooSmall};

    fn lesion(size: TargetSize) -> Target {
        Target {
            organ: "liver".into(),
            kind: TargetKind::Lesion,
            size,
        }
    }

    fn node(size: TargetSize) -> Target {
        Target {
            kind: TargetKind::Node,
            ..lesion(size)
        }
    }

    /// Worked by hand: the sizes, the sums at the start and at the smallest, and what follows.
    #[test]
    fn target_lesions_respond_as_worked_by_hand() {
        let l = |mm| lesion(Measured(mm));
        let n = |mm| node(Measured(mm));
        let rows: Vec<(Vec<Target>, f64, f64, Response)> = vec![
            // 100 → 70: just 30 % less.
            (vec![l(40.0), l(30.0)], 100.0, 100.0, Pr),
            (vec![l(40.0), l(30.1)], 100.0, 100.0, Sd),
            // 50 → 60: 20 % and 10 mm more than the smallest.
            (vec![l(60.0)], 100.0, 50.0, Pd),
            (vec![l(59.9)], 100.0, 50.0, Pr),
            // 20 → 24: 20 % more, but 4 mm only.
            (vec![l(24.0)], 40.0, 20.0, Pr),
            (vec![l(25.0)], 40.0, 20.0, Pd),
            // 12 → 17 is 5 mm and 42 %.
            (vec![l(17.0)], 30.0, 12.0, Pd),
            // The start is the smallest.
            (vec![l(60.0)], 50.0, 50.0, Pd),
            (vec![l(60.0)], 50.0, 90.0, Pd),
            (vec![l(59.0)], 50.0, 50.0, Sd),
            // Nodes below 10 mm and no lesion left: complete, although the sum is not 0.
            (vec![lesion(Gone), n(9.9)], 60.0, 20.0, Cr),
            (vec![lesion(Gone), n(10.0)], 60.0, 60.0, Pr),
            (vec![lesion(TooSmall), n(8.0)], 60.0, 60.0, Pr),
            // From nothing, 5 mm are progressive.
            (vec![l(6.0)], 60.0, 0.0, Pd),
            (vec![lesion(TooSmall)], 60.0, 0.0, Pd),
            (vec![l(20.0), lesion(NotEvaluable)], 60.0, 50.0, Ne),
            // What can be told is progressive by itself.
            (vec![l(60.0), lesion(NotEvaluable)], 60.0, 50.0, Pd),
            (vec![lesion(Gone), lesion(NotEvaluable)], 60.0, 50.0, Ne),
            (vec![], 60.0, 60.0, Ne),
        ];
        for (targets, baseline, nadir, expected) in rows {
            let found = target_response(&targets, baseline, nadir);
            assert_eq!(found, expected, "{targets:?} of {baseline}, {nadir}");
        }
    }

    /// Tables 1 and 2 of the guideline.
    #[test]
    fn the_whole_follows_from_its_parts() {
        let with = Others::Response;
        let rows = [
            (Some(Cr), with(Cr), Cr),
            (Some(Cr), Others::None, Cr),
            (Some(Cr), with(NonCrNonPd), Pr),
            (Some(Cr), with(Ne), Pr),
            (Some(Pr), with(NonCrNonPd), Pr),
            (Some(Pr), with(Ne), Pr),
            (Some(Pr), with(Cr), Pr),
            (Some(Sd), with(NonCrNonPd), Sd),
            (Some(Sd), with(Ne), Sd),
            (Some(Ne), with(NonCrNonPd), Ne),
            (Some(Pd), with(Cr), Pd),
            (Some(Ne), with(Pd), Pd),
            (None, with(Cr), Cr),
            (None, with(NonCrNonPd), NonCrNonPd),
            (None, with(Ne), Ne),
            (None, with(Pd), Pd),
            (None, Others::None, Ne),
            // No such response of lesions that are not measured.
            (Some(Cr), with(Sd), Pr),
        ];
        for (targets, others, expected) in rows {
            let found = overall_response(targets, others, NewLesion::No);
            assert_eq!(found, expected, "{targets:?} {others:?}");
            assert_eq!(overall_response(targets, others, NewLesion::Yes), Pd);
        }
    }

    #[test]
    fn a_choice_of_targets_keeps_to_the_limits() {
        let organ = |name: &str, mm| Target {
            organ: name.into(),
            ..lesion(Measured(mm))
        };
        let rows: Vec<(Vec<Target>, usize)> = vec![
            (
                vec![
                    organ("liver", 10.0),
                    organ("Liver ", 30.0),
                    organ("lung", 12.0),
                ],
                0,
            ),
            (
                vec![
                    organ("liver", 10.0),
                    organ("liver", 30.0),
                    organ("Liver", 12.0),
                ],
                1,
            ),
            (
                ["a", "b", "c", "d", "e", "f"]
                    .map(|o| organ(o, 20.0))
                    .to_vec(),
                1,
            ),
            (vec![organ("liver", 9.9)], 1),
            (vec![node(Measured(14.9))], 1),
            (vec![node(Measured(15.0)), node(Measured(16.0))], 0),
            // Lymph nodes are one organ, wherever they lie.
            (
                vec![
                    node(Measured(15.0)),
                    node(Measured(16.0)),
                    node(Measured(17.0)),
                ],
                1,
            ),
            (vec![lesion(NotEvaluable)], 1),
        ];
        for (targets, n) in rows {
            let found = problems_of_targets(&targets);
            assert_eq!(found.len(), n, "{found:?}");
        }
        let targets = [
            lesion(Measured(30.5)),
            node(Measured(15.0)),
            lesion(TooSmall),
            lesion(Gone),
        ];
        assert!((sum_mm(&targets) - 50.5).abs() < 1e-12);
    }
}
