//! The report as PDF: A4, fonts embedded, text that can be selected and read aloud.
//!
//! [`crate::content::Content`] gives the words, [`sheet`] and [`row`] fill pages with them, [`paint`] draws the pages.

mod closing;
mod comparison;
mod first_page;
mod letter;
mod paint;
mod palette;
mod paragraph;
mod row;
mod second_read;
mod sheet;
mod typeface;

use case::{Case, FindingId};
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::error::KrillaError;
use krilla::image::Image;
use krilla::metadata::{DateTime, Metadata};
use krilla::{Document, SerializeSettings};

use crate::content::Content;
use crate::words::{NOT_FOR_DIAGNOSIS, PROGRAM};
use crate::{ExchangeError, KeyPicture, OutputContext};
pub use letter::letter_pdf;
use sheet::Sheet;
use typeface::{Face, Style, Typefaces};

/// Text as it is read.
const BODY: Style = Style {
    face: Face::Regular,
    size_pt: 9.5,
    leading_pt: 14.0,
    colour: palette::TEXT,
};
/// Text in cells of tables.
const CELL: Style = Style {
    face: Face::Regular,
    size_pt: 9.0,
    leading_pt: 12.5,
    colour: palette::TEXT,
};
/// Text that explains.
const SMALL: Style = Style {
    face: Face::Regular,
    size_pt: 8.5,
    leading_pt: 12.0,
    colour: palette::TEXT_SECOND,
};
/// Names and titles inside the text.
const STRONG: Style = Style {
    face: Face::SemiBold,
    size_pt: 9.5,
    leading_pt: 14.0,
    colour: palette::TEXT,
};
/// Numbers and identifiers.
const NUMBER: Style = Style {
    face: Face::Mono,
    size_pt: 8.5,
    leading_pt: 12.5,
    colour: palette::TEXT,
};
/// Digests and keys.
const DIGEST: Style = Style {
    face: Face::Mono,
    size_pt: 7.5,
    leading_pt: 11.0,
    colour: palette::TEXT_SECOND,
};

/// Writes the report of a case as PDF (A4).
///
/// It says what the case's reader may see: while the case is blinded it holds the second read alone. Characters that the
/// embedded fonts lack appear as squares and keep their meaning when the text is copied.
///
/// # Errors
/// When a key picture is no PNG, or the document cannot be put together.
pub fn pdf(
    case: &Case,
    pictures: &[KeyPicture],
    context: &OutputContext,
) -> Result<Vec<u8>, ExchangeError> {
    let content = Content::of(case, context);
    let images = pictures
        .iter()
        .map(image_of)
        .collect::<Result<Vec<_>, _>>()?;
    let title = format!("Second read {}", content.case_id);
    let titles = (title.as_str(), content.case_id.as_str());
    finish(titles, context, &pictures_of(pictures, &images), |sheet| {
        first_page::write(sheet, &content);
        comparison::write(sheet, &content);
        second_read::write(sheet, &content);
        second_read::write_pictures(sheet, pictures, &images, &content);
        closing::write(sheet, &content);
    })
}

/// Puts a document together from what `write` puts on its pages; `title` is that of the file, `foot` stands on each page.
fn finish(
    (title, foot): (&str, &str),
    context: &OutputContext,
    pictures: &[(FindingId, Image)],
    write: impl FnOnce(&mut Sheet),
) -> Result<Vec<u8>, ExchangeError> {
    let faces = Typefaces::load()?;
    let images: Vec<Image> = pictures.iter().map(|(_, image)| image.clone()).collect();
    let mut sheet = Sheet::new(&faces);
    write(&mut sheet);
    let footer = format!("{NOT_FOR_DIAGNOSIS} · {PROGRAM} {} · {foot}", context.build);
    let assemble = |standard: Standard| -> Result<Result<Vec<u8>, KrillaError>, ExchangeError> {
        let mut document = Document::new_with(settings(standard)?);
        document.set_metadata(metadata(title, context));
        paint::paint(&sheet, &images, &footer, &mut document)?;
        Ok(document.finish())
    };
    let bytes = match assemble(Standard::ArchivalAndAccessible)? {
        // Some texts cannot stand in an archival file, for instance characters of private use.
        Err(KrillaError::Validation(_)) => assemble(Standard::Plain)?,
        result => result,
    };
    bytes.map_err(|reason| match reason {
        KrillaError::Image(image, ..) => {
            let whose = pictures.iter().find(|(_, other)| *other == image);
            ExchangeError::Picture {
                finding: whose.map_or(FindingId(0), |(finding, _)| *finding),
                reason: "its data are damaged".to_owned(),
            }
        }
        reason => ExchangeError::Pdf(reason.to_string()),
    })
}

fn pictures_of(pictures: &[KeyPicture], images: &[Image]) -> Vec<(FindingId, Image)> {
    let findings = pictures.iter().map(|picture| picture.finding);
    findings.zip(images.iter().cloned()).collect()
}

/// Which standards the document declares itself to follow.
#[derive(Clone, Copy)]
enum Standard {
    /// PDF/A-2a for keeping it and PDF/UA-1 for reading it without seeing it.
    ArchivalAndAccessible,
    /// PDF 1.7, tagged, without a promise.
    Plain,
}

fn settings(standard: Standard) -> Result<SerializeSettings, ExchangeError> {
    let builder = match standard {
        Standard::Plain => ConfigurationBuilder::new(),
        Standard::ArchivalAndAccessible => ConfigurationBuilder::new()
            .with_archival_validator(Archival::A2_A)
            .with_accessibility_validator(Accessibility::UA1),
    };
    let configuration = builder
        .finish()
        .map_err(|reason| ExchangeError::Pdf(format!("{reason:?}")))?;
    Ok(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    })
}

fn image_of(picture: &KeyPicture) -> Result<Image, ExchangeError> {
    let refused = |reason: String| ExchangeError::Picture {
        finding: picture.finding,
        reason,
    };
    let image = Image::from_png(picture.png.clone().into(), false).map_err(refused)?;
    match image.size() {
        (0, _) | (_, 0) => Err(refused("it has no pixels".to_owned())),
        _ => Ok(image),
    }
}

/// Title and times of the document; never the patient, since other programs show and index these fields.
fn metadata(title: &str, context: &OutputContext) -> Metadata {
    let metadata = Metadata::new()
        .title(title.to_owned())
        .description(format!("{NOT_FOR_DIAGNOSIS}."))
        .language("en-GB".to_owned())
        .creator(format!("{PROGRAM} {}", context.build));
    match date_time(context.printed_at.as_str()) {
        Some(at) => metadata.creation_date(at),
        None => metadata,
    }
}

/// The time of output, to the minute, from RFC 3339; `None` for any other text.
fn date_time(text: &str) -> Option<DateTime> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
    let part = |from: usize, to: usize| u8::try_from(number(from, to)?).ok();
    let at = DateTime::new(number(0, 4)?)
        .month(part(5, 7)?)
        .day(part(8, 10)?)
        .hour(part(11, 13)?)
        .minute(part(14, 16)?);
    let at = at.second(part(17, 19)?);
    let zone = text
        .get(19..)?
        .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    if zone.eq_ignore_ascii_case("z") {
        return Some(at.utc_offset_hour(0).utc_offset_minute(0));
    }
    let (hours, minutes) = zone.split_once(':')?;
    Some(
        at.utc_offset_hour(hours.parse().ok()?)
            .utc_offset_minute(minutes.parse().ok()?),
    )
}
