//! What is to be drawn, apart from how: pictures as nodes, edges and numbers, for whoever draws them as text, as a page or
//! on a screen. Pure: no I/O, no clock, no printing, and nothing of files: what is observed may come live.
//!
//! - [`figure`]: the state diagram of RFC 9293, figure 5: its nodes, its edges and its notes;
//! - [`change`]: a change of state as a step in it, or as one that it has not;
//! - [`way`]: the steps that the two ends of a connection took, with frames and times.

pub mod change;
pub mod figure;
pub mod way;
