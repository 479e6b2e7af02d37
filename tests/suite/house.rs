//! Holds the house to its own rules: who may know whom, what must not be there, and that the pages of the
//! repository speak the truth about it. What is allowed stands here as data with reasons, so that a new
//! edge, licence or exception is a line that a reviewer sees.

mod artefacts;
mod edges;
mod licences;
mod pages;
mod purity;
mod tree;
mod workspace;
