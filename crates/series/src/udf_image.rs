use std::collections::HashSet;
use std::path::Path;

use encoding_rs::UTF_16BE;

use crate::archive::Entries;
use crate::blob::Blob;
use crate::iso_image::{
    DAMAGED, DiscFile, INTERLEAVED, LINK, LOOP, MAX_FOLDER_BYTES, NAME_REFUSED, TOO_MANY,
    add_files, is_plain_name,
};
use crate::limits;
use crate::udf_volume::{Entry, EntryKind, Extent, UdfFault, UdfVolume, tag_of, u16_at};

/// The tag of a file identifier descriptor, and the bytes of it that stand before its parts of variable length
/// (ECMA-167 4/14.4).
const FILE_IDENTIFIER: u16 = 257;
const IDENTIFIER_BYTES: usize = 38;

/// Lists the files of a disc image of UDF alone.
pub(crate) fn list_udf(blob: &Blob, path: &Path, into: &mut Entries) {
    let files = match udf_files(blob, path, into) {
        Ok(files) => files,
        Err(UdfFault::Damaged) => return into.warn("iso_damaged", DAMAGED, path),
        Err(UdfFault::Unsupported) => {
            let text = "This disc image is in a form of UDF that is not read here; copy the files of the disc to a folder and open that.";
            return into.warn("archive_unsupported", text, path);
        }
    };
    add_files(files.into_iter(), blob, path, into);
}

/// All files of the UDF volume of a disc image. What is odd on the way is said in `into`.
pub(crate) fn udf_files(
    blob: &Blob,
    path: &Path,
    into: &mut Entries,
) -> Result<Vec<DiscFile>, UdfFault> {
    let volume = UdfVolume::find(blob)?;
    let mut walk = Walk {
        volume: &volume,
        blob,
        path,
        into,
        seen: HashSet::new(),
        n_entries: 0,
        files: Vec::new(),
    };
    let mut folders = vec![Folder {
        icb: volume.root,
        prefix: String::new(),
        depth: 0,
    }];
    while let Some(folder) = folders.pop() {
        let Some(children) = walk.folder(&folder)? else {
            break;
        };
        // The first child is taken first.
        folders.extend(children.into_iter().rev());
    }
    Ok(walk.files)
}

struct Folder {
    icb: Extent,
    prefix: String,
    depth: usize,
}

struct Walk<'a> {
    volume: &'a UdfVolume<'a>,
    blob: &'a Blob,
    path: &'a Path,
    into: &'a mut Entries,
    seen: HashSet<(u32, u16)>,
    n_entries: usize,
    files: Vec<DiscFile>,
}

impl Walk<'_> {
    /// Takes the files of a folder and gives its folders; `None` when there are too many entries.
    fn folder(&mut self, folder: &Folder) -> Result<Option<Vec<Folder>>, UdfFault> {
        // A folder that is its own grandchild would never end.
        if !self.seen.insert((folder.icb.block, folder.icb.partition)) {
            self.into.warn("iso_loop", LOOP, self.path);
            return Ok(Some(Vec::new()));
        }
        let listing = match self.volume.entry(folder.icb) {
            Ok(entry) => self.listing(&entry),
            // Without its root nothing is known of a disc.
            Err(fault) if folder.depth == 0 => return Err(fault),
            Err(_) => None,
        };
        let Some(listing) = listing else {
            self.into.warn("iso_damaged", DAMAGED, self.path);
            return Ok(Some(Vec::new()));
        };
        let mut children = Vec::new();
        let mut rest = listing.as_slice();
        while !rest.is_empty() {
            self.n_entries += 1;
            if limits::MAX_ARCHIVE_ENTRIES < self.n_entries {
                self.into.warn("too_many_files", TOO_MANY, self.path);
                return Ok(None);
            }
            let Some((identifier, after)) = Identifier::read(rest) else {
                self.into.warn("iso_damaged", DAMAGED, self.path);
                break;
            };
            rest = after;
            children.extend(self.take(&identifier, folder));
        }
        Ok(Some(children))
    }

    /// The bytes of a folder; `None` where they are not to be had, or too many.
    fn listing(&self, entry: &Entry) -> Option<Vec<u8>> {
        let stretches = entry.stretches.as_ref()?;
        if entry.kind != EntryKind::Folder || MAX_FOLDER_BYTES < entry.len {
            return None;
        }
        let mut bytes = Vec::new();
        for (start, len) in stretches {
            bytes.extend(
                self.blob
                    .read_range(*start, usize::try_from(*len).ok()?)
                    .ok()?,
            );
        }
        Some(bytes)
    }

    fn take(&mut self, identifier: &Identifier<'_>, folder: &Folder) -> Option<Folder> {
        if identifier.is_deleted || identifier.is_parent {
            return None;
        }
        let Some(name) = identifier.name().filter(|name| is_plain_name(name)) else {
            self.into.warn("iso_name_refused", NAME_REFUSED, self.path);
            return None;
        };
        let name = format!("{}{name}", folder.prefix);
        if identifier.is_folder {
            if limits::MAX_FOLDER_DEPTH <= folder.depth {
                self.into.warn("iso_loop", LOOP, self.path);
                return None;
            }
            return Some(Folder {
                icb: identifier.icb,
                prefix: format!("{name}/"),
                depth: folder.depth + 1,
            });
        }
        match self.volume.entry(identifier.icb) {
            Ok(entry) => self.file(name, &entry),
            Err(_) => self.into.warn("iso_damaged", DAMAGED, self.path),
        }
        None
    }

    fn file(&mut self, name: String, entry: &Entry) {
        match (entry.kind, entry.stretches.as_deref()) {
            (EntryKind::Link, _) => self.into.warn("iso_link_refused", LINK, self.path),
            (EntryKind::File, Some([])) => self.files.push(DiscFile {
                name,
                start: 0,
                len: 0,
            }),
            (EntryKind::File, Some([(start, len)])) => self.files.push(DiscFile {
                name,
                start: *start,
                len: *len,
            }),
            _ => self.into.warn("iso_entry_refused", INTERLEAVED, self.path),
        }
    }
}

/// A file identifier descriptor.
struct Identifier<'a> {
    is_folder: bool,
    is_deleted: bool,
    is_parent: bool,
    icb: Extent,
    compressed_name: &'a [u8],
}

impl<'a> Identifier<'a> {
    /// The first of a listing, and what is behind it.
    fn read(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let characteristics = *bytes.get(18)?;
        let name_len = usize::from(*bytes.get(19)?);
        let from = IDENTIFIER_BYTES + usize::from(u16_at(bytes, 36)?);
        let end = (from + name_len).next_multiple_of(4);
        let rest = bytes.get(end..)?;
        let identifier = Self {
            is_folder: characteristics & 0x02 != 0,
            is_deleted: characteristics & 0x04 != 0,
            is_parent: characteristics & 0x08 != 0,
            icb: Extent::long(bytes, 20)?,
            compressed_name: bytes.get(from..from + name_len)?,
        };
        (tag_of(bytes) == Some(FILE_IDENTIFIER)).then_some((identifier, rest))
    }

    /// Characters of 8 or 16 bits (OSTA UDF 2.1.1).
    fn name(&self) -> Option<String> {
        let (form, characters) = self.compressed_name.split_first()?;
        match form {
            8 => Some(characters.iter().map(|c| char::from(*c)).collect()),
            16 => Some(
                UTF_16BE
                    .decode_without_bom_handling(characters)
                    .0
                    .into_owned(),
            ),
            _ => None,
        }
    }
}
