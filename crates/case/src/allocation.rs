//! Who reads which case, so that nobody has more to do than they must.

use std::collections::VecDeque;

use crate::Chance;

/// Gives each case to one of those who may read it, by their places in `load`; `None` where nobody may.
///
/// `load` is what each has to do already. The result is as even as what people may read allows: no case can be passed on,
/// directly or through others, from somebody to another who would still have less. Ties are broken by chance.
pub fn allocate(may_read: &[Vec<usize>], load: &[u32], chance: &mut Chance) -> Vec<Option<usize>> {
    let mut order: Vec<usize> = (0..may_read.len()).collect();
    order = chance.some_of(&order, order.len());
    order.sort_by_key(|case_idx| may_read.get(*case_idx).map_or(0, Vec::len));
    let mut given: Vec<Option<usize>> = vec![None; may_read.len()];
    let mut load = load.to_vec();
    for case_idx in order {
        let readers = may_read.get(case_idx).map_or(&[][..], Vec::as_slice);
        let known = readers.iter().copied().filter(|r| *r < load.len());
        let shuffled = chance.some_of(&known.collect::<Vec<_>>(), usize::MAX);
        let least = shuffled.into_iter().min_by_key(|reader| load[*reader]);
        if let Some(reader) = least {
            given[case_idx] = Some(reader);
            load[reader] += 1;
        }
    }
    while let Some(path) = uneven_path(may_read, &given, &load) {
        pass_on(&mut given, &mut load, &path);
    }
    given
}

/// A case and who gets it from whoever has it.
type Step = (usize, usize);

/// Steps by which a case goes from somebody to another who has at least two fewer.
fn uneven_path(
    may_read: &[Vec<usize>],
    given: &[Option<usize>],
    load: &[u32],
) -> Option<Vec<Step>> {
    let mut from: Vec<usize> = (0..load.len()).collect();
    from.sort_by_key(|reader| std::cmp::Reverse(load[*reader]));
    from.into_iter()
        .find_map(|reader| path_from(reader, may_read, given, load))
}

fn path_from(
    start: usize,
    may_read: &[Vec<usize>],
    given: &[Option<usize>],
    load: &[u32],
) -> Option<Vec<Step>> {
    let mut came_by: Vec<Option<(usize, Step)>> = vec![None; load.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(reader) = queue.pop_front() {
        for (case_idx, readers) in may_read.iter().enumerate() {
            if given[case_idx] != Some(reader) {
                continue;
            }
            for &next in readers.iter().filter(|next| **next < load.len()) {
                if next == start || came_by[next].is_some() {
                    continue;
                }
                came_by[next] = Some((reader, (case_idx, next)));
                if load[next] + 2 <= load[start] {
                    return Some(walk_back(&came_by, next));
                }
                queue.push_back(next);
            }
        }
    }
    None
}

fn walk_back(came_by: &[Option<(usize, Step)>], end: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut at = end;
    while let Some((before, step)) = came_by[at] {
        steps.push(step);
        at = before;
    }
    steps
}

fn pass_on(given: &mut [Option<usize>], load: &mut [u32], path: &[Step]) {
    for &(case_idx, reader) in path {
        if let Some(before) = given[case_idx].replace(reader) {
            load[before] -= 1;
        }
        load[reader] += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The least sum of squares over every way to give the cases away.
    fn best(may_read: &[Vec<usize>], load: &[u32]) -> u32 {
        let mut ways = vec![load.to_vec()];
        for readers in may_read.iter().filter(|readers| !readers.is_empty()) {
            let with = |way: &Vec<u32>, reader: &usize| {
                let mut way = way.clone();
                way[*reader] += 1;
                way
            };
            ways = ways
                .iter()
                .flat_map(|way| readers.iter().map(move |reader| with(way, reader)))
                .collect();
            ways.sort();
            ways.dedup();
        }
        ways.iter().map(|way| squares(way)).min().unwrap_or(0)
    }

    fn squares(load: &[u32]) -> u32 {
        load.iter().map(|n| n * n).sum()
    }

    #[test]
    fn the_work_is_as_even_as_what_people_may_read_allows() {
        let mut chance = Chance::new(11);
        for round in 0..300 {
            let n_readers = 1 + chance.below(4) as usize;
            let load: Vec<u32> = (0..n_readers).map(|_| chance.below(4) as u32).collect();
            let may_read: Vec<Vec<usize>> = (0..chance.below(9))
                .map(|_| (0..n_readers).filter(|_| chance.below(2) == 1).collect())
                .collect();
            let given = allocate(&may_read, &load, &mut Chance::new(round));
            let mut after = load.clone();
            for (readers, reader) in may_read.iter().zip(&given) {
                assert_eq!(reader.is_none(), readers.is_empty());
                if let Some(reader) = reader {
                    assert!(readers.contains(reader));
                    after[*reader] += 1;
                }
            }
            let found = squares(&after);
            assert_eq!(found, best(&may_read, &load), "{may_read:?} {load:?}");
        }
    }

    #[test]
    fn who_ties_is_drawn() {
        let may_read = vec![vec![0, 1]];
        let first = (0..400)
            .filter(|seed| allocate(&may_read, &[0, 0], &mut Chance::new(*seed)) == [Some(0)])
            .count();
        assert!((150..250).contains(&first), "{first}");
    }
}
