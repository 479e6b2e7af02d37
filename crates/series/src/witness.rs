use crate::decode_error::DecodeError;
use crate::instance::Instance;
use crate::prescan::parse;
use crate::source::Content;
use crate::tags;

/// Is the opened file still the one whose header was read, perhaps long before and kept in the index?
///
/// What the file system says of it settles that at no cost. Where it says something else (a copy that kept its content,
/// another owner, a program that writes into it) the header is walked again: the object must be the same one, and its
/// pixels must lie where they lay.
pub(crate) fn still_the_same(instance: &Instance, content: &Content) -> Result<(), DecodeError> {
    let (Some(then), Content::File { stamp: now, .. }) = (instance.stamp, content) else {
        return Ok(());
    };
    if then == *now {
        return Ok(());
    }
    let parsed = parse(content).map_err(|_| DecodeError::FileChanged)?;
    let uid = parsed.dataset.root().ascii(tags::SOP_INSTANCE_UID);
    let is_same_object = uid.unwrap_or_default() == instance.sop_instance_uid
        && parsed.transfer_syntax_uid == instance.transfer_syntax_uid;
    let pixels = instance.pixels.as_ref().map(|p| &p.element);
    if is_same_object && parsed.pixels.as_ref() == pixels {
        Ok(())
    } else {
        Err(DecodeError::FileChanged)
    }
}
