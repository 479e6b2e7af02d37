#![allow(clippy::unwrap_used)]

use case::{Command, FindingId};
use hayro_cmap::BfString;
use hayro_interpret::font::GlyphRun;
use hayro_interpret::kurbo::{Affine, BezPath, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
    InterpreterCache, InterpreterSettings, SoftMask, interpret_page,
};

use super::fixture::{CANARY, Opening, Until, context, story, without_identifiers};
use super::pieces::picture;
use crate::{ExchangeError, KeyPicture, pdf};

/// Gathers the characters of a page as a reader of PDF sees them, without any of the writer's own code.
#[derive(Default)]
struct Reader {
    text: String,
    n_images: usize,
}

impl Device<'_> for Reader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, _: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            if let Some(unicode) = glyph.as_unicode() {
                match unicode {
                    BfString::Char(c) => self.text.push(c),
                    BfString::String(text) => self.text.push_str(&text),
                }
            }
        }
        self.text.push('\n');
    }
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {
        self.n_images += 1;
    }
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

#[test]
fn ordinary_paper_declares_the_standards_for_keeping_and_for_reading_aloud() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let bytes = pdf(&story.case, &pictures(), &context()).unwrap();
    let whole = String::from_utf8_lossy(&bytes);
    for expected in [
        "pdfaid:part>2<",
        "pdfaid:conformance>A<",
        "pdfuaid:part>1<",
        "/StructTreeRoot",
        "/Outlines",
    ] {
        assert!(whole.contains(expected), "{expected}");
    }
    assert!(!whole.contains("Hartley") && !whole.contains(CANARY));
}

/// Writes a file for people to look at when `OVERREAD_TEST_OUT` names a folder.
pub(super) fn kept(name: &str, bytes: Vec<u8>) -> Vec<u8> {
    if let Some(folder) = std::env::var_os("OVERREAD_TEST_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), &bytes).unwrap();
    }
    bytes
}

/// The text of each page and the number of pictures in all.
pub(super) fn read_back(bytes: &[u8]) -> (Vec<String>, usize) {
    let document = hayro_syntax::Pdf::new(bytes.to_vec()).unwrap();
    let cache = InterpreterCache::new();
    let mut pages = Vec::new();
    let mut n_images = 0;
    for page in document.pages().iter() {
        let mut context = Context::new(
            Affine::IDENTITY,
            Rect::new(0.0, 0.0, 1.0, 1.0),
            &cache,
            document.xref(),
            InterpreterSettings::default(),
        );
        let mut reader = Reader::default();
        interpret_page(page, &mut context, &mut reader);
        n_images += reader.n_images;
        pages.push(reader.text.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    (pages, n_images)
}

fn pictures() -> Vec<KeyPicture> {
    [(1, 512, 512), (1, 400, 600), (2, 600, 300)]
        .map(|(finding, width, height)| KeyPicture {
            finding: FindingId(finding),
            caption: "Axial, slice 66 of 275, lung window −600/1500".into(),
            png: picture(width, height),
        })
        .into()
}

#[test]
fn the_paper_says_who_what_and_how_far_to_trust_it() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let (pages, n_images) = read_back(&kept(
        "signed.pdf",
        pdf(&story.case, &pictures(), &context()).unwrap(),
    ));
    assert_eq!(n_images, 3);
    let whole = pages.join(" ");
    for expected in [
        "Second read: CT chest without contrast",
        "Hartley, Rowan",
        "58 y · male · born 1968-02-14 · ID DEMO-0051",
        "Novak, Anna",
        "Known nodule, growing?",
        "Outcome: changed",
        "Summary for the referrer",
        "Discrepancies (2)",
        "Laterality",
        "Measurement",
        "Moderate",
        "Score 3b",
        "Note: The nodule lies in the right lower lobe",
        "All statements (3)",
        "F1",
        "Right lower lobe nodule",
        "8.2 × 6.0 mm",
        "mean 34.6 HU",
        "Follow-up CT in 3 months is advised.",
        "Axial, slice 66 of 275",
        "Not for primary diagnosis",
        "Made with Overread 0.1.0.",
        "6 slices missing, 63 to 68",
        "Unprotected key",
        story.case.log_head().as_str(),
        story.case.read().seal.as_ref().unwrap().0.digest.as_str(),
    ] {
        assert!(whole.contains(expected), "{expected}\n{whole}");
    }
    assert!(whole.contains(CANARY));
    for (idx, page) in pages.iter().enumerate() {
        let footer = format!(
            "Not for primary diagnosis · Overread 0.1.0 · OR-7F3A21C4 Page {} of {}",
            idx + 1,
            pages.len()
        );
        assert!(page.ends_with(&footer), "{page}");
    }
}

#[test]
fn the_paper_of_a_blinded_case_holds_no_word_of_the_first_report() {
    for until in [Until::Created, Until::Reading, Until::Sealed] {
        let story = story(until, Opening::AfterSeal);
        let whole = read_back(&pdf(&story.case, &pictures(), &context()).unwrap())
            .0
            .join(" ");
        for word in [
            CANARY,
            "Novak",
            "18 mm",
            "left lower",
            "Discrepancies",
            "Outcome",
        ] {
            assert!(!whole.contains(word), "{word}: {whole}");
        }
        assert!(whole.contains("Nothing of it is in this document"));
    }
}

#[test]
fn the_first_page_says_that_a_read_was_not_blinded() {
    let story = story(Until::Signed, Opening::Early);
    let (pages, _) = read_back(&kept(
        "early.pdf",
        pdf(&story.case, &[], &context()).unwrap(),
    ));
    assert!(
        pages[0].contains("this read was not blinded. Reason given: patient in theatre."),
        "{}",
        pages[0]
    );
}

#[test]
fn a_report_that_is_open_is_not_called_closed() {
    let story = story(Until::Reading, Opening::Early);
    let whole = read_back(&pdf(&story.case, &[], &context()).unwrap())
        .0
        .join(" ");
    assert!(
        whole.contains("First read Open Not compared yet"),
        "{whole}"
    );
    assert!(!whole.contains(CANARY));
}

#[test]
fn the_paper_without_identifiers_names_nobody() {
    let story = story(Until::Signed, Opening::AfterSeal);
    let bytes = pdf(&story.case, &[], &without_identifiers()).unwrap();
    let whole = read_back(&bytes).0.join(" ");
    for word in [
        "Hartley",
        "Rowan",
        "DEMO-0051",
        "1968",
        "ACC-90017",
        "Novak",
    ] {
        assert!(!whole.contains(word), "{word}: {whole}");
    }
    assert!(whole.contains("Name left out"));
}

#[test]
fn long_wide_and_strange_contents_fill_pages_and_lose_nothing() {
    let mut story = story(Until::Reading, Opening::AfterSeal);
    let sentence = "Wort Πνεύμων лёгкое nodule 日本 مرحبا 🫁 \u{e000}\u{200d}\u{7}tab\tend. ";
    story.act(Command::WriteImpression {
        text: sentence.repeat(600) + &"x".repeat(4000),
    });
    let mut finding = story.case.read().findings[0].clone();
    finding.note = "A note that is longer than a page can hold. ".repeat(400);
    finding.concept = "very ".repeat(200);
    story.act(Command::EditFinding { finding });
    let (pages, _) = read_back(&kept(
        "long.pdf",
        pdf(&story.case, &[], &context()).unwrap(),
    ));
    let whole = pages.join(" ");
    assert!(8 < pages.len(), "{}", pages.len());
    assert_eq!(whole.matches("Πνεύμων").count(), 600);
    assert_eq!(whole.matches("лёгкое").count(), 600);
    // The one long word is cut into pieces of many letters.
    let n_x: usize = whole
        .split(' ')
        .filter(|word| 20 < word.len() && word.chars().all(|c| c == 'x'))
        .map(str::len)
        .sum();
    assert!((3980..=4000).contains(&n_x), "{n_x}");
    assert_eq!(whole.matches("longer").count(), 400);
}

#[test]
fn an_empty_case_and_a_bad_picture_are_no_panic() {
    let nothing = case::Case::new(case::CaseId::new("OR-0"));
    let (pages, _) = read_back(&kept("empty.pdf", pdf(&nothing, &[], &context()).unwrap()));
    assert_eq!(pages.len(), 1);
    for png in [vec![], b"not a png".to_vec(), picture(8, 8)[..20].to_vec()] {
        let bad = KeyPicture {
            finding: FindingId(1),
            caption: String::new(),
            png,
        };
        let refused = pdf(&nothing, &[bad], &context());
        assert!(
            matches!(refused, Err(ExchangeError::Picture { .. })),
            "{refused:?}"
        );
    }
}
