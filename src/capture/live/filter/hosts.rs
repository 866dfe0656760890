//! Whether an address in a header is one that is asked for.

use std::net::IpAddr;

use super::assembler::Label;
use super::{HOST_FITS, Writer};

impl Writer<'_> {
    /// The end for what only the addresses decide.
    pub(super) fn by_host(&mut self) {
        if !self.selection.hosts.is_empty() {
            self.code.load_memory(HOST_FITS);
            self.code.if_is(0, Label::DROP);
        }
        self.code.go(Label::PASS);
    }

    pub(super) fn v4_hosts(&self) -> Vec<u32> {
        let hosts = self.selection.hosts.iter();
        hosts
            .filter_map(|host| if let IpAddr::V4(host) = host { Some(host.to_bits()) } else { None })
            .collect()
    }

    /// Notes whether an address of the IPv4 header at X is among the hosts.
    pub(super) fn v4_host_fits(&mut self) {
        let [fits, done] = [self.code.label(), self.code.label()];
        let hosts = self.v4_hosts();
        for at in [12, 16] {
            self.code.load_word_x(at);
            self.code.if_any(&hosts, fits);
        }
        self.note_host(fits, done);
    }

    /// Like [`v4_host_fits`](Self::v4_host_fits), but for the IPv6 header at X: four words an address.
    pub(super) fn v6_host_fits(&mut self) {
        let [fits, done] = [self.code.label(), self.code.label()];
        for at in [8, 24] {
            for host in &self.selection.hosts {
                let IpAddr::V6(host) = host else { continue };
                let next = self.code.label();
                for (n, word) in host.octets().chunks_exact(4).enumerate() {
                    self.code.load_word_x(at + 4 * n as u32);
                    self.code.unless(u32::from_be_bytes([word[0], word[1], word[2], word[3]]), next);
                }
                self.code.go(fits);
                self.code.place(next);
            }
        }
        self.note_host(fits, done);
    }

    fn note_host(&mut self, fits: Label, done: Label) {
        self.code.a_is(0);
        self.code.go(done);
        self.code.place(fits);
        self.code.a_is(1);
        self.code.place(done);
        self.code.store(HOST_FITS);
    }
}
