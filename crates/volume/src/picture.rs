/// A rectangle of modality values, row by row from the top left; NaN outside the volume and in holes, −∞ in padding.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width · height` modality values.
    pub values: Vec<f32>,
}

impl Picture {
    /// The value of a pixel; `None` beyond the picture, and where there is no value.
    pub fn value(&self, column_idx: usize, row_idx: usize) -> Option<f32> {
        if self.width <= column_idx || self.height <= row_idx {
            return None;
        }
        self.values
            .get(row_idx * self.width + column_idx)
            .copied()
            .filter(|v| !v.is_nan() && *v != f32::NEG_INFINITY)
    }

    /// Number of pixels that have a value.
    pub fn n_valued(&self) -> usize {
        let has_value = |v: &&f32| !v.is_nan() && **v != f32::NEG_INFINITY;
        self.values.iter().filter(has_value).count()
    }
}

/// A rectangle of colours, row by row from the top left: red, green, blue, and alpha 255, or 0 where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColourPicture {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// `width · height` colours.
    pub values: Vec<[u8; 4]>,
}

impl ColourPicture {
    /// The colour of a pixel; `None` beyond the picture, and where there is none.
    pub fn value(&self, column_idx: usize, row_idx: usize) -> Option<[u8; 3]> {
        if self.width <= column_idx || self.height <= row_idx {
            return None;
        }
        match self.values.get(row_idx * self.width + column_idx) {
            Some([r, g, b, 255]) => Some([*r, *g, *b]),
            _ => None,
        }
    }
}
