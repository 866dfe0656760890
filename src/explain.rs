//! An event in one plain sentence, with its RFC section.
