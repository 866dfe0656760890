//! Where the octets come from: arguments, a file, standard input, a frame of a capture.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fs;
use std::io::{self, Cursor, IsTerminal, Read};
use std::path::{MAIN_SEPARATOR, Path};

use crate::capture::error::{Error, Reason};
use crate::capture::file::File;
use crate::cli::characters::{characters, hex};
use crate::engine::Engine;
use crate::explain::{Language, explain};
use crate::hex::decoded::Decoded;
use crate::hex::text::{self, Form, What};
use crate::track::event::Event;
use crate::track::observer::{Observation, Observer, Wants};
use crate::view::visible::Visible;
use crate::wire::frame::{Frame, LinkType};
use crate::wire::window::WindowScale;

use super::args::DecodeArgs;

/// So much text is read: a megabyte of octets in the widest of dumps.
const MAX_TEXT: u64 = 16 << 20;

/// The part of a source that is wanted.
#[derive(Clone, Copy, Debug)]
struct Asked {
    /// A frame of a capture, or a dump of a text.
    frame: Option<u64>,
    /// The language of the sentence about it.
    language: Language,
}

/// Octets, and where they come from.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) octets: Vec<u8>,
    /// The file's name as it was given, `-` for standard input; `None` for arguments.
    pub(super) name: Option<String>,
    pub(super) origin: Origin,
}

#[derive(Debug)]
pub(super) enum Origin {
    Text {
        form: Form,
        /// Which dump of how many.
        dump: (usize, usize),
        passed_over: usize,
    },
    Capture {
        frame: u64,
        link: LinkType,
        original_len: usize,
        connection: Option<Connection>,
    },
}

/// What the frames before say of one.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    id: u64,
    scale: Option<WindowScale>,
    explanation: String,
}

/// Why there are no octets.
#[derive(Debug)]
pub(super) enum Failed {
    /// The text, or what was asked for, is wrong.
    Usage(String),
    /// The source could not be read.
    Source(String),
}

impl Input {
    pub(super) fn read(args: &DecodeArgs) -> Result<Self, Failed> {
        let asked = Asked { frame: args.frame.map(u64::from), language: args.lang };
        match (&args.hex[..], asked.frame) {
            ([], _) => stdin(asked),
            ([one], _) if one == "-" => stdin(asked),
            ([file], Some(_)) => open(Path::new(file), asked),
            (_, Some(_)) => {
                Err(Failed::Usage("--frame wants one file: tcpscope decode --frame 2 capture.pcap".into()))
            }
            (words, None) => typed(words, asked),
        }
    }

    /// How the first octet of a captured frame is to be read, and the frame's length on the wire.
    pub(super) fn link(&self) -> Option<(LinkType, usize)> {
        match self.origin {
            Origin::Capture { link, original_len, .. } => Some((link, original_len)),
            Origin::Text { .. } => None,
        }
    }

    /// The shift of the sender's windows.
    pub(super) fn scale(&self) -> Option<WindowScale> {
        match &self.origin {
            Origin::Capture { connection, .. } => connection.as_ref()?.scale,
            Origin::Text { .. } => None,
        }
    }

    /// Where the octets come from and with what they begin, in a few sentences.
    pub(super) fn heading(&self, decoded: &Decoded<'_>) -> String {
        let count = self.octets.len();
        let octets = if count == 1 { "octet" } else { "octets" };
        let of = match self.name.as_deref() {
            None => String::new(),
            Some("-") => " from standard input".to_owned(),
            Some(name) => format!(" of {}", Visible(name)),
        };
        let mut text = match &self.origin {
            Origin::Text { form, .. } if decoded.opened.wire_len > count => {
                let all = decoded.opened.wire_len;
                format!("{count} {octets}{of}, from {form}, of {all} by the length in the IP header.")
            }
            Origin::Text { form, .. } => format!("{count} {octets}{of}, from {form}."),
            Origin::Capture { frame, original_len, .. } if *original_len > count => {
                format!("Frame {frame}{of}: {count} of its {original_len} octets were captured.")
            }
            Origin::Capture { frame, .. } => format!("Frame {frame}{of}, {count} {octets}."),
        };
        match (&decoded.since, self.link()) {
            (Some(since), _) => {
                text.push_str(&format!(" They begin at {}, since {since}.", decoded.start.title()))
            }
            (None, Some((link, _))) => text.push_str(&format!(" Link type: {link}.")),
            (None, None) => {
                text.push_str(&format!(" They begin at {}, as --from says.", decoded.start.title()))
            }
        }
        match &self.origin {
            Origin::Text { dump: (which, many), passed_over, .. } => {
                if *many > 1 {
                    text.push_str(&format!(
                        "\nThe text holds {many} dumps, and this is number {which}: --frame N chooses."
                    ));
                }
                if *passed_over > 0 {
                    let lines = if *passed_over == 1 { "line" } else { "lines" };
                    text.push_str(&format!(
                        "\n{passed_over} {lines} between or behind the rows were passed over."
                    ));
                }
            }
            Origin::Capture { connection: Some(connection), .. } => {
                text.push_str(&format!("\nIn connection #{}: {}", connection.id, connection.explanation));
            }
            Origin::Capture { connection: None, .. } => {}
        }
        text
    }
}

/// Hex from the arguments; or the name of a file.
fn typed(words: &[OsString], asked: Asked) -> Result<Input, Failed> {
    let text = words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let error = match hex(&text) {
        Ok(read) => return of_text(read, None, None),
        Err(error) => error,
    };
    let [word] = words else { return Err(Failed::Usage(error.to_string())) };
    let path = Path::new(word);
    // One argument with white space in it is a text, whatever is wrong with it.
    let like_a_file =
        !text.contains(char::is_whitespace) && (path.extension().is_some() || text.contains(MAIN_SEPARATOR));
    if path.exists() || matches!(error.what, What::NotHex(_)) && like_a_file {
        return open(path, asked);
    }
    Err(Failed::Usage(error.to_string()))
}

fn stdin(asked: Asked) -> Result<Input, Failed> {
    let input = io::stdin();
    if input.is_terminal() {
        return Err(Failed::Usage(
            "no octets to decode; try: tcpscope decode c462 1f90 360a1d03 00000000 8002 faf0 4cc0 0000"
                .into(),
        ));
    }
    source(input, "-", asked)
}

fn open(path: &Path, asked: Asked) -> Result<Input, Failed> {
    let name = path.to_string_lossy();
    if path.is_dir() {
        return Err(Failed::Source(format!("{} is a directory, and a file is wanted", Visible(&name))));
    }
    match fs::File::open(path) {
        Ok(file) => source(file, &name, asked),
        Err(error) => Err(Failed::Source(format!("cannot open {}: {}", Visible(&name), Reason(&error)))),
    }
}

/// A capture or a text: the first octets tell.
fn source(mut from: impl Read + Send + 'static, name: &str, asked: Asked) -> Result<Input, Failed> {
    let unreadable =
        |error: io::Error| Failed::Source(format!("cannot read {}: {}", Visible(name), Reason(&error)));
    let mut head = Vec::new();
    from.by_ref().take(MAX_TEXT + 1).read_to_end(&mut head).map_err(unreadable)?;
    match File::from_read(Cursor::new(head.clone()).chain(from), name) {
        Ok(capture) => match asked.frame {
            Some(frame) => of_capture(capture, name, frame, asked.language),
            None => Err(Failed::Usage(format!(
                "{0} is a capture; choose one of its frames: tcpscope decode --frame 1 {0}",
                Visible(name)
            ))),
        },
        Err(Error::NotACapture { .. } | Error::Empty { .. } | Error::Cut { .. }) => {
            if head.len() as u64 > MAX_TEXT {
                return Err(Failed::Usage(format!(
                    "{} is longer than any text of one segment's octets",
                    Visible(name)
                )));
            }
            let text = characters(&head).unwrap_or_else(|| String::from_utf8_lossy(&head));
            let read =
                text::read(&text).map_err(|error| Failed::Usage(format!("{}: {error}", Visible(name))))?;
            of_text(read, Some(name.to_owned()), asked.frame)
        }
        Err(error) => Err(Failed::Source(error.to_string())),
    }
}

fn of_text(mut read: text::Text, name: Option<String>, frame: Option<u64>) -> Result<Input, Failed> {
    let many = read.dumps.len();
    let which = frame.map_or(1, |frame| usize::try_from(frame).unwrap_or(usize::MAX));
    if which > many {
        let dumps = if many == 1 { "1 dump" } else { &format!("{many} dumps") };
        return Err(Failed::Usage(format!("there is no dump {which}: the text holds {dumps}")));
    }
    let octets = read.dumps.swap_remove(which - 1);
    let origin = Origin::Text { form: read.form, dump: (which, many), passed_over: read.passed_over };
    Ok(Input { octets, name, origin })
}

fn of_capture(capture: File, name: &str, number: u64, language: Language) -> Result<Input, Failed> {
    let mut wanted = Wanted { number, name, language, input: None };
    let ended = Engine::new().frames(number).run(capture, &mut wanted);
    let ended = ended.map_err(|error| Failed::Source(error.to_string()))?;
    match (wanted.input, ended.error) {
        (Some(input), _) => Ok(input),
        (None, Some(error)) => Err(Failed::Source(error.to_string())),
        (None, None) => {
            let frames = match ended.totals.frames {
                1 => "1 frame".to_owned(),
                frames => format!("{frames} frames"),
            };
            Err(Failed::Usage(format!("there is no frame {number}: {} holds {frames}", Visible(name))))
        }
    }
}

/// Keeps one frame, and what the tracker says of its segment.
struct Wanted<'n> {
    number: u64,
    name: &'n str,
    language: Language,
    input: Option<Input>,
}

impl Wanted<'_> {
    fn keep(&mut self, frame: &Frame<'_>, connection: Option<Connection>) {
        let origin = Origin::Capture {
            frame: self.number,
            link: frame.link,
            original_len: frame.original_len,
            connection,
        };
        let (octets, name) = (frame.captured.to_vec(), Some(self.name.to_owned()));
        self.input = Some(Input { octets, name, origin });
    }
}

impl Observer for Wanted<'_> {
    type Error = Infallible;

    fn wants(&self) -> Wants {
        Wants { diagnoses: false, ..Wants::default() }
    }

    fn observe(&mut self, observation: Observation<'_>) -> Result<(), Infallible> {
        match observation {
            Observation::Segment { event, frame } if frame.number == self.number => {
                self.keep(frame, Some(Connection::of(event, self.language)));
            }
            Observation::Skipped { frame, .. } if frame.number == self.number => self.keep(frame, None),
            _ => {}
        }
        Ok(())
    }
}

impl Connection {
    fn of(event: &Event<'_>, language: Language) -> Self {
        let field = u32::from(event.segment.window.0);
        // How far the window is shifted; of a window of 0, and of that in a SYN, nothing can be said.
        let scale = event
            .window
            .filter(|_| field > 0 && !event.segment.flags.syn())
            .map(|window| WindowScale::new((window.0 / field).trailing_zeros() as u8));
        let explanation = explain(event, true).ascii(false).language(language).to_string();
        Self { id: event.connection, scale, explanation }
    }
}
