use std::fmt;

use series::{HeaderList, HeaderRow, HeaderValue};

use super::closed::{Closable, is_closed_while_blinded};

/// One line of the list of attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeRow {
    /// How many sequences and items are around it.
    pub depth: usize,
    /// Group and element with the items around: `(0008,1140)[2].(0008,1150)`. Twins of one level count on: `(…)#2`.
    pub path: String,
    /// `(0008,1150)`; empty for an item.
    pub tag: String,
    /// 1-based number of an item; `None` for an element.
    pub item_number: Option<usize>,
    /// Name of the attribute in words; empty where the dictionary does not know it.
    pub name: String,
    /// Keyword of PS3.6; empty where the dictionary does not know it.
    pub keyword: &'static str,
    /// Who reserved a private block; empty for elements of the standard, and while it is closed.
    pub creator: String,
    /// Value representation; empty for an item.
    pub vr: String,
    /// Length as written, bytes; `None`: undefined, an item, or closed.
    pub n_bytes: Option<u64>,
    /// What it holds.
    pub value: AttributeValue,
    /// What the other image holds, where two are compared.
    pub other: Option<AttributeValue>,
}

/// What an element holds, as far as it may be shown.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeValue {
    /// All of it, as text.
    Text(String),
    /// The beginning of a longer value; the number tells long values apart.
    Beginning(String, u64),
    /// A sequence of so many items.
    Items(usize),
    /// An item: its elements follow.
    Item,
    /// Pixels by their size.
    Pixels {
        /// Bytes as they are stored.
        n_bytes: u64,
        /// Fragments of encapsulated pixels; `None` for native ones.
        n_fragments: Option<usize>,
    },
    /// There was no more room for it.
    TooMuch,
    /// Closed until the reveal.
    Closed,
    /// The element is not in this image; only where two are compared.
    Absent,
}

impl fmt::Display for AttributeValue {
    /// What of the value can be searched and copied; empty for what has no text of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Beginning(text, _) => write!(f, "{text}…"),
            Self::Items(_)
            | Self::Item
            | Self::Pixels { .. }
            | Self::TooMuch
            | Self::Closed
            | Self::Absent => Ok(()),
        }
    }
}

/// The rows of a list. With `is_closed` nothing that the first reader may have written is in them.
pub(super) fn rows_of(list: HeaderList, is_closed: bool) -> Vec<AttributeRow> {
    let mut around: Vec<u32> = Vec::new();
    let mut paths: Vec<String> = Vec::new();
    // How often a tag has stood in the innermost level, for twins.
    let mut seen: Vec<(u32, usize)> = Vec::new();
    let mut rows = Vec::with_capacity(list.rows.len());
    let mut depth_before = 0;
    for row in list.rows {
        if row.depth != depth_before || row.item_number.is_some() {
            seen.clear();
            depth_before = row.depth;
        }
        around.truncate(row.depth);
        paths.truncate(row.depth);
        let before = paths.last().map_or("", String::as_str);
        let tag = format!("({:04X},{:04X})", row.tag >> 16, row.tag & 0xFFFF);
        let path = match row.item_number {
            Some(number) => format!("{before}[{number}]"),
            None => {
                let twin = match seen.last_mut() {
                    Some((last, n)) if *last == row.tag => {
                        *n += 1;
                        format!("#{n}")
                    }
                    _ => {
                        seen.push((row.tag, 1));
                        String::new()
                    }
                };
                match before {
                    "" => format!("{tag}{twin}"),
                    before => format!("{before}.{tag}{twin}"),
                }
            }
        };
        let hides = is_closed && is_closed_row(&row, &around);
        // A sequence that is closed is one closed row; nothing of its inside is counted out.
        let is_inside_closed = is_closed && around.iter().any(|s| is_closed_sequence(*s));
        around.push(row.tag);
        paths.push(path.clone());
        if is_inside_closed {
            continue;
        }
        rows.push(attribute(row, (path, tag), hides, is_closed));
    }
    rows
}

fn is_closed_row(row: &HeaderRow, around: &[u32]) -> bool {
    let reserves = row.tag >> 16 & 1 == 1 && (0x10..0x100).contains(&(row.tag & 0xFFFF));
    let reserved_by = match &row.value {
        HeaderValue::Text(text) if reserves => Some(text.as_str()),
        _ => None,
    };
    // The items around stand for their sequences, each of which is in the list once.
    is_closed_while_blinded(&Closable {
        tag: row.tag,
        vr: row.vr,
        is_known: !row.keyword.is_empty() || row.item_number.is_some(),
        reserved_by,
        around,
    })
}

fn is_closed_sequence(tag: u32) -> bool {
    is_closed_while_blinded(&Closable {
        tag,
        vr: *b"SQ",
        is_known: true,
        reserved_by: None,
        around: &[],
    })
}

fn attribute(
    row: HeaderRow,
    (path, tag): (String, String),
    hides: bool,
    is_closed: bool,
) -> AttributeRow {
    let creator = row.creator.as_deref().unwrap_or_default();
    let creator_tag = row.tag & 0xFFFF_0000 | 0x10;
    let hides_creator = is_closed
        && is_closed_while_blinded(&Closable {
            tag: creator_tag,
            vr: *b"LO",
            is_known: false,
            reserved_by: Some(creator),
            around: &[],
        });
    AttributeRow {
        depth: row.depth,
        path,
        tag: match row.item_number {
            Some(_) => String::new(),
            None => tag,
        },
        item_number: row.item_number,
        name: words_of(row.keyword),
        keyword: row.keyword,
        creator: match hides_creator {
            true => String::new(),
            false => creator.to_owned(),
        },
        vr: match row.vr {
            [0, 0] => String::new(),
            vr => String::from_utf8_lossy(&vr).into_owned(),
        },
        n_bytes: row.n_bytes.filter(|_| !hides),
        value: match row.value {
            _ if hides => AttributeValue::Closed,
            HeaderValue::Text(text) => AttributeValue::Text(text),
            HeaderValue::Beginning(text, digest) => AttributeValue::Beginning(text, digest),
            HeaderValue::Items(n) => AttributeValue::Items(n),
            HeaderValue::Item => AttributeValue::Item,
            HeaderValue::Pixels {
                n_bytes,
                n_fragments,
            } => AttributeValue::Pixels {
                n_bytes,
                n_fragments,
            },
            HeaderValue::TooMuch => AttributeValue::TooMuch,
        },
        other: None,
    }
}

/// The words of a keyword: `SOPInstanceUID` gives `SOP Instance UID`.
fn words_of(keyword: &str) -> String {
    let chars: Vec<char> = keyword.chars().collect();
    let mut words = String::with_capacity(keyword.len() + 8);
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|j| chars.get(j));
        let after = chars.get(i + 1);
        let begins_word = c.is_uppercase()
            && before.is_some_and(|b| {
                !b.is_uppercase() || after.is_some_and(|a| a.is_lowercase() && *a != 's')
            });
        if begins_word {
            words.push(' ');
        }
        words.push(*c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(depth: usize, tag: u32, item_number: Option<usize>, text: &str) -> HeaderRow {
        HeaderRow {
            depth,
            tag,
            item_number,
            keyword: if item_number.is_none() {
                "CodeMeaning"
            } else {
                ""
            },
            creator: None,
            vr: if item_number.is_none() {
                *b"LO"
            } else {
                [0, 0]
            },
            n_bytes: Some(4),
            value: match item_number {
                Some(_) => HeaderValue::Item,
                None => HeaderValue::Text(text.into()),
            },
        }
    }

    fn sequence(depth: usize, tag: u32) -> HeaderRow {
        HeaderRow {
            vr: *b"SQ",
            value: HeaderValue::Items(1),
            ..row(depth, tag, None, "")
        }
    }

    fn rows(is_closed: bool) -> Vec<AttributeRow> {
        let rows = vec![
            row(0, 0x0008_0070, None, "ACME"),
            row(0, 0x0008_1060, None, "Reader^First"),
            sequence(0, 0x0008_1084),
            row(1, 0x0008_1084, Some(1), ""),
            row(2, 0x0008_0104, None, "Haemorrhage"),
            sequence(0, 0x0008_2218),
            row(1, 0x0008_2218, Some(1), ""),
            row(2, 0x0008_0104, None, "Head"),
        ];
        rows_of(
            HeaderList {
                rows,
                ..HeaderList::default()
            },
            is_closed,
        )
    }

    #[test]
    fn a_closed_sequence_shows_that_it_is_there_and_nothing_of_its_inside() {
        let closed = rows(true);
        let said = format!("{closed:?}");
        for word in ["Reader", "Haemorrhage"] {
            assert!(!said.contains(word), "{word}");
        }
        assert!(said.contains("ACME") && said.contains("Head"));
        let n_closed = closed
            .iter()
            .filter(|r| r.value == AttributeValue::Closed)
            .count();
        assert_eq!((n_closed, closed.len()), (2, 6));
        assert!(
            closed
                .iter()
                .all(|r| r.value != AttributeValue::Closed || r.n_bytes.is_none())
        );
        assert_eq!(rows(false).len(), 8);
        assert!(format!("{:?}", rows(false)).contains("Haemorrhage"));
    }

    #[test]
    fn paths_name_the_items_around() {
        let all = rows(false);
        assert_eq!(all[4].path, "(0008,1084)[1].(0008,0104)");
        assert_eq!(all[7].path, "(0008,2218)[1].(0008,0104)");
    }

    #[test]
    fn keywords_read_as_words() {
        for (keyword, words) in [
            ("PatientName", "Patient Name"),
            ("SOPInstanceUID", "SOP Instance UID"),
            ("KVP", "KVP"),
            ("NumberOfFrames", "Number Of Frames"),
            ("", ""),
        ] {
            assert_eq!(words_of(keyword), words);
        }
    }
}
