use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;

use crate::charset::Charset;
use crate::dataset::Node;
use crate::frame::Frames;
use crate::frame_places::FramePlaces;
use crate::frames::frames;
use crate::header_parts::{Given, HeaderParts, Part};
use crate::image_facts::ImageFacts;
use crate::mosaic::Mosaic;
use crate::palette::Palette;
use crate::pixel_format::{FormatProblem, Photometric, PixelFormat, SampleKind};
use crate::prescan::{Note, Parsed};
use crate::refusal::Refusal;
use crate::shared_facts::{SharedFacts, no_identity, uid};
use crate::source::Source;
use crate::stamp::Stamp;
use crate::tags;
use crate::unshown::Unshown;
use crate::value_mapping::Signedness;
use crate::walk::PixelElement;

/// What the header of one object says, in our own words.
///
/// What it shares with others of its series is read as if it were its own.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) source: Source,
    /// What the file system said of the file when its header was read; `None` for an entry of an archive.
    pub(crate) stamp: Option<Stamp>,
    pub(crate) sop_instance_uid: String,
    pub(crate) instance_number: Option<i64>,
    pub(crate) common: Arc<SharedFacts>,
    /// Names of the dimensions that Dimension Index Values count along.
    pub(crate) dimension_names: Arc<[String]>,
    /// Set when the frames are the tiles of one stored picture.
    pub(crate) mosaic: Option<Box<Mosaic>>,
    pub(crate) pixels: Option<Pixels>,
    pub(crate) pixel_problem: Option<Box<FormatProblem>>,
    pub(crate) frames: Frames,
    pub(crate) palette: Option<Arc<Palette>>,
    pub(crate) facts: Arc<ImageFacts>,
    pub(crate) problems: Vec<Problem>,
}

impl Deref for Instance {
    type Target = SharedFacts;

    fn deref(&self) -> &SharedFacts {
        &self.common
    }
}

/// Where and how the pixels lie.
#[derive(Clone, Debug)]
pub(crate) struct Pixels {
    pub(crate) format: PixelFormat,
    pub(crate) element: PixelElement,
    pub(crate) big_endian: bool,
    /// Extended Offset Table (7FE0,0001), bytes from the first fragment to each frame's; empty when not given.
    pub(crate) extended_offsets: Vec<u64>,
    /// Where the compressed frames are, found when the first of them is decoded.
    pub(crate) frame_places: OnceLock<Arc<FramePlaces>>,
}

/// What is odd about an object that opens all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    Note(Note),
    CharsetGuessed,
    OrientationUnusable,
    /// Direction cosines were put right by less than one per cent.
    OrientationAdjusted,
    PositionUnusable,
    /// Fewer functional groups than frames.
    FrameGroupsMissing,
    FrameOffsetsUnusable,
    FrameOffsetsContradict,
    /// The private header that tells how a mosaic is laid out is missing or contradicts itself.
    MosaicPacked,
    PaletteUnusable,
    UidOdd,
    /// Stored bits do not end at High Bit.
    HighBitOdd,
    PixelsCut,
}

/// What a header says of its pixels and of how they are to be shown, frames apart.
#[derive(Debug)]
pub(crate) struct Picture {
    format: Result<PixelFormat, FormatProblem>,
    palette: Option<Arc<Palette>>,
    facts: Arc<ImageFacts>,
    dimension_names: Arc<[String]>,
    high_bit: Option<Problem>,
    others: Vec<Problem>,
}

impl Instance {
    /// Makes sense of a walked header. `parts` is what was made of the one before; see [`HeaderParts::go_on`].
    pub(crate) fn new(
        source: Source,
        parsed: &Parsed,
        content_len: u64,
        parts: &mut HeaderParts,
    ) -> Result<Self, Refusal> {
        let root = parsed.dataset.root();
        let mut problems: Vec<Problem> = parsed.notes.iter().map(|n| Problem::Note(*n)).collect();
        let sop_instance = (tags::SOP_INSTANCE_UID, "SOP Instance UID");
        let sop_instance_uid = uid(root, sop_instance, &mut problems).map_err(no_identity)?;
        let common = Part::get_or_make(&mut parts.common, root, &Given::default(), |_| {
            SharedFacts::read(root, parsed)
        });
        let common = common.as_ref().map_err(|what| no_identity(what))?;
        problems.extend(&common.problems);
        let common = Arc::clone(&common.value);
        if sop_instance_uid.is_empty() && common.sop_class_uid.is_empty() && parsed.pixels.is_none()
        {
            return Err(no_identity(sop_instance.1));
        }
        let is_video = matches!(common.unshown, Some(Unshown::Video { .. }));
        let mut instance = Self {
            sop_instance_uid,
            instance_number: root.integer(tags::INSTANCE_NUMBER).and_then(Result::ok),
            common,
            dimension_names: Arc::default(),
            mosaic: None,
            source,
            stamp: None,
            pixels: None,
            pixel_problem: None,
            frames: Frames::NONE,
            palette: None,
            facts: ImageFacts::none(),
            problems,
        };
        if let Some(element) = parsed.pixels.as_ref().filter(|_| !is_video) {
            instance.read_image(parsed, element, content_len, parts);
        }
        // Said once, and last.
        let n_problems = instance.problems.len();
        instance.problems.retain(|p| *p != Problem::CharsetGuessed);
        if instance.problems.len() < n_problems {
            instance.problems.push(Problem::CharsetGuessed);
        }
        Ok(instance)
    }

    fn read_image(
        &mut self,
        parsed: &Parsed,
        element: &PixelElement,
        content_len: u64,
        parts: &mut HeaderParts,
    ) {
        let root = parsed.dataset.root();
        let mut given = Given {
            common: Some(Arc::clone(&self.common)),
            signedness: None,
        };
        let picture = Part::get_or_make(&mut parts.picture, root, &given, |given| {
            Picture::read(root, element, given.modality())
        });
        let format = match &picture.format {
            Ok(format) => format.clone(),
            Err(problem) => {
                self.pixel_problem = Some(Box::new(problem.clone()));
                return;
            }
        };
        self.problems.extend(picture.high_bit);
        if let Some(len) = element.len
            && content_len < element.offset.saturating_add(u64::from(len))
        {
            self.problems.push(Problem::PixelsCut);
        }
        self.problems.extend(&picture.others);
        self.palette.clone_from(&picture.palette);
        self.facts = Arc::clone(&picture.facts);
        self.dimension_names = Arc::clone(&picture.dimension_names);
        given.signedness = Some(signedness(&format));
        self.frames = frames(root, &given, format.n_frames, parts, &mut self.problems);
        if self.image_type_has("MOSAIC") {
            match Mosaic::unpack(root, &format, &self.frames) {
                Some((mosaic, tiles)) => {
                    self.frames = Frames::Many(tiles);
                    self.mosaic = Some(Box::new(mosaic));
                }
                None => self.problems.push(Problem::MosaicPacked),
            }
        }
        self.pixels = Some(Pixels {
            format,
            element: element.clone(),
            big_endian: parsed.dataset.big_endian,
            extended_offsets: root.u64s(tags::EXTENDED_OFFSET_TABLE),
            frame_places: OnceLock::new(),
        });
    }

    /// Is what both say of patient, study and series one thing in memory, and so the same?
    pub(crate) fn has_facts_of(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.common, &other.common)
    }

    /// By study, then by series.
    pub(crate) fn cmp_series(&self, other: &Self) -> Ordering {
        if self.has_facts_of(other) {
            return Ordering::Equal;
        }
        let by_study = self.study_instance_uid.cmp(&other.study_instance_uid);
        by_study.then_with(|| self.series_instance_uid.cmp(&other.series_instance_uid))
    }

    /// Is it a modality's own picture, and not a screen or chart that it captured?
    pub(crate) fn is_acquired(&self) -> bool {
        !self.sop_class_uid.starts_with("1.2.840.10008.5.1.4.1.1.7")
    }

    /// The values between backslashes of Image Type.
    pub(crate) fn image_type_has(&self, value: &str) -> bool {
        self.image_type.split('\\').any(|v| v.trim() == value)
    }
}

fn signedness(format: &PixelFormat) -> Signedness {
    match format.kind {
        SampleKind::Signed => Signedness::Signed,
        SampleKind::Unsigned | SampleKind::Float => Signedness::Unsigned,
    }
}

impl Picture {
    fn read(root: Node<'_>, element: &PixelElement, modality: &str) -> Self {
        let mut picture = Self {
            format: PixelFormat::read(root, element),
            palette: None,
            facts: Arc::default(),
            dimension_names: Arc::default(),
            high_bit: None,
            others: Vec::new(),
        };
        let Ok(format) = &picture.format else {
            return picture;
        };
        let charset = Charset::of(root);
        if format.high_bit + 1 != format.bits_stored {
            picture.high_bit = Some(Problem::HighBitOdd);
        }
        if format.photometric == Photometric::Palette {
            picture.palette = Palette::read(root, signedness(format)).map(Arc::new);
            if picture.palette.is_none() {
                picture.others.push(Problem::PaletteUnusable);
            }
        }
        let facts = ImageFacts::read(root, &charset, modality, (format, element));
        picture.facts = Arc::new(facts);
        picture.dimension_names = dimension_names(root, &charset).into();
        if charset.guessed() {
            picture.others.push(Problem::CharsetGuessed);
        }
        picture
    }
}

/// Names of the dimensions of an enhanced object (PS3.3 C.7.6.17), in the order of their index values.
fn dimension_names(root: Node<'_>, charset: &Charset) -> Vec<String> {
    let name = |item: Node<'_>| {
        let pointer = item.u16s(tags::DIMENSION_INDEX_POINTER);
        let keyword = pointer.and_then(|p| {
            let tag = Tag(*p.first()?, *p.get(1)?);
            Some(StandardDataDictionary.by_tag(tag)?.alias().to_owned())
        });
        item.text(tags::DIMENSION_DESCRIPTION_LABEL, charset)
            .or(keyword)
            .unwrap_or_else(|| "dimension".to_owned())
    };
    root.items(tags::DIMENSION_INDEX_SEQUENCE)
        .into_iter()
        .map(name)
        .collect()
}
