use std::num::NonZeroU16;

use krilla::Document;
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node as TagNode, SpanTag, TableHeaderScope,
    Tag, TagGroup, TagKind, TagTree,
};

use super::palette::{TEXT_HINT, ink};
use super::sheet::{
    MARGIN_PT, Mark, Node, NodeIdx, PAGE_HEIGHT_PT, PAGE_WIDTH_PT, Role, Sheet, TEXT_WIDTH_PT,
};
use super::typeface::{Face, Line, Style, Typefaces};
use crate::ExchangeError;

const FOOTER: Style = Style {
    face: Face::Regular,
    size_pt: 7.5,
    leading_pt: 10.0,
    colour: TEXT_HINT,
};

/// Draws the pages, with the footer on each, and the structure that belongs to them.
pub(super) fn paint(
    sheet: &Sheet,
    pictures: &[Image],
    footer: &str,
    document: &mut Document,
) -> Result<(), ExchangeError> {
    let n_pages = sheet.pages.len();
    let mut content: Vec<Vec<Identifier>> = sheet.nodes.iter().map(|_| Vec::new()).collect();
    for (page_idx, marks) in sheet.pages.iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE_WIDTH_PT, PAGE_HEIGHT_PT)
            .ok_or_else(|| ExchangeError::Pdf("the page has no size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            if let Some((node, identifier)) = paint_mark(&mut surface, sheet.faces, pictures, mark)
                && let Some(identifiers) = content.get_mut(node)
            {
                identifiers.push(identifier);
            }
        }
        let number = format!("Page {} of {n_pages}", page_idx + 1);
        paint_footer(&mut surface, sheet.faces, footer, &number);
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(sheet));
    document.set_tag_tree(tag_tree(&sheet.nodes, content));
    Ok(())
}

/// Bookmarks to the headings.
fn outline(sheet: &Sheet) -> Outline {
    let mut outline = Outline::new();
    for (title, page_idx, y) in &sheet.outline {
        let place = XyzDestination::new(*page_idx, Point::from_xy(MARGIN_PT, *y));
        outline.push_child(OutlineNode::new(title.clone(), place));
    }
    outline
}

/// Draws one mark; gives back the piece of the structure it belongs to.
fn paint_mark(
    surface: &mut Surface,
    faces: &Typefaces,
    pictures: &[Image],
    mark: &Mark,
) -> Option<(NodeIdx, Identifier)> {
    match mark {
        Mark::Text {
            x,
            base_y,
            line,
            node: Some(node),
        } => {
            let span = SpanTag {
                lang: None,
                alt_text: None,
                expanded: None,
                actual_text: None,
            };
            let identifier = surface.start_tagged(ContentTag::Span(span));
            paint_line(surface, faces, *x, *base_y, line);
            surface.end_tagged();
            Some((*node, identifier))
        }
        Mark::Picture {
            x,
            y,
            w,
            h,
            picture_idx,
            node,
        } => {
            let (image, size) = (pictures.get(*picture_idx)?, Size::from_wh(*w, *h)?);
            let identifier = surface.start_tagged(ContentTag::Other);
            surface.push_transform(&Transform::from_translate(*x, *y));
            surface.draw_image(image.clone(), size);
            surface.pop();
            surface.end_tagged();
            Some((*node, identifier))
        }
        Mark::Text { node: None, .. } | Mark::Plate { .. } | Mark::Ring { .. } => {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
                ArtifactType::Layout,
            )));
            paint_decoration(surface, faces, mark);
            surface.end_tagged();
            None
        }
    }
}

fn paint_decoration(surface: &mut Surface, faces: &Typefaces, mark: &Mark) {
    match mark {
        Mark::Text {
            x, base_y, line, ..
        } => paint_line(surface, faces, *x, *base_y, line),
        Mark::Plate {
            x,
            y,
            w,
            h,
            radius,
            fill,
            edge,
        } => {
            surface.set_fill(fill.map(fill_of));
            surface.set_stroke(edge.map(|colour| stroke_of(colour, 0.6)));
            if let Some(path) =
                plate_path((*x, *y, *w, *h), *radius).filter(|_| fill.is_some() || edge.is_some())
            {
                surface.draw_path(&path);
            }
        }
        Mark::Ring {
            x,
            y,
            radius,
            width,
            colour,
        } => {
            surface.set_fill(None);
            surface.set_stroke(Some(stroke_of(*colour, *width)));
            if let Some(path) = plate_path(
                (x - radius, y - radius, 2.0 * radius, 2.0 * radius),
                *radius,
            ) {
                surface.draw_path(&path);
            }
        }
        Mark::Picture { .. } => {}
    }
}

fn paint_line(surface: &mut Surface, faces: &Typefaces, x: f32, base_y: f32, line: &Line) {
    surface.set_fill(Some(fill_of(line.style.colour)));
    surface.set_stroke(None);
    let font = faces.font(line.style.face);
    surface.draw_glyphs(
        Point::from_xy(x, base_y),
        &line.glyphs,
        font,
        &line.text,
        line.style.size_pt,
        false,
    );
}

fn paint_footer(surface: &mut Surface, faces: &Typefaces, footer: &str, number: &str) {
    let base_y = PAGE_HEIGHT_PT - 32.0;
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(
        ArtifactType::Footer,
    )));
    let rule = (MARGIN_PT, base_y - 14.0, TEXT_WIDTH_PT, 0.6);
    surface.set_stroke(None);
    surface.set_fill(Some(fill_of(super::palette::RULE)));
    if let Some(path) = plate_path(rule, 0.0) {
        surface.draw_path(&path);
    }
    let number = faces.line(number, FOOTER);
    let room_pt = TEXT_WIDTH_PT - number.width_pt - 12.0;
    let left = super::paragraph::cut(faces, footer, FOOTER, room_pt);
    paint_line(surface, faces, MARGIN_PT, base_y, &left);
    paint_line(
        surface,
        faces,
        PAGE_WIDTH_PT - MARGIN_PT - number.width_pt,
        base_y,
        &number,
    );
    surface.end_tagged();
}

fn fill_of(colour: [u8; 3]) -> Fill {
    Fill {
        paint: ink(colour).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::NonZero,
    }
}

fn stroke_of(colour: [u8; 3], width: f32) -> Stroke {
    Stroke {
        paint: ink(colour).into(),
        width,
        ..Stroke::default()
    }
}

/// A box whose corners are quarter circles, drawn as cubic curves.
fn plate_path((x, y, w, h): (f32, f32, f32, f32), radius: f32) -> Option<Path> {
    /// Distance of the control points of a quarter circle, in radii: 4/3 (√2 − 1).
    const KAPPA: f32 = 0.552_284_8;
    let mut path = PathBuilder::new();
    let r = radius.min(0.5 * w).min(0.5 * h);
    if r <= 0.0 {
        path.push_rect(Rect::from_xywh(x, y, w, h)?);
        return path.finish();
    }
    let (right, bottom, k) = (x + w, y + h, r * (1.0 - KAPPA));
    path.move_to(x + r, y);
    path.line_to(right - r, y);
    path.cubic_to(right - k, y, right, y + k, right, y + r);
    path.line_to(right, bottom - r);
    path.cubic_to(right, bottom - k, right - k, bottom, right - r, bottom);
    path.line_to(x + r, bottom);
    path.cubic_to(x + k, bottom, x, bottom - k, x, bottom - r);
    path.line_to(x, y + r);
    path.cubic_to(x, y + k, x + k, y, x + r, y);
    path.close();
    path.finish()
}

fn tag_tree(nodes: &[Node], mut content: Vec<Vec<Identifier>>) -> TagTree {
    // Parents come before their children, so walking backwards finds every child finished.
    let mut groups: Vec<Option<TagGroup>> = nodes
        .iter()
        .map(|node| Some(TagGroup::new(tag_of(&node.role))))
        .collect();
    let mut finished: Vec<Vec<TagGroup>> = nodes.iter().map(|_| Vec::new()).collect();
    let mut roots = Vec::new();
    for idx in (0..nodes.len()).rev() {
        let Some(mut group) = groups.get_mut(idx).and_then(Option::take) else {
            continue;
        };
        for identifier in std::mem::take(&mut content[idx]) {
            group.push(TagNode::Leaf(identifier));
        }
        for child in std::mem::take(&mut finished[idx]).into_iter().rev() {
            group.push(TagNode::Group(child));
        }
        if group.children.is_empty() {
            continue;
        }
        match nodes[idx].parent {
            Some(parent) if parent < idx => finished[parent].push(group),
            _ => roots.push(group),
        }
    }
    let mut tree = TagTree::new().with_lang(Some("en-GB".to_owned()));
    for group in roots.into_iter().rev() {
        tree.push(TagNode::Group(group));
    }
    tree
}

fn tag_of(role: &Role) -> TagKind {
    match role {
        Role::Heading { level, title } => Tag::Hn(
            NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN),
            Some(title.clone()),
        )
        .into(),
        Role::Paragraph => Tag::P.into(),
        Role::Table => Tag::Table.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(alt) => Tag::Figure(Some(alt.clone())).into(),
    }
}
