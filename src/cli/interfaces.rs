//! `tcpscope interfaces`: what can be sniffed.

use std::io::{self, Write};

use crate::capture::live::interfaces::{Device, list};
use crate::view::visible::Visible;

use super::Outcome;

/// Lists them on standard output.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn interfaces() -> io::Result<Outcome> {
    let mut out = io::stdout().lock();
    write(&mut out, &list())?;
    out.flush()?;
    Ok(Outcome::Complete)
}

fn write(out: &mut impl Write, devices: &[Device]) -> io::Result<()> {
    let names: Vec<_> = devices.iter().map(|device| Visible(&device.name).to_string()).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (device, name) in devices.iter().zip(names) {
        let state = if device.up { "up" } else { "down" };
        let link = if device.loopback { "loopback".into() } else { device.link.name() };
        let addrs: Vec<_> = device.addrs.iter().map(ToString::to_string).collect();
        let line = format!("{name:width$}  {state:4}  {link:8}  {}", addrs.join("  "));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::frame::LinkType;

    #[test]
    fn columns_align_and_names_cannot_command_the_terminal() {
        let lo = Device {
            name: "lo".into(),
            link: LinkType::ETHERNET,
            up: true,
            loopback: true,
            addrs: vec![[127, 0, 0, 1].into()],
        };
        let odd = Device {
            name: "\u{1b}[2J".into(),
            link: LinkType::RAW,
            up: false,
            loopback: false,
            addrs: vec![],
        };
        let mut out = Vec::new();
        write(&mut out, &[lo, odd]).unwrap();
        let expected = "lo       up    loopback  127.0.0.1\n\\x1b[2J  down  raw IP\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
