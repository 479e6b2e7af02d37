use crate::cine::Play;
use crate::hanging::Align;
use crate::lighting::Lighting;
use crate::windowing::WindowFrom;
use case::Shown;
use serde::{Deserialize, Serialize};
use space::{Grid, Orientation, PatientPoint, PatientVector, PlaneFrame, ViewPlane};
use volume::{ColourMap, GeometryKind, Placement, Presentation, Slab, SlabMode, Voi, Volume};

/// Which view of the layout, 0-based, row by row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ViewIdx(pub usize);

/// A volume of an opened study: Series Instance UID and the volume's number within it, 0-based.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VolumeKey {
    /// Series Instance UID.
    pub series_instance_uid: String,
    /// Number of the volume within the series, 0-based.
    pub volume_idx: usize,
}

impl VolumeKey {
    /// The name under which the record keeps what was seen of it: the Series Instance UID, with `#2` and so on behind it
    /// for the further volumes of a series, so that one never counts for another.
    pub fn coverage_name(&self) -> String {
        match self.volume_idx {
            0 => self.series_instance_uid.clone(),
            idx => format!("{}#{}", self.series_instance_uid, idx + 1),
        }
    }
}

/// The tool of the left mouse button.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tool {
    /// Width and centre.
    Window,
    /// Move the picture.
    Pan,
    /// Magnify.
    Zoom,
    /// Scroll through slices.
    Scroll,
    /// Put the crosshair.
    Crosshair,
    /// Measure a distance.
    Length,
    /// Measure the way through places.
    Polyline,
    /// Measure an angle.
    Angle,
    /// Measure the angle between two lines, each in its own direction.
    OpenAngle,
    /// Measure two diameters at right angles.
    Bidirectional,
    /// Measure the angle between two lines.
    CobbAngle,
    /// Measure the widths of heart and thorax.
    CardiothoracicRatio,
    /// Measure a region.
    Ellipse,
    /// Measure a region with right angles.
    Rectangle,
    /// Measure a region through corners.
    Polygon,
    /// Measure a region drawn by hand.
    Freehand,
    /// Measure a body grown from the values in an outline.
    GrownBody,
    /// Measure a body between outlines on several slices.
    ContourBody,
    /// Point at something with words.
    Arrow,
    /// Write words at a place.
    Text,
    /// Label the levels of the spine.
    SpineLabel,
    /// Read a value.
    Probe,
    /// Say how long something is.
    Calibration,
    /// Hold a lens over the picture.
    Magnifier,
    /// Window the values of a box that is drawn.
    WindowBox,
}

/// What decides which views there are and what they show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LayoutKind {
    /// One stack.
    One,
    /// Axial, coronal, sagittal and a MIP.
    Mpr,
    /// One large, two small: axial over coronal and MIP.
    OneAndTwo,
    /// Current study beside the prior.
    WithPrior,
    /// Cells that the reader chose and fills.
    Cells,
    /// A hanging protocol.
    Hung,
}

/// What a view shows of its volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ViewKind {
    /// The slices as they were stored, one by one.
    Stack,
    /// Axial plane through the crosshair.
    Axial,
    /// Coronal plane through the crosshair.
    Coronal,
    /// Sagittal plane through the crosshair.
    Sagittal,
    /// Maximum intensity projection of the whole volume, at first from the front.
    Mip,
    /// Light through the whole volume, at first from the front.
    Rendering,
}

impl ViewKind {
    /// Does it need a volume that planes may be cut through?
    pub fn needs_planes(self) -> bool {
        self != Self::Stack
    }

    /// Is it a picture of the whole volume? It has no depth to measure in, and no slice of its own.
    pub fn is_projection(self) -> bool {
        match self {
            Self::Mip | Self::Rendering => true,
            Self::Stack | Self::Axial | Self::Coronal | Self::Sagittal => false,
        }
    }
}

/// One view: where the reader looks. Presentation and the draw call are other things.
#[derive(Clone, Debug)]
pub struct View {
    /// What it shows.
    pub volume: Option<VolumeKey>,
    /// How it cuts.
    pub kind: ViewKind,
    /// Slice of a stack, 0-based in geometric order.
    pub slice_idx: usize,
    /// Magnification relative to fit.
    pub zoom: f64,
    /// Place of the middle of the picture within its plane; `None`: the middle of the volume.
    pub centre: Option<PatientPoint>,
    /// Directions after flips and turns; `None`: those of the kind.
    pub turned: Option<PlaneFrame>,
    /// Size on screen, pixels.
    pub size_px: [usize; 2],
    /// Window or table, invert; `None`: the default of the volume.
    pub presentation: Option<Presentation>,
    /// Name of the preset in use, if one is.
    pub preset: Option<u8>,
    /// Slab mode; `None` is off.
    pub slab: Option<SlabMode>,
    /// Thickness of the slab, mm.
    pub slab_mm: f64,
    /// Where the window came from; `None`: the default of the volume, or the preset.
    pub window_from: Option<WindowFrom>,
    /// What the grey levels are shown in.
    pub colours: ColourMap,
    /// Is cine running? A projection turns about the body axis instead.
    pub cine: bool,
    /// How it plays.
    pub play: Play,
    /// How a rendering is lit and cut.
    pub lighting: Lighting,
    /// Where the picture touches the view while it was not moved.
    pub align: Align,
    /// The fit that it shares with other views, mm per screen pixel at zoom 1; `None`: its own.
    pub shared_fit: Option<SharedFit>,
}

/// A scale that several views have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SharedFit {
    /// Asked for; not yet known.
    Wanted,
    /// Screen pixels of this many mm at zoom 1.
    MmPerPixel(f64),
}

impl View {
    /// A view that shows nothing yet.
    pub fn empty(kind: ViewKind) -> Self {
        Self {
            volume: None,
            kind,
            slice_idx: 0,
            zoom: 1.0,
            centre: None,
            turned: None,
            size_px: [512, 512],
            presentation: None,
            preset: None,
            slab: None,
            slab_mm: 5.0,
            window_from: None,
            colours: ColourMap::Grey,
            cine: false,
            play: Play::default(),
            lighting: Lighting::default(),
            align: Align::Middle,
            shared_fit: None,
        }
    }

    /// Directions of the picture on screen.
    pub fn frame(&self, volume: &Volume) -> PlaneFrame {
        self.turned
            .unwrap_or_else(|| natural_frame(self.kind, &volume.grid))
    }

    /// The plane of the picture on screen, pixel by pixel.
    pub fn plane(&self, volume: &Volume, cursor: PatientPoint) -> ViewPlane {
        let frame = self.frame(volume);
        let through = self.through(volume, cursor);
        let mm_per_pixel = self.mm_per_pixel(volume);
        let middle = self
            .centre
            .unwrap_or_else(|| self.aligned_centre(volume, &frame, mm_per_pixel));
        let centre = middle + frame.away * (through - middle).dot(frame.away);
        ViewPlane {
            centre,
            frame,
            mm_per_pixel,
            size_px: self.size_px,
        }
    }

    /// The middle of the picture that touches the edge it is aligned with.
    fn aligned_centre(
        &self,
        volume: &Volume,
        frame: &PlaneFrame,
        mm_per_pixel: f64,
    ) -> PatientPoint {
        let centre = volume.grid.centre();
        let in_plane = in_plane_grid(self.kind, volume);
        let half_image_mm = in_plane.extent_mm(frame.right()) / 2.0;
        let half_view_mm = self.size_px[0] as f64 * mm_per_pixel / 2.0;
        match self.align {
            Align::Middle => centre,
            Align::Left => centre + frame.right() * (half_view_mm - half_image_mm),
            Align::Right => centre - frame.right() * (half_view_mm - half_image_mm),
        }
    }

    /// Scale of the picture, mm per screen pixel.
    pub fn mm_per_pixel(&self, volume: &Volume) -> f64 {
        let fit = match self.shared_fit {
            Some(SharedFit::MmPerPixel(fit)) => fit,
            Some(SharedFit::Wanted) | None => self.own_fit(volume),
        };
        // A margin of 2 % keeps the outline of the body off the edge.
        1.02 * fit / self.zoom
    }

    /// The scale at which all of the volume is seen, mm per screen pixel.
    pub(crate) fn own_fit(&self, volume: &Volume) -> f64 {
        let grid = in_plane_grid(self.kind, volume);
        if self.kind.is_projection() {
            return turned_fit(&grid, &self.frame(volume), self.size_px);
        }
        let frame = crate::oblique::fitted_frame(self, volume);
        ViewPlane::fit_mm_per_pixel(&grid, &frame, self.size_px)
    }

    /// A place that the plane goes through.
    fn through(&self, volume: &Volume, cursor: PatientPoint) -> PatientPoint {
        match self.kind {
            ViewKind::Stack => {
                let [columns, rows, _] = volume.grid.size.map(|n| (n.max(1) - 1) as f64 / 2.0);
                volume.grid.patient([columns, rows, self.slice_idx as f64])
            }
            ViewKind::Axial | ViewKind::Coronal | ViewKind::Sagittal => cursor,
            ViewKind::Mip | ViewKind::Rendering => volume.grid.centre(),
        }
    }

    /// The slab to draw with.
    pub fn slab(&self, volume: &Volume) -> Option<Slab> {
        if self.kind == ViewKind::Mip {
            let thickness_mm = volume.grid.extent_mm(self.frame(volume).away);
            return Some(Slab {
                mode: SlabMode::Mip,
                thickness_mm,
            });
        }
        if self.kind == ViewKind::Rendering {
            return None;
        }
        self.slab.map(|mode| Slab {
            mode,
            thickness_mm: self.slab_mm,
        })
    }

    /// How the picture is shown, for marks and key images.
    pub fn shown(
        &self,
        volume: &Volume,
        cursor: PatientPoint,
        presentation: &Presentation,
    ) -> Shown {
        let plane = self.plane(volume, cursor);
        let (window_center, window_width) = match presentation.voi {
            Voi::Window { center, width, .. } => (Some(center), Some(width)),
            Voi::Table { .. } => (None, None),
        };
        Shown {
            centre: plane.centre,
            frame: plane.frame,
            mm_per_pixel: plane.mm_per_pixel,
            window_center,
            window_width,
        }
    }

    /// Back to fit, default window, no flip, no slab.
    pub fn reset(&mut self) {
        let fresh = Self::empty(self.kind);
        *self = Self {
            volume: self.volume.clone(),
            slice_idx: self.slice_idx,
            size_px: self.size_px,
            align: self.align,
            shared_fit: self.shared_fit,
            ..fresh
        };
    }
}

/// The directions of a kind of view: patient directions where the place is known, else those of the slices.
pub fn natural_frame(kind: ViewKind, grid: &Grid) -> PlaneFrame {
    match kind {
        ViewKind::Stack => PlaneFrame::native(grid).unwrap_or_else(|| Orientation::Axial.frame()),
        ViewKind::Axial => Orientation::Axial.frame(),
        ViewKind::Coronal | ViewKind::Mip | ViewKind::Rendering => Orientation::Coronal.frame(),
        ViewKind::Sagittal => Orientation::Sagittal.frame(),
    }
}

/// Can planes be cut through this volume?
pub fn may_reslice(volume: &Volume) -> bool {
    volume.kind == GeometryKind::Volume
        && volume.placed == Placement::InPatient
        && 1 < volume.grid.size[2]
}

/// The scale at which nothing of a grid is cut off, however far it is turned about the body axis: it is the same from every
/// side, so that nothing grows or shrinks while it turns, and changes only as it is tilted.
fn turned_fit(grid: &Grid, frame: &PlaneFrame, size_px: [usize; 2]) -> f64 {
    let centre = grid.centre();
    let (mut radius_mm, mut half_height_mm) = (0.0_f64, 0.0_f64);
    for corner in grid.corners() {
        let [x, y, z] = (corner - centre).to_array();
        radius_mm = radius_mm.max(x.hypot(y));
        half_height_mm = half_height_mm.max(z.abs());
    }
    // What is turned fills an upright cylinder.
    let extent_mm = |along: PatientVector| {
        let [x, y, z] = along.to_array();
        2.0 * (radius_mm * x.hypot(y) + half_height_mm * z.abs())
    };
    let [width, height] = size_px.map(|n| n.max(1) as f64);
    (extent_mm(frame.right()) / width).max(extent_mm(frame.up) / height)
}

/// The grid that a picture must fit: one slice for a stack, all for a plane.
fn in_plane_grid(kind: ViewKind, volume: &Volume) -> Grid {
    match kind {
        ViewKind::Stack => Grid {
            size: [volume.grid.size[0], volume.grid.size[1], 1],
            ..volume.grid
        },
        ViewKind::Axial
        | ViewKind::Coronal
        | ViewKind::Sagittal
        | ViewKind::Mip
        | ViewKind::Rendering => volume.grid,
    }
}
