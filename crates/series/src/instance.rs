use std::sync::{Arc, OnceLock};

use dicom_core::Tag;
use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_dictionary_std::StandardDataDictionary;
use space::StatedDirections;

use crate::charset::Charset;
use crate::concatenation::Concatenation;
use crate::dataset::Node;
use crate::document::document_kind;
use crate::frame::Frame;
use crate::frame_places::FramePlaces;
use crate::frames::{FrameContext, frames};
use crate::image_facts::ImageFacts;
use crate::model::{DocumentKind, Patient};
use crate::mosaic::Mosaic;
use crate::palette::Palette;
use crate::pixel_format::{FormatProblem, Photometric, PixelFormat, SampleKind};
use crate::prescan::{Note, Parsed};
use crate::refusal::Refusal;
use crate::source::Source;
use crate::stamp::Stamp;
use crate::tags;
use crate::unshown::Unshown;
use crate::value_mapping::Signedness;
use crate::walk::PixelElement;

/// What the header of one object says, in our own words.
#[derive(Debug)]
pub(crate) struct Instance {
    pub(crate) source: Source,
    /// What the file system said of the file when its header was read; `None` for an entry of an archive.
    pub(crate) stamp: Option<Stamp>,
    pub(crate) transfer_syntax_uid: String,
    pub(crate) sop_class_uid: String,
    pub(crate) sop_instance_uid: String,
    pub(crate) study_instance_uid: String,
    pub(crate) series_instance_uid: String,
    pub(crate) patient: Patient,
    pub(crate) about: About,
    pub(crate) instance_number: Option<i64>,
    pub(crate) acquisition_number: Option<i64>,
    /// Images in Acquisition, for telling whether the series is whole.
    pub(crate) n_images_in_acquisition: Option<i64>,
    /// Number of Series and of Study Related Instances, where whoever sent the object wrote them in.
    pub(crate) n_in_series: Option<i64>,
    pub(crate) n_in_study: Option<i64>,
    pub(crate) image_type: Arc<str>,
    pub(crate) document: Option<DocumentKind>,
    /// Set for pictures that are listed and never shown.
    pub(crate) unshown: Option<Unshown>,
    pub(crate) title: String,
    pub(crate) mime_type: String,
    pub(crate) concatenation: Option<Concatenation>,
    /// Positioner Primary and Secondary Angle of angiography, degrees: positive to the patient's left and head.
    pub(crate) beam_angles_deg: [Option<f64>; 2],
    /// Stated tilt of the gantry, degrees.
    pub(crate) gantry_tilt_deg: Option<f64>,
    /// Names of the dimensions that Dimension Index Values count along.
    pub(crate) dimension_names: Vec<String>,
    /// Set when the frames are the tiles of one stored picture.
    pub(crate) mosaic: Option<Mosaic>,
    pub(crate) pixels: Option<Pixels>,
    pub(crate) pixel_problem: Option<FormatProblem>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) palette: Option<Arc<Palette>>,
    pub(crate) facts: Arc<ImageFacts>,
    pub(crate) problems: Vec<Problem>,
}

/// Words about the study and series that the object repeats.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) study_date: String,
    pub(crate) study_time: String,
    pub(crate) study_description: String,
    pub(crate) accession: String,
    pub(crate) series_number: Option<i64>,
    pub(crate) modality: String,
    pub(crate) series_description: String,
    pub(crate) body_part: String,
    pub(crate) laterality: String,
    pub(crate) view_position: String,
    pub(crate) frame_of_reference_uid: Option<String>,
    /// The sides that Patient Orientation names, along the rows and along the columns.
    pub(crate) sides: Option<StatedDirections>,
    pub(crate) date: String,
}

/// Where and how the pixels lie.
#[derive(Debug)]
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

impl Instance {
    /// Makes sense of a walked header.
    pub(crate) fn new(source: Source, parsed: &Parsed, content_len: u64) -> Result<Self, Refusal> {
        let root = parsed.dataset.root();
        let charset = Charset::new(&root.ascii_values(tags::SPECIFIC_CHARACTER_SET));
        let mut problems: Vec<Problem> = parsed.notes.iter().map(|n| Problem::Note(*n)).collect();
        let sop_class_uid = root
            .ascii(tags::SOP_CLASS_UID)
            .or_else(|| parsed.media_class_uid.clone());
        let sop_class_uid = sop_class_uid.unwrap_or_default();
        let sop_instance_uid = uid(
            root,
            tags::SOP_INSTANCE_UID,
            "SOP Instance UID",
            &mut problems,
        )?;
        let study_instance_uid = uid(
            root,
            tags::STUDY_INSTANCE_UID,
            "Study Instance UID",
            &mut problems,
        )?;
        let series_instance_uid = uid(
            root,
            tags::SERIES_INSTANCE_UID,
            "Series Instance UID",
            &mut problems,
        )?;
        if sop_instance_uid.is_empty() && sop_class_uid.is_empty() && parsed.pixels.is_none() {
            return Err(Refusal::NoIdentity {
                what: "SOP Instance UID",
            });
        }
        let about = about(root, &charset);
        let document = document_kind(
            &sop_class_uid,
            &about.modality,
            &parsed.transfer_syntax_uid,
            parsed.pixels.is_some(),
        );
        let unshown = Unshown::of(root, &sop_class_uid, document);
        let (pixels, pixel_problem) = match unshown {
            Some(Unshown::Video { .. }) => (None, None),
            Some(Unshown::WholeSlide { .. }) | None => pixels(parsed, root),
        };
        let image_type: Arc<str> = Arc::from(root.ascii(tags::IMAGE_TYPE).unwrap_or_default());
        let mut instance = Self {
            transfer_syntax_uid: parsed.transfer_syntax_uid.clone(),
            document,
            unshown,
            sop_class_uid,
            sop_instance_uid,
            study_instance_uid,
            series_instance_uid,
            patient: patient(root, &charset),
            instance_number: root.integer(tags::INSTANCE_NUMBER).and_then(Result::ok),
            acquisition_number: root.integer(tags::ACQUISITION_NUMBER).and_then(Result::ok),
            n_images_in_acquisition: root
                .integer(tags::IMAGES_IN_ACQUISITION)
                .and_then(Result::ok),
            n_in_series: root
                .integer(tags::SERIES_RELATED_INSTANCES)
                .and_then(Result::ok),
            n_in_study: root
                .integer(tags::STUDY_RELATED_INSTANCES)
                .and_then(Result::ok),
            title: title(root, &charset),
            mime_type: root.ascii(tags::MIME_TYPE).unwrap_or_default(),
            concatenation: Concatenation::read(root),
            beam_angles_deg: [
                tags::POSITIONER_PRIMARY_ANGLE,
                tags::POSITIONER_SECONDARY_ANGLE,
            ]
            .map(|tag| root.decimal(tag)),
            gantry_tilt_deg: root.decimal(tags::GANTRY_DETECTOR_TILT),
            dimension_names: Vec::new(),
            mosaic: None,
            about,
            source,
            stamp: None,
            image_type,
            pixels,
            pixel_problem,
            frames: Vec::new(),
            palette: None,
            facts: Arc::default(),
            problems,
        };
        instance.read_image(root, &charset, content_len);
        if charset.guessed() {
            instance.problems.push(Problem::CharsetGuessed);
        }
        Ok(instance)
    }

    fn read_image(&mut self, root: Node<'_>, charset: &Charset, content_len: u64) {
        let Some(pixels) = &self.pixels else { return };
        let format = &pixels.format;
        if format.high_bit + 1 != format.bits_stored {
            self.problems.push(Problem::HighBitOdd);
        }
        if let Some(len) = pixels.element.len
            && content_len < pixels.element.offset.saturating_add(u64::from(len))
        {
            self.problems.push(Problem::PixelsCut);
        }
        let signedness = match format.kind {
            SampleKind::Signed => Signedness::Signed,
            SampleKind::Unsigned | SampleKind::Float => Signedness::Unsigned,
        };
        if format.photometric == Photometric::Palette {
            self.palette = Palette::read(root, signedness).map(Arc::new);
            if self.palette.is_none() {
                self.problems.push(Problem::PaletteUnusable);
            }
        }
        let modality = &self.about.modality;
        let facts = ImageFacts::read(root, charset, modality, (format, &pixels.element));
        self.facts = Arc::new(facts);
        let format = format.clone();
        let context = FrameContext {
            root,
            charset,
            modality: &self.about.modality,
            image_type: &self.image_type,
            signedness,
            n_frames: format.n_frames,
        };
        self.frames = frames(&context, &mut self.problems);
        self.dimension_names = dimension_names(root, charset);
        if self.image_type_has("MOSAIC") {
            match Mosaic::unpack(root, &format, &self.frames) {
                Some((mosaic, tiles)) => {
                    self.frames = tiles;
                    self.mosaic = Some(mosaic);
                }
                None => self.problems.push(Problem::MosaicPacked),
            }
        }
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

fn pixels(parsed: &Parsed, root: Node<'_>) -> (Option<Pixels>, Option<FormatProblem>) {
    let Some(element) = parsed.pixels.clone() else {
        return (None, None);
    };
    match PixelFormat::read(root, &element) {
        Ok(format) => {
            let big_endian = parsed.dataset.big_endian;
            (
                Some(Pixels {
                    format,
                    element,
                    big_endian,
                    extended_offsets: root.u64s(tags::EXTENDED_OFFSET_TABLE),
                    frame_places: OnceLock::new(),
                }),
                None,
            )
        }
        Err(problem) => (None, Some(problem)),
    }
}

fn uid(
    root: Node<'_>,
    tag: u32,
    what: &'static str,
    problems: &mut Vec<Problem>,
) -> Result<String, Refusal> {
    let uid = root.ascii(tag).unwrap_or_default();
    if 128 < uid.len() {
        return Err(Refusal::NoIdentity { what });
    }
    if uid.is_empty() || 64 < uid.len() || !uid.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        problems.push(Problem::UidOdd);
    }
    Ok(uid)
}

fn patient(root: Node<'_>, charset: &Charset) -> Patient {
    let text = |tag| root.text(tag, charset).unwrap_or_default();
    Patient {
        name: text(tags::PATIENT_NAME),
        id: text(tags::PATIENT_ID),
        issuer: text(tags::ISSUER_OF_PATIENT_ID),
        birth_date: root.ascii(tags::PATIENT_BIRTH_DATE).unwrap_or_default(),
        sex: root.ascii(tags::PATIENT_SEX).unwrap_or_default(),
        age: root.ascii(tags::PATIENT_AGE).unwrap_or_default(),
    }
}

fn about(root: Node<'_>, charset: &Charset) -> About {
    let text = |tag| root.text(tag, charset).unwrap_or_default();
    let ascii = |tag| root.ascii(tag).unwrap_or_default();
    let first = |tags: &[u32]| {
        tags.iter()
            .map(|t| ascii(*t))
            .find(|v| !v.is_empty())
            .unwrap_or_default()
    };
    let mut series_description = text(tags::SERIES_DESCRIPTION);
    if series_description.is_empty() {
        series_description = text(tags::PROTOCOL_NAME);
    }
    About {
        study_date: ascii(tags::STUDY_DATE).replace('.', ""),
        study_time: ascii(tags::STUDY_TIME),
        study_description: text(tags::STUDY_DESCRIPTION),
        accession: text(tags::ACCESSION_NUMBER),
        series_number: root.integer(tags::SERIES_NUMBER).and_then(Result::ok),
        modality: ascii(tags::MODALITY),
        series_description,
        body_part: text(tags::BODY_PART_EXAMINED),
        laterality: first(&[tags::IMAGE_LATERALITY, tags::LATERALITY]),
        view_position: ascii(tags::VIEW_POSITION),
        frame_of_reference_uid: root.ascii(tags::FRAME_OF_REFERENCE_UID),
        sides: match root.ascii_values(tags::PATIENT_ORIENTATION).as_slice() {
            [along_row, along_column] => StatedDirections::from_terms(along_row, along_column),
            _ => None,
        },
        date: first(&[
            tags::SERIES_DATE,
            tags::CONTENT_DATE,
            tags::ACQUISITION_DATE,
            tags::STUDY_DATE,
        ])
        .replace('.', ""),
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

fn title(root: Node<'_>, charset: &Charset) -> String {
    let concept = root
        .item(tags::CONCEPT_NAME_CODE_SEQUENCE)
        .and_then(|i| i.text(tags::CODE_MEANING, charset));
    root.text(tags::DOCUMENT_TITLE, charset)
        .or(concept)
        .or_else(|| root.text(tags::CONTENT_LABEL, charset))
        .or_else(|| root.text(tags::CONTENT_DESCRIPTION, charset))
        .or_else(|| root.text(tags::SERIES_DESCRIPTION, charset))
        .unwrap_or_default()
}
