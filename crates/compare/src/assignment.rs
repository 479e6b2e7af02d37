//! The cheapest pairing of two lists.

/// Pairs rows with columns so that the sum of costs is smallest; every row and column may stay alone for
/// `alone_cost`. `cost` is `None` where a pair is impossible. Returns the column of each row.
///
/// Shortest augmenting paths (Jonker and Volgenant) on a square matrix with a stand-in for every row and column.
pub(crate) fn assign(
    n_rows: usize,
    n_cols: usize,
    alone_cost: f64,
    cost: impl Fn(usize, usize) -> Option<f64>,
) -> Vec<Option<usize>> {
    let n = n_rows + n_cols;
    if n_rows == 0 || n_cols == 0 {
        return vec![None; n_rows];
    }
    let impossible = 1e6;
    let at = |row: usize, col: usize| match (row < n_rows, col < n_cols) {
        (true, true) => cost(row, col).unwrap_or(impossible),
        (false, false) => 0.0,
        _ => alone_cost,
    };
    // Potentials and matches are 1-based; 0 stands for "none".
    let mut row_potential = vec![0.0; n + 1];
    let mut col_potential = vec![0.0; n + 1];
    let mut row_of_col = vec![0_usize; n + 1];
    for row in 1..=n {
        augment(
            row,
            n,
            &at,
            &mut row_potential,
            &mut col_potential,
            &mut row_of_col,
        );
    }
    let mut col_of_row = vec![None; n_rows];
    for (col, row) in row_of_col.iter().enumerate().skip(1).take(n_cols) {
        if let Some(slot) = row.checked_sub(1).and_then(|row| col_of_row.get_mut(row)) {
            *slot = Some(col - 1);
        }
    }
    for (row, slot) in col_of_row.iter_mut().enumerate() {
        *slot = slot.filter(|col| cost(row, *col).is_some());
    }
    col_of_row
}

/// Extends the matching by one row along a shortest path.
#[expect(
    clippy::indexing_slicing,
    reason = "all indices are at most n and all lists have n + 1 places"
)]
fn augment(
    row: usize,
    n: usize,
    cost: &impl Fn(usize, usize) -> f64,
    row_potential: &mut [f64],
    col_potential: &mut [f64],
    row_of_col: &mut [usize],
) {
    row_of_col[0] = row;
    let mut shortest = vec![f64::INFINITY; n + 1];
    let mut previous = vec![0_usize; n + 1];
    let mut done = vec![false; n + 1];
    let mut col = 0;
    loop {
        done[col] = true;
        let from_row = row_of_col[col];
        let mut step = f64::INFINITY;
        let mut next = 0;
        for to in 1..=n {
            if done[to] {
                continue;
            }
            let reduced = cost(from_row - 1, to - 1) - row_potential[from_row] - col_potential[to];
            if reduced < shortest[to] {
                shortest[to] = reduced;
                previous[to] = col;
            }
            if shortest[to] < step {
                step = shortest[to];
                next = to;
            }
        }
        for to in 0..=n {
            if done[to] {
                row_potential[row_of_col[to]] += step;
                col_potential[to] -= step;
            } else {
                shortest[to] -= step;
            }
        }
        col = next;
        if row_of_col[col] == 0 {
            break;
        }
    }
    while col != 0 {
        let from = previous[col];
        row_of_col[col] = row_of_col[from];
        col = from;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::assign;

    fn total(costs: &[Vec<f64>], alone: f64, pairs: &[Option<usize>]) -> f64 {
        let n_cols = costs.first().map_or(0, Vec::len);
        let n_paired = pairs.iter().flatten().count();
        let paired: f64 = pairs
            .iter()
            .enumerate()
            .filter_map(|(row, col)| col.map(|col| costs[row][col]))
            .sum();
        paired + alone * (costs.len() + n_cols - 2 * n_paired) as f64
    }

    /// The smallest total by trying everything.
    fn best(costs: &[Vec<f64>], alone: f64, row: usize, used: &mut Vec<Option<usize>>) -> f64 {
        if row == costs.len() {
            return total(costs, alone, used);
        }
        used.push(None);
        let mut least = best(costs, alone, row + 1, used);
        used.pop();
        for col in 0..costs[0].len() {
            if !used.contains(&Some(col)) {
                used.push(Some(col));
                least = least.min(best(costs, alone, row + 1, used));
                used.pop();
            }
        }
        least
    }

    #[test]
    fn pairing_is_as_cheap_as_the_best_of_all() {
        let mut state = 7_u64;
        let mut random = move || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / (1_u64 << 24) as f64
        };
        for (n_rows, n_cols) in [(1, 1), (2, 3), (4, 4), (5, 3), (3, 5)] {
            for _ in 0..40 {
                let costs: Vec<Vec<f64>> = (0..n_rows)
                    .map(|_| (0..n_cols).map(|_| random() * 1.4).collect())
                    .collect();
                let pairs = assign(n_rows, n_cols, 0.5, |row, col| Some(costs[row][col]));
                let least = best(&costs, 0.5, 0, &mut Vec::new());
                assert!((total(&costs, 0.5, &pairs) - least).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn impossible_pairs_are_never_made() {
        assert_eq!(
            assign(2, 2, 0.5, |row, col| (row == col).then_some(0.9)),
            [Some(0), Some(1)]
        );
        assert_eq!(assign(1, 1, 0.5, |_, _| None), [None]);
        assert_eq!(assign(1, 1, 0.5, |_, _| Some(1.2)), [None]);
        assert_eq!(assign(0, 3, 0.5, |_, _| None), []);
    }
}
