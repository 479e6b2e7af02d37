//! The screens as a reader uses them: keys, mouse, names that an assistive device reads.

mod bench;
mod checklist;
mod folders;
mod hands;
mod keys;
mod learning;
mod marks;
mod rebinding;
mod replay;
mod secrets;
mod third_read;
mod touch;
mod verdicts;
