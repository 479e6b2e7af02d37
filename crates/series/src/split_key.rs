use std::cmp::Ordering;
use std::sync::Arc;

/// What can tell frames at one place apart, in the order in which it is tried: what the frames *are* comes before when
/// they were made, because times differ for many reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SplitBy {
    Segment,
    BValue,
    GradientDirection,
    EchoTime,
    EchoNumber,
    Component,
    InversionTime,
    FlipAngle,
    CardiacPhase,
    RespiratoryPhase,
    ContrastPhase,
    TemporalPosition,
    EnergyWindow,
    Detector,
    RrInterval,
    TimeSlot,
    TimeSlice,
    TriggerTime,
    FrameReferenceTime,
    Kernel,
    TubeVoltage,
    Coil,
    ImageType,
    AcquisitionNumber,
    AcquisitionTime,
    ContentTime,
}

impl SplitBy {
    pub(crate) const ALL: [Self; 26] = [
        Self::Segment,
        Self::BValue,
        Self::GradientDirection,
        Self::EchoTime,
        Self::EchoNumber,
        Self::Component,
        Self::InversionTime,
        Self::FlipAngle,
        Self::CardiacPhase,
        Self::RespiratoryPhase,
        Self::ContrastPhase,
        Self::TemporalPosition,
        Self::EnergyWindow,
        Self::Detector,
        Self::RrInterval,
        Self::TimeSlot,
        Self::TimeSlice,
        Self::TriggerTime,
        Self::FrameReferenceTime,
        Self::Kernel,
        Self::TubeVoltage,
        Self::Coil,
        Self::ImageType,
        Self::AcquisitionNumber,
        Self::AcquisitionTime,
        Self::ContentTime,
    ];

    /// Frames that differ in this are never of one volume, wherever they lie: their values mean different things.
    pub(crate) fn always_splits(self) -> bool {
        matches!(self, Self::Segment | Self::Component)
    }

    /// What the thumbnail says of one of `n` parts; `nth` counts from 1.
    pub(crate) fn label(self, value: &KeyValue, nth: usize, n: usize) -> String {
        let of = |name: &str| format!("{name} {nth} of {n}");
        let (number, text) = match value {
            // The others have this attribute and these do not.
            KeyValue::Absent => return format!("{} not stated", self.name()),
            KeyValue::Number(number) => (shown(*number), ""),
            KeyValue::Text(text) => (String::new(), text.as_ref()),
        };
        match self {
            Self::Segment => format!("segment {text}"),
            Self::BValue => format!("b = {number} s/mm²"),
            Self::GradientDirection => format!("{} · {text}", of("gradient direction")),
            Self::EchoTime => format!("{} · TE {number} ms", of("echo")),
            Self::EchoNumber => of("echo"),
            Self::Component => format!("{text} image"),
            Self::InversionTime => format!("TI = {number} ms"),
            Self::FlipAngle => format!("flip angle {number}°"),
            Self::CardiacPhase => format!("{} · {number} % of the cycle", of("cardiac phase")),
            Self::RespiratoryPhase => {
                format!("{} · {number} % of the cycle", of("respiratory phase"))
            }
            Self::ContrastPhase => format!("contrast phase {text}"),
            Self::TriggerTime => format!("{} · {number} ms", of("trigger time")),
            Self::FrameReferenceTime => format!("{} · {number} ms", of("time")),
            Self::Kernel => format!("kernel {text}"),
            Self::TubeVoltage => format!("{number} kV"),
            Self::Coil => format!("coil {text}"),
            Self::ImageType => format!("{} · {text}", of("image type")),
            Self::TemporalPosition
            | Self::EnergyWindow
            | Self::Detector
            | Self::RrInterval
            | Self::TimeSlot
            | Self::TimeSlice
            | Self::AcquisitionNumber
            | Self::AcquisitionTime
            | Self::ContentTime => of(self.name()),
        }
    }

    /// The attribute in the reader's words.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Segment => "segment",
            Self::BValue => "b-value",
            Self::GradientDirection => "gradient direction",
            Self::EchoTime => "echo time",
            Self::EchoNumber => "echo",
            Self::Component => "component",
            Self::InversionTime => "inversion time",
            Self::FlipAngle => "flip angle",
            Self::CardiacPhase => "cardiac phase",
            Self::RespiratoryPhase => "respiratory phase",
            Self::ContrastPhase => "contrast phase",
            Self::TemporalPosition => "temporal position",
            Self::EnergyWindow => "energy window",
            Self::Detector => "detector",
            Self::RrInterval => "R-R interval",
            Self::TimeSlot => "time slot",
            Self::TimeSlice => "time slice",
            Self::TriggerTime => "trigger time",
            Self::FrameReferenceTime => "frame time",
            Self::Kernel => "kernel",
            Self::TubeVoltage => "tube voltage",
            Self::Coil => "coil",
            Self::ImageType => "image type",
            Self::AcquisitionNumber => "acquisition",
            Self::AcquisitionTime => "acquisition time",
            Self::ContentTime => "content time",
        }
    }
}

/// A number with the digits that mean something.
fn shown(number: f64) -> String {
    let text = format!("{number:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The value of one attribute in one frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum KeyValue {
    #[default]
    Absent,
    /// Finite.
    Number(f64),
    Text(Arc<str>),
}

impl KeyValue {
    pub(crate) fn number(value: Option<f64>) -> Self {
        // Writers round one time or angle differently from file to file; a ten-thousandth is no difference.
        value
            .filter(|v| v.is_finite())
            .map_or(Self::Absent, |v| Self::Number((v * 1e4).round() / 1e4))
    }

    pub(crate) fn text(value: Option<String>) -> Self {
        value.map_or(Self::Absent, |v| Self::Text(Arc::from(v)))
    }

    /// A total order: numbers by value, then texts, then what is absent.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        let rank = |value: &Self| match value {
            Self::Number(_) => 0,
            Self::Text(_) => 1,
            Self::Absent => 2,
        };
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => a.total_cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

/// What tells a frame apart from others at its place. Frames of one object that agree share it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct SplitKeys {
    /// The attributes that are there.
    pub(crate) values: Vec<(SplitBy, KeyValue)>,
    /// Stack ID (0020,9056).
    pub(crate) stack: Option<Arc<str>>,
    /// Dimension Index Values (0020,9157); empty where the object has none.
    pub(crate) dimension_values: Vec<u32>,
}

impl SplitKeys {
    pub(crate) fn set(&mut self, by: SplitBy, value: KeyValue) {
        if value != KeyValue::Absent {
            self.values.push((by, value));
        }
    }

    pub(crate) fn get(&self, by: SplitBy) -> &KeyValue {
        const ABSENT: &KeyValue = &KeyValue::Absent;
        self.values
            .iter()
            .find(|(other, _)| *other == by)
            .map_or(ABSENT, |(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_names_the_attribute_its_value_and_its_unit() {
        let number = |v| KeyValue::number(Some(v));
        let text = |v: &str| KeyValue::text(Some(v.to_owned()));
        for (by, value, want) in [
            (SplitBy::BValue, number(800.0), "b = 800 s/mm²"),
            (SplitBy::EchoTime, number(92.0), "echo 2 of 3 · TE 92 ms"),
            (SplitBy::EchoTime, number(2.46), "echo 2 of 3 · TE 2.46 ms"),
            (SplitBy::FlipAngle, number(15.0), "flip angle 15°"),
            (SplitBy::InversionTime, number(150.5), "TI = 150.5 ms"),
            (SplitBy::Component, text("phase"), "phase image"),
            (SplitBy::Segment, text("2 · Liver"), "segment 2 · Liver"),
            (SplitBy::Kernel, text("B70f"), "kernel B70f"),
            (SplitBy::TubeVoltage, number(80.0), "80 kV"),
            (
                SplitBy::TemporalPosition,
                number(7.0),
                "temporal position 2 of 3",
            ),
            (SplitBy::BValue, KeyValue::Absent, "b-value not stated"),
        ] {
            assert_eq!(by.label(&value, 2, 3), want);
        }
    }

    #[test]
    fn values_have_one_order_with_the_absent_last() {
        let mut all = [
            KeyValue::Absent,
            KeyValue::text(Some("a".into())),
            KeyValue::number(Some(-2.0)),
            KeyValue::number(Some(-10.0)),
        ];
        all.sort_by(KeyValue::order);
        assert_eq!(
            all,
            [
                KeyValue::Number(-10.0),
                KeyValue::Number(-2.0),
                KeyValue::Text("a".into()),
                KeyValue::Absent
            ]
        );
        assert_eq!(KeyValue::number(Some(f64::NAN)), KeyValue::Absent);
    }
}
