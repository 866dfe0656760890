//! What is known of the terminal, if there is one.

/// The terminal behind standard output.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terminal {
    /// It wants colour, by itself or because the environment says so (NO_COLOR, CLICOLOR_FORCE).
    pub(super) color: bool,
    /// Its columns; `None` where standard output is no terminal.
    pub(super) width: Option<u16>,
}

impl Terminal {
    /// Asks the terminal and the environment.
    #[cfg(feature = "terminal")]
    pub(super) fn look() -> Self {
        let out = std::io::stdout();
        let color = anstream::AutoStream::choice(&out) != anstream::ColorChoice::Never;
        let width = terminal_size::terminal_size_of(&out).map(|(width, _)| width.0);
        Self { color, width }
    }

    /// Nobody to ask.
    #[cfg(not(feature = "terminal"))]
    pub(super) fn look() -> Self {
        Self { color: false, width: None }
    }
}
