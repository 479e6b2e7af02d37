use case::MeasuredValue;
use volume::SpacingSource;

use super::ruler::{BY_HAND, spacing_source_text};

/// How far the millimetres of a number can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// They are those of the patient.
    AtPatient,
    /// They are worked out for the patient from stated distances or a stated magnification.
    Estimated,
    /// They are those on the detector: larger than in the patient.
    AtDetector,
    /// The reader calibrated them with a known length.
    ByHand,
    /// There are none: the number counts pixels.
    PixelsOnly,
}

/// How far the lengths among the numbers of a mark can be trusted; `None` where there are none, as of an angle.
pub fn trust(values: &[MeasuredValue]) -> Option<Trust> {
    values.iter().find_map(|value| match value.unit.as_str() {
        "px" | "px2" | "px3" => Some(Trust::PixelsOnly),
        "mm" | "mm2" | "mm3" | "cm2" | "ml" => of_source(&value.source),
        _ => None,
    })
}

fn of_source(source: &str) -> Option<Trust> {
    // A record keeps the sentence, with which holes and other remarks may go on.
    let says = |of: SpacingSource| source.starts_with(spacing_source_text(of));
    if source.starts_with(BY_HAND) {
        return Some(Trust::ByHand);
    }
    let all = [
        (SpacingSource::ImagerPixelSpacing, Trust::AtDetector),
        (
            SpacingSource::ImagerPixelSpacingMagnificationCorrected,
            Trust::Estimated,
        ),
        (
            SpacingSource::ImagerPixelSpacingDistanceCorrected,
            Trust::Estimated,
        ),
        (SpacingSource::NominalScannedPixelSpacing, Trust::Estimated),
        (SpacingSource::UltrasoundRegion, Trust::AtPatient),
        (SpacingSource::PixelSpacing, Trust::AtPatient),
    ];
    all.into_iter()
        .find(|(of, _)| says(*of))
        .map(|(_, trust)| trust)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_source_of_millimetres_has_its_trust() {
        let of = |unit: &str, source: &str| {
            trust(&[MeasuredValue {
                name: "length".into(),
                value: 1.0,
                unit: unit.into(),
                source: source.into(),
            }])
        };
        let rows = [
            (SpacingSource::PixelSpacing, Trust::AtPatient),
            (SpacingSource::CalibratedPixelSpacing, Trust::AtPatient),
            (SpacingSource::UltrasoundRegion, Trust::AtPatient),
            (SpacingSource::ImagerPixelSpacing, Trust::AtDetector),
            (
                SpacingSource::ImagerPixelSpacingMagnificationCorrected,
                Trust::Estimated,
            ),
            (
                SpacingSource::ImagerPixelSpacingDistanceCorrected,
                Trust::Estimated,
            ),
            (SpacingSource::NominalScannedPixelSpacing, Trust::Estimated),
        ];
        for (source, expected) in rows {
            assert_eq!(
                of("mm", spacing_source_text(source)),
                Some(expected),
                "{source:?}"
            );
        }
        let by_hand = format!("{BY_HAND} with a known length of 20 mm");
        assert_eq!(of("mm2", &by_hand), Some(Trust::ByHand));
        assert_eq!(
            of("px", spacing_source_text(SpacingSource::Unknown)),
            Some(Trust::PixelsOnly)
        );
        assert_eq!(
            of("deg", spacing_source_text(SpacingSource::PixelSpacing)),
            None
        );
        assert_eq!(of("mm", "nobody knows"), None);
    }
}
