//! Facts about the terminal, if there is one.

use super::args::Color;

/// The terminal behind standard output.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Terminal {
    /// Whether the terminal wants colour, by itself or because the environment says so (NO_COLOR, CLICOLOR_FORCE).
    pub(super) color: bool,
    /// The terminal's columns; `None` where standard output is no terminal.
    pub(super) width: Option<u16>,
    /// The terminal's lines; `None` where standard output is no terminal.
    #[cfg_attr(not(feature = "live"), expect(dead_code, reason = "nothing is drawn again"))]
    pub(super) height: Option<u16>,
}

impl Terminal {
    /// Whether colour is to be used, given the option in `asked`.
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
        let size = terminal_size::terminal_size_of(&out);
        let (width, height) = (size.map(|(width, _)| width.0), size.map(|(_, height)| height.0));
        Self { color, width, height }
    }

    /// Without the feature `terminal`, no terminal can be asked.
    #[cfg(not(feature = "terminal"))]
    pub(super) fn look() -> Self {
        Self { color: false, width: None, height: None }
    }
}
