//! Tag trees (ISO/IEC 15444-1 B.10.2).

use super::packet_bits::PacketBits;

/// A tree of minima over a rectangle of numbers, as far as it has been read.
pub(super) struct TagTree {
    /// From the leaves to the root: nodes of a row and where the level starts.
    levels: Vec<(usize, usize)>,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// The number is at least this.
    at_least: u32,
    /// It is exactly this.
    is_known: bool,
}

impl TagTree {
    /// A tree of which nothing has been read.
    pub(super) fn new(width: usize, height: usize) -> Self {
        let mut levels = Vec::new();
        let (mut w, mut h, mut n_nodes) = (width, height, 0);
        while 0 < w * h {
            levels.push((w, n_nodes));
            n_nodes += w * h;
            if w * h == 1 {
                break;
            }
            (w, h) = (w.div_ceil(2), h.div_ceil(2));
        }
        Self {
            levels,
            nodes: vec![Node::default(); n_nodes],
        }
    }

    /// Reads until it is known whether the number of a leaf is below `bound`; gives it if so.
    pub(super) fn read_below(
        &mut self,
        bits: &mut PacketBits<'_>,
        x: usize,
        y: usize,
        bound: u32,
    ) -> Result<Option<u32>, &'static str> {
        let mut at_least = 0;
        let mut is_known = false;
        for (depth, (width, start)) in self.levels.iter().enumerate().rev() {
            let at = start + (y >> depth) * width + (x >> depth);
            let Some(node) = self.nodes.get_mut(at) else {
                return Err("a code block lies outside its precinct");
            };
            node.at_least = node.at_least.max(at_least);
            while node.at_least < bound && !node.is_known {
                if bits.bit()? == 1 {
                    node.is_known = true;
                } else {
                    node.at_least += 1;
                }
            }
            at_least = node.at_least;
            is_known = node.is_known;
        }
        Ok((is_known && at_least < bound).then_some(at_least))
    }
}
