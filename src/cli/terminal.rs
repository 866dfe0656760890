//! What is known of the terminal, if there is one.

use super::args::Color;

/// The terminal behind standard output.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terminal {
    /// It wants colour, by itself or because the environment says so (NO_COLOR, CLICOLOR_FORCE).
    pub(super) color: bool,
    /// Its columns; `None` where standard output is no terminal.
    pub(super) width: Option<u16>,
}

impl Terminal {
    /// Is colour to be used, after what was asked for?
    pub(super) fn colors(self, asked: Color) -> bool {
        match asked {
            Color::Auto => self.color,
            Color::Always => true,
            Color::Never => false,
        }
    }

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
