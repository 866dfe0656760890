//! Pictures as nodes, edges and numbers, for views that draw them as text, as a page or on a screen. Pure: no I/O, no
//! clock, no printing, and no files: the observations may come live.
//!
//! - [`figure`]: the state diagram of RFC 9293, figure 5: its nodes, its edges and its notes;
//! - [`change`]: a change of state as a step in the diagram, or as one that the diagram lacks;
//! - [`way`]: the steps that the two ends of a connection took, with frames and times.

pub mod change;
pub mod figure;
pub mod way;
