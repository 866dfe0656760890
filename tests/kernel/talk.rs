//! A conversation as it is played: the peer's frames are made here, the host's come from the kernel, and after each the
//! kernel is asked for its state and its counts.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};
use std::{fs, thread};

use etherparse::TcpHeader;

use crate::frame::{self, Seen};
use crate::host::{self, Counts, Host};
use crate::program::Program;
use crate::record::{Moment, Record, Recorded};
use crate::script::{self, Conversation, Number, Segment, Step};

/// Further frames that belong together come within this time.
const TOGETHER: Duration = Duration::from_micros(250);

/// The ports of one conversation: the host's, and the peer's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    pub(crate) host: u16,
    pub(crate) peer: u16,
}

struct Talk<'t> {
    host: &'t mut Host,
    said: &'t Conversation,
    ports: Ports,
    /// The peer's address.
    peer: IpAddr,
    program: Program,
    isn: u32,
    next: u32,
    /// The host's ISN and its next number.
    host_isn: Option<u32>,
    host_next: u32,
    host_timestamp: u32,
    id: u16,
    counted: Counts,
    record: Record,
}

/// Plays a conversation; `number` tells its peer from others of this host.
pub(crate) fn play(host: &mut Host, said: &Conversation, number: u8) -> io::Result<Record> {
    let ports = Ports { host: 8000 + u16::from(number), peer: 40_000 + u16::from(number) };
    let peer = host::peer(said.ipv6, number);
    let own = SocketAddr::new(host::address(said.ipv6), ports.host);
    let full = usize::from(said.mss) - if said.timestamps { 12 } else { 0 };
    let mut talk = Talk {
        host,
        said,
        ports,
        peer,
        program: Program::new(own, SocketAddr::new(peer, ports.peer), full),
        isn: 0x3000_0000 + u32::from(number) * 0x0101_0101,
        next: 0,
        host_isn: None,
        host_next: 0,
        host_timestamp: 0,
        id: 1,
        counted: Counts::now()?,
        record: Record::default(),
    };
    talk.next = talk.isn;
    let mut settings = Vec::new();
    let played = talk.play(&mut settings);
    let ended = talk.end();
    talk.host.cut_up(false)?;
    for (path, before) in settings.into_iter().rev() {
        fs::write(path, before)?;
    }
    played.and(ended)?;
    Ok(talk.record)
}

impl Talk<'_> {
    fn play(&mut self, settings: &mut Vec<(String, String)>) -> io::Result<()> {
        let settle =
            self.said.steps.iter().take_while(|step| matches!(step, Step::Set(..) | Step::CutUp)).count();
        for step in &self.said.steps[..settle] {
            self.step(step, settings)?;
        }
        self.program.begin(self.said.role)?;
        self.settle()?;
        for step in &self.said.steps[settle..] {
            self.step(step, settings)?;
        }
        Ok(())
    }

    fn step(&mut self, step: &Step, settings: &mut Vec<(String, String)>) -> io::Result<()> {
        match step {
            Step::Say(segment) => self.say(segment),
            Step::Do(call) => {
                self.program.call(*call)?;
                self.settle()
            }
            Step::Wait(time) => self.hear(usize::MAX, *time),
            Step::Hear(frames, time) => self.hear(*frames, *time),
            Step::CutUp => self.host.cut_up(true),
            Step::TooBig(mtu) => self.too_big(*mtu),
            Step::Set(name, value) => {
                let path = format!("/proc/sys/net/ipv4/{name}");
                settings.push((path.clone(), fs::read_to_string(&path)?));
                fs::write(path, value)
            }
        }
    }

    /// Takes what has come until nothing comes and nothing is counted any more, and asks for the state.
    fn settle(&mut self) -> io::Result<()> {
        let mut counted = self.counted.clone();
        loop {
            let mut came = false;
            while let Some((time, octets)) = self.host.next_frame(TOGETHER)? {
                came = true;
                self.take(time, octets);
            }
            let now = Counts::now()?;
            if !came && now == counted {
                break;
            }
            counted = now;
        }
        let moved = counted.since(&self.counted);
        self.counted = counted;
        let told = self.record.moments.last().map_or(0, |moment| moment.frames);
        if self.record.frames.len() > told || !moved.is_empty() {
            let state = host::state(self.said.ipv6, self.ports.host, self.ports.peer)?;
            self.record.moments.push(Moment { frames: self.record.frames.len(), state, moved });
        }
        Ok(())
    }

    fn take(&mut self, time: i64, octets: Vec<u8>) {
        // What a router says is kept, too; of other conversations nothing is.
        let from_host = octets[..6] != self.host.link.host;
        let Some(Seen { tcp, timestamp, .. }) = frame::seen(&octets) else {
            let icmp = octets.get(23) == Some(&1) || octets.get(20) == Some(&58);
            if icmp && !from_host {
                self.record.frames.push(Recorded { time, octets, from_host });
            }
            return;
        };
        let ports = if from_host {
            (tcp.source_port, tcp.destination_port)
        } else {
            (tcp.destination_port, tcp.source_port)
        };
        if ports != (self.ports.host, self.ports.peer) {
            return;
        }
        if from_host {
            let end = tcp.sequence_number.wrapping_add(frame::seen(&octets).map_or(0, |seen| seen.seq_len()));
            if tcp.syn {
                self.host_isn = Some(tcp.sequence_number);
                self.host_next = end;
            } else if self.host_isn.is_none() || (end.wrapping_sub(self.host_next) as i32) > 0 && !tcp.rst {
                self.host_next = end;
            }
            self.host_timestamp = timestamp.unwrap_or(self.host_timestamp);
        }
        self.record.frames.push(Recorded { time, octets, from_host });
    }

    fn say(&mut self, said: &Segment) -> io::Result<()> {
        let from = |number, isn: u32, next: u32| match number {
            Number::Isn(far) => isn.wrapping_add(far as u32),
            Number::Next(far) => next.wrapping_add(far as u32),
        };
        let seq = from(said.seq, self.isn, self.next);
        let window = said.window.unwrap_or(64_000);
        let mut tcp = TcpHeader::new(self.ports.peer, self.ports.host, seq, window);
        let host_isn = self.host_isn.unwrap_or(0);
        if let Some(ack) = said.ack {
            tcp.ack = true;
            tcp.acknowledgment_number = from(ack, host_isn, self.host_next);
        }
        for flag in said.flags.chars() {
            match flag {
                'S' => tcp.syn = true,
                'F' => tcp.fin = true,
                'R' => tcp.rst = true,
                'P' => tcp.psh = true,
                _ => {}
            }
        }
        tcp.set_options_raw(&self.options(said)).expect("they fit");
        let payload = vec![b'p'; said.len.into()];
        let own = host::address(self.said.ipv6);
        let packet = frame::packet(self.peer, own, self.id, tcp.clone(), &payload);
        self.id += 1;
        if said.counts {
            let len = u32::from(said.len) + u32::from(tcp.syn) + u32::from(tcp.fin);
            self.next = seq.wrapping_add(len);
        }
        let frame = frame::frame(self.host.link, self.said.ipv6, &packet);
        self.send(&frame)
    }

    /// Sends a frame to the host and waits until it is there: a busy machine lets it wait.
    fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        let to_host = |talk: &Self| talk.record.frames.iter().filter(|frame| !frame.from_host).count();
        let before = to_host(self);
        self.host.send(frame)?;
        for _ in 0..100 {
            if let Some((time, octets)) = self.host.next_frame(Duration::from_millis(10))? {
                self.take(time, octets);
            }
            if to_host(self) > before {
                break;
            }
        }
        self.settle()
    }

    fn options(&self, said: &Segment) -> Vec<u8> {
        let mut options = Vec::new();
        let syn = said.flags.contains('S');
        if syn {
            options.extend([2, 4]);
            options.extend(self.said.mss.to_be_bytes());
            if self.said.sack {
                options.extend([4, 2]);
            }
            if self.said.scale {
                options.extend([3, 3, 0]);
            }
        }
        if self.said.timestamps && !said.flags.contains('R') {
            options.extend([8, 10]);
            let now = (self.record.frames.last().map_or(0, |frame| frame.time) / 1_000_000) as u32;
            options.extend(now.to_be_bytes());
            options.extend(if said.ack.is_some() { self.host_timestamp } else { 0 }.to_be_bytes());
        }
        if !said.sack.is_empty() {
            options.extend([5, 2 + 8 * said.sack.len() as u8]);
            for (left, right) in &said.sack {
                for end in [left, right] {
                    options.extend(self.host_isn.unwrap_or(0).wrapping_add(*end as u32).to_be_bytes());
                }
            }
        }
        options.extend(&said.options);
        options.resize(options.len().next_multiple_of(4), 1);
        options
    }

    fn hear(&mut self, frames: usize, time: Duration) -> io::Result<()> {
        let of_host = |talk: &Self| talk.record.frames.iter().filter(|frame| frame.from_host).count();
        let wanted = of_host(self).saturating_add(frames);
        let until = Instant::now() + time;
        while of_host(self) < wanted {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            if let Some((time, octets)) = self.host.next_frame(left)? {
                self.take(time, octets);
                self.settle()?;
            }
        }
        // What is counted without a frame belongs to none.
        self.settle()
    }

    fn too_big(&mut self, mtu: u16) -> io::Result<()> {
        let latest = self.record.frames.iter().rev();
        let about = latest
            .filter(|frame| frame.from_host)
            .find(|frame| frame::seen(&frame.octets).is_some_and(|seen| seen.len > 0));
        let about = about.expect("the host has sent octets").octets.clone();
        let router = host::router(self.said.ipv6);
        let packet = frame::too_big(router, &about, mtu);
        let frame = frame::frame(self.host.link, self.said.ipv6, &packet);
        self.send(&frame)
    }

    /// Ends what is left of the connection, unrecorded, so that it does not move the counts of the next.
    fn end(&mut self) -> io::Result<()> {
        self.program.end()?;
        let (frames, moments) = (self.record.frames.len(), self.record.moments.len());
        for _ in 0..3 {
            let state = host::state(self.said.ipv6, self.ports.host, self.ports.peer)?;
            if ["CLOSED", "TIME-WAIT"].contains(&state) {
                break;
            }
            // An orphan: its own latest acknowledgement is what it expects.
            let latest = self.record.frames.iter().rev().filter(|frame| frame.from_host);
            let acked = latest.filter_map(|frame| frame::seen(&frame.octets)).find(|seen| seen.tcp.ack);
            self.next = acked.map_or(self.next, |seen| seen.tcp.acknowledgment_number);
            self.say(&script::segment("R").stray())?;
            thread::sleep(Duration::from_millis(1));
        }
        self.record.frames.truncate(frames);
        self.record.moments.truncate(moments);
        Ok(())
    }
}
