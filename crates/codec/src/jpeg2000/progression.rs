//! The order of packets (ISO/IEC 15444-1 B.12).

use super::code_stream::Tile;
use super::coding::{ProgressionOrder, ProgressionVolume};
use super::geometry::Rect;
use super::grid::Component;
use super::tile::TileComponent;

/// A precinct's place in the tile, with what the orders sort by.
#[derive(Clone, Copy)]
pub(super) struct PrecinctKey {
    pub component: u32,
    pub resolution: u32,
    /// Counted in raster order.
    pub precinct: u32,
    /// Where on the reference grid the loops over places come to it.
    x: u64,
    y: u64,
}

/// Packets with an order of their own.
pub(super) struct PacketVolume {
    order: ProgressionOrder,
    precincts: Vec<PrecinctKey>,
    /// Layers that it reaches to.
    pub n_layers: u32,
}

impl PacketVolume {
    /// Precincts that follow each other within each layer: of every run come all layers before the next one.
    pub(super) fn runs(&self) -> impl Iterator<Item = &[PrecinctKey]> {
        self.precincts.chunk_by(|a, b| match self.order {
            ProgressionOrder::Lrcp => true,
            ProgressionOrder::Rlcp => a.resolution == b.resolution,
            ProgressionOrder::Rpcl | ProgressionOrder::Pcrl | ProgressionOrder::Cprl => false,
        })
    }
}

/// All packets of a tile in their order.
///
/// A layer of a precinct may come up in several volumes; only its first packet exists.
pub(super) fn packet_volumes(
    tile: &Tile<'_>,
    laid: &[TileComponent],
    components: &[Component],
) -> impl Iterator<Item = PacketVolume> + use<> {
    let n_layers = tile.coding.n_layers;
    let whole = ProgressionVolume {
        order: tile.coding.order,
        first_resolution: 0,
        end_resolution: u32::MAX,
        first_component: 0,
        end_component: u32::MAX,
        end_layer: n_layers,
    };
    let volumes = match tile.volumes.as_slice() {
        [] => vec![whole],
        some => some.to_vec(),
    };
    let all = keys(&tile.rect, laid, components);
    volumes
        .into_iter()
        .map(move |volume| packets_of(&volume, &all, n_layers))
}

fn keys(tile: &Rect, laid: &[TileComponent], components: &[Component]) -> Vec<PrecinctKey> {
    let mut keys = Vec::new();
    for (c, (laid, component)) in laid.iter().zip(components).enumerate() {
        for (r, resolution) in laid.resolutions.iter().enumerate() {
            let n_down = (laid.resolutions.len() - 1 - r) as u32;
            // The first precinct of a row or column may start outside the tile: the loops meet it at the edge.
            let place = |from: u32, exponent: u32, n: usize, distance: u32, edge: u32| {
                let precinct = u64::from(from >> exponent) + n as u64;
                let at = precinct.saturating_mul(1 << (exponent + n_down));
                at.saturating_mul(u64::from(distance)).max(u64::from(edge))
            };
            let (width_exponent, height_exponent) = resolution.precinct_exponents;
            let (dx, dy) = component.distance;
            for row in 0..resolution.n_rows {
                let y = place(resolution.rect.y0, height_exponent, row, dy, tile.y0);
                for column in 0..resolution.n_columns {
                    keys.push(PrecinctKey {
                        component: c as u32,
                        resolution: r as u32,
                        precinct: (row * resolution.n_columns + column) as u32,
                        x: place(resolution.rect.x0, width_exponent, column, dx, tile.x0),
                        y,
                    });
                }
            }
        }
    }
    keys
}

fn packets_of(volume: &ProgressionVolume, all: &[PrecinctKey], n_layers: u32) -> PacketVolume {
    let mut precincts: Vec<PrecinctKey> = all
        .iter()
        .filter(|k| {
            (volume.first_resolution..volume.end_resolution).contains(&k.resolution)
                && (volume.first_component..volume.end_component).contains(&k.component)
        })
        .copied()
        .collect();
    // The sorts are stable: precincts of a resolution stay in their own order.
    match volume.order {
        ProgressionOrder::Lrcp | ProgressionOrder::Rlcp => {
            precincts.sort_by_key(|k| (k.resolution, k.component));
        }
        ProgressionOrder::Rpcl => precincts.sort_by_key(|k| (k.resolution, k.y, k.x, k.component)),
        ProgressionOrder::Pcrl => precincts.sort_by_key(|k| (k.y, k.x, k.component, k.resolution)),
        ProgressionOrder::Cprl => precincts.sort_by_key(|k| (k.component, k.y, k.x, k.resolution)),
    }
    PacketVolume {
        order: volume.order,
        precincts,
        n_layers: n_layers.min(volume.end_layer),
    }
}
