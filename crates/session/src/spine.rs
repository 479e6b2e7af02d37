use case::Vertebra;

/// What the spine tool labels next, and which way it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpineLabels {
    /// The level of the next press.
    pub next: Vertebra,
    /// Which way the levels after it go.
    pub order: SpineOrder,
}

/// Which way the levels of the spine are labelled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SpineOrder {
    /// From the head down.
    #[default]
    Down,
    /// From the sacrum up.
    Up,
}

impl SpineLabels {
    /// What comes after a level was labelled; the last one stays.
    pub fn after(self, labelled: Vertebra) -> Self {
        let next = match self.order {
            SpineOrder::Down => labelled.below(),
            SpineOrder::Up => labelled.above(),
        };
        Self {
            next: next.unwrap_or(labelled),
            ..self
        }
    }
}
