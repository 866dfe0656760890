//! Choices: which connections and findings are wanted, in which order, and which must not occur.
//!
//! | file | decides |
//! |---|---|
//! | [`select`] | which connections, ports and hosts are wanted |
//! | [`criterion`] | which findings are meant |
//! | [`severity`] | which findings are problems, and what is worse than what |
//! | [`loss`] | what was sent again, as a share of what was sent |
//! | [`sort`] | which connections stand first |
//! | [`judge`] | whether a capture holds what it must not |

pub mod criterion;
pub mod judge;
pub mod loss;
pub mod select;
pub mod severity;
pub mod sort;

use crate::field::Record;

/// What can be asked of a connection beside the fields of its record, as tables of the registry.
pub static TABLES: [Record; 1] = [Record { name: "sort", shape: &sort::KEYS }];
