//! `tcpdump -w`, the peer.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// Longer than it takes to write what was captured, unless it has lost some of it.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running tcpdump.
pub(crate) struct Tcpdump {
    child: Child,
    file: PathBuf,
}

impl Tcpdump {
    /// `at_once`: each frame is written when it comes, for which many would come too fast.
    pub(crate) fn start(directory: &Path, filter: &str, at_once: bool) -> Self {
        let file = directory.join("tcpdump.pcap");
        let mut child = Command::new("tcpdump")
            .args(["-i", "lo", "-B", "65536", "-s", "0", "--time-stamp-precision=nano", "-Z", "root", "-w"])
            .arg(&file)
            .args(if at_once { &["--immediate-mode", "-U"][..] } else { &[] })
            .args(filter.split_whitespace())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stderr.as_mut().unwrap());
        let mut line = String::new();
        while !line.contains("listening on") {
            line.clear();
            assert_ne!(said.read_line(&mut line).unwrap(), 0, "tcpdump ended");
        }
        Self { child, file }
    }

    /// Ends tcpdump when it has written `octets` octets of frames, or does not come to that: frames that still wait for
    /// it when it gets the signal are lost.
    pub(crate) fn finish(mut self, frames: usize, octets: usize) -> PathBuf {
        let whole = (24 + 16 * frames + octets) as u64;
        let until = Instant::now() + PATIENCE;
        while fs::metadata(&self.file).map_or(0, |file| file.len()) < whole && Instant::now() < until {
            thread::sleep(Duration::from_millis(50));
        }
        let command = format!("kill -INT {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &command]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        self.file.clone()
    }
}

/// Dropping ends the process, so that a failing test leaves none behind.
impl Drop for Tcpdump {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
