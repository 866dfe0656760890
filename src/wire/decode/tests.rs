//! What must hold of any frame, and one sentence for each way to wrap a segment.
