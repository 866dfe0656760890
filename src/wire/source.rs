//! Facts about a source of frames: the types that capture and views share.

use super::frame::LinkType;

/// The facts that a source of frames states about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct SourceInfo {
    /// The file's name as given, `-` for standard input, or the interface's name.
    pub name: String,
    /// How the frames are kept.
    pub format: Format,
    /// The compression of the file: `gzip`, `zstd`.
    pub compression: Option<&'static str>,
    /// Where the frames were captured; one for pcap, any number for pcapng. Those known before the
    /// first frame.
    pub interfaces: Vec<Interface>,
}

impl SourceInfo {
    /// A source of which only its name and format are known.
    pub fn new(name: impl Into<String>, format: Format) -> Self {
        Self { name: name.into(), format, compression: None, interfaces: Vec::new() }
    }

    /// Adds an interface.
    #[must_use]
    pub fn with_interface(mut self, interface: Interface) -> Self {
        self.interfaces.push(interface);
        self
    }
}

/// The format of a capture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names are the formats'")]
#[non_exhaustive]
pub enum Format {
    Pcap,
    Pcapng,
    Live,
}

impl Format {
    /// The name in the machine format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pcap => "pcap",
            Self::Pcapng => "pcapng",
            Self::Live => "live",
        }
    }
}

/// One interface of a capture.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Interface {
    /// The interface's name, where the capture names it.
    pub name: Option<String>,
    /// The link type, by which the interface's frames are read.
    pub link: LinkType,
    /// The most octets of a frame that were kept; `None` where no limit is stated.
    pub snaplen: Option<u32>,
}

impl Interface {
    /// An interface without a name, of whose frames all octets are kept.
    pub fn new(link: LinkType) -> Self {
        Self { name: None, link, snaplen: None }
    }
}

/// Something worth knowing about the capture itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Notice {
    /// Near which frame; `None` where it is about none.
    pub frame: Option<u64>,
    /// One sentence, without control characters.
    pub message: String,
}

/// Counts of the frames that a live source received, and lost before they could be seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Losses {
    /// Frames that the kernel saw pass the filter, those dropped included.
    pub received: u64,
    /// Frames for which the kernel had no room.
    pub by_kernel: u64,
    /// Frames that were captured and not shown, because showing was slower than the traffic.
    pub by_queue: u64,
}

impl Losses {
    /// Frames lost in one way or the other.
    pub fn total(&self) -> u64 {
        self.by_kernel.saturating_add(self.by_queue)
    }
}
