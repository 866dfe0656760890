//! `tcpdump -w`, the peer.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// It listens.
pub(crate) struct Tcpdump {
    child: Child,
    file: PathBuf,
    at_once: bool,
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
        Self { child, file, at_once }
    }

    pub(crate) fn finish(mut self) -> PathBuf {
        // It hands on what its buffer holds within a second.
        thread::sleep(Duration::from_millis(if self.at_once { 100 } else { 1500 }));
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        self.file.clone()
    }
}

/// A test that fails leaves nobody behind who listens.
impl Drop for Tcpdump {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
