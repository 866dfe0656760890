//! The bounded table of connections.
