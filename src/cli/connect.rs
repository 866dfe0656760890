//! `tcpscope connect`: a client that sends what is typed, or what it is told to send.

use std::io::{self, BufRead, IsTerminal, Read};
use std::process;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::Duration;

use crate::lab::client::{Client, Options};
use crate::lab::error::Error;
use crate::lab::framing;
use crate::lab::mode::Mode;

use super::Outcome;
use super::args::lab::{ConnectArgs, Look, Switch};
use super::journal::Printed;
use super::request::Usage;
use super::serve::summary;
use super::signals::Ending;
use super::terminal::Terminal;
use super::{complain, tell};

/// How often to look whether the server is still there while nothing is typed.
const LOOK: Duration = Duration::from_millis(50);

/// Octets a typed line may have.
const LINE_LIMIT: usize = framing::LIMIT;

/// A conversation to be had, every default decided.
pub(super) struct Plan {
    mode: Mode,
    addresses: Vec<std::net::SocketAddr>,
    say: Say,
    interval: Option<Duration>,
    options: Options,
    look: Look,
    terminal: Terminal,
}

enum Say {
    Lines,
    Text { text: String, count: u64 },
}

impl Plan {
    pub(super) fn new(args: ConnectArgs, terminal: Terminal) -> Result<Self, Usage> {
        args.suits()?;
        let habit = args.mode.habit().filter(|_| !args.lines);
        let say = match (args.send, habit) {
            (Some(text), habit) => {
                let count = args.count.map_or(habit.map_or(1, |(_, count)| count), u64::from);
                Say::Text { text, count }
            }
            (None, Some((text, count))) => {
                Say::Text { text: text.into(), count: args.count.map_or(count, u64::from) }
            }
            (None, None) if args.count.is_some() => {
                return Err(Usage("--count says how often to send; add --send TEXT".into()));
            }
            (None, None) => Say::Lines,
        };
        if let Say::Text { text, .. } = &say {
            Client::can_say(args.mode, text.as_bytes()).map_err(|error| Usage(error.to_string()))?;
        }
        let close_first = args.ending.close_first.into();
        if let (Mode::Http, crate::wire::call::Role::Server, Say::Text { count: 2.., .. }) =
            (args.mode, close_first, &say)
        {
            return Err(Usage(
                "with --close-first server the first answer ends the connection; leave out --count".into(),
            ));
        }
        let options = Options {
            buffer: args.buffer,
            answer: args.answer,
            nodelay: args.ending.nodelay.map(|switch| switch == Switch::On),
            close: args.ending.close,
            close_first,
            patience: args.timeout,
        };
        Ok(Self {
            mode: args.mode,
            addresses: args.address.0,
            say,
            interval: args.interval,
            options,
            look: args.look,
            terminal,
        })
    }
}

/// Runs the conversation.
///
/// # Errors
///
/// Standard output could not be written.
pub(super) fn connect(plan: &Plan) -> io::Result<Outcome> {
    // The error cannot be reported: what remains is to leave, and the system closes the connection.
    let leave = |error: &io::Error| match error.kind() {
        io::ErrorKind::BrokenPipe => process::exit(0),
        _ => {
            complain(&format_args!("cannot write the output: {error}"));
            process::exit(1);
        }
    };
    let journal = Arc::new(Printed::new(&plan.look, plan.terminal, plan.mode, leave));
    let mut client = match open(plan, &journal) {
        Ok(client) => client,
        Err(error) => {
            complain(&error);
            return Ok(Outcome::Incomplete);
        }
    };
    // From here on there is something to close. Before, a signal ends the process by itself.
    let handle = client.handle();
    let ending = match Ending::new(move || handle.stop()) {
        Ok(ending) => ending,
        Err(error) => {
            complain(&format_args!("cannot wait for signals: {error}"));
            return Ok(Outcome::Incomplete);
        }
    };
    let said = match &plan.say {
        Say::Text { text, count } => repeat(&mut client, text, *count, plan.interval, &ending),
        Say::Lines => lines(&mut client, plan, &ending),
    };
    // What was broken off went as it was wanted.
    let said = if ending.has_come() { Ok(()) } else { said };
    let finished = client.finish();
    journal.outcome()?;
    let outcome = match said.and(finished.map_err(|error| error.to_string())) {
        Ok(totals) => {
            tell(&summary(plan.mode, &totals));
            Outcome::Complete
        }
        Err(sentence) => {
            complain(&sentence);
            Outcome::Incomplete
        }
    };
    ending.end();
    Ok(outcome)
}

/// Tries the addresses of the name, one after the other.
fn open(plan: &Plan, journal: &Arc<Printed>) -> Result<Client, Error> {
    let mut addresses = plan.addresses.iter();
    loop {
        let address = addresses.next().copied().unwrap_or_else(|| ([127, 0, 0, 1], 8080).into());
        match Client::connect(plan.mode, address, plan.options.clone(), journal.clone()) {
            Err(_) if addresses.len() > 0 => {}
            result => return result,
        }
    }
}

fn repeat(
    client: &mut Client,
    text: &str,
    count: u64,
    interval: Option<Duration>,
    ending: &Ending,
) -> Result<(), String> {
    for number in 0..count {
        if let Some(interval) = interval.filter(|_| number > 0)
            && ending.within(interval).is_some()
        {
            break;
        }
        client.say(text.as_bytes()).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Sends what is typed, until `q`, the end of the input, the server's close, or a signal.
fn lines(client: &mut Client, plan: &Plan, ending: &Ending) -> Result<(), String> {
    if io::stdin().is_terminal() {
        tell(&"Type a line to send it, q to leave.");
    }
    let typed = typed();
    let mut begun = false;
    loop {
        match typed.recv_timeout(LOOK) {
            Ok(line) => {
                let line = line?;
                if leaves(&line) {
                    return Ok(());
                }
                // Nothing cannot be seen in a stream. A frame, and a datagram, may be empty.
                if line.is_empty() && !matches!(plan.mode, Mode::Framed | Mode::Udp) {
                    continue;
                }
                if let Some(interval) = plan.interval.filter(|_| std::mem::replace(&mut begun, true))
                    && ending.within(interval).is_some()
                {
                    return Ok(());
                }
                match client.say(&line) {
                    // A slip of the hand ends nothing.
                    Err(error @ Error::Path) => complain(&error),
                    result => result.map_err(|error| error.to_string())?,
                }
            }
            Err(_) if ending.has_come() => return Ok(()),
            Err(RecvTimeoutError::Timeout) if client.is_over() => {
                tell(&"The server has ended the conversation.");
                return Ok(());
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// Whether a line ends the conversation. So does the letter that a Chinese input method writes in its place.
fn leaves(line: &[u8]) -> bool {
    ["q", "Q", "ｑ", "Ｑ"].iter().any(|letter| line == letter.as_bytes())
}

/// Lines of standard input, as they come. The thread that waits for them ends with the program.
fn typed() -> Receiver<Result<Vec<u8>, String>> {
    let (send, receive) = mpsc::sync_channel(16);
    thread::spawn(move || pass_on(&mut io::stdin().lock(), &send));
    receive
}

/// Hands on the lines up to the end of the input.
fn pass_on(input: &mut impl BufRead, send: &SyncSender<Result<Vec<u8>, String>>) {
    loop {
        let (line, last) = match line(input) {
            Ok(Some(Typed { line, last })) => (Ok(line), last),
            Ok(None) => return,
            Err(error) => (Err(error), true),
        };
        if send.send(line).is_err() || last {
            return;
        }
    }
}

/// Lines as they were typed.
struct Typed {
    /// Without its end.
    line: Vec<u8>,
    /// Whether the input ended in the middle of the line. A terminal forgets that its input ended, and must not be
    /// asked again.
    last: bool,
}

/// The next line, if there is one.
fn line(input: &mut impl BufRead) -> Result<Option<Typed>, String> {
    let mut line = Vec::new();
    // Room for the longest line and its end.
    let read = input.take(LINE_LIMIT as u64 + 2).read_until(b'\n', &mut line);
    if read.map_err(|error| format!("cannot read standard input: {error}"))? == 0 {
        return Ok(None);
    }
    let ended = line.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line).len());
    let last = ended.is_none();
    line.truncate(ended.unwrap_or(line.len()));
    if line.len() > LINE_LIMIT {
        return Err(format!("a line is longer than {LINE_LIMIT} octets (1 MiB): it was not sent"));
    }
    Ok(Some(Typed { line, last }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A terminal: each of these is what one read gives, and nothing is an end that can be read past.
    struct Keys(Vec<&'static [u8]>);

    impl Read for Keys {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            assert!(!self.0.is_empty(), "it asks again after the end");
            let typed = self.0.remove(0);
            buffer[..typed.len()].copy_from_slice(typed);
            Ok(typed.len())
        }
    }

    #[test]
    fn what_is_typed_before_the_end_of_the_input_is_the_last_line() {
        for (keys, lines) in [
            (vec![&b"one\r\n\n"[..], b"two", b""], vec![&b"one"[..], b"", b"two"]),
            (vec![b"one\n", b""], vec![b"one"]),
        ] {
            let (send, typed) = mpsc::sync_channel(16);
            pass_on(&mut io::BufReader::new(Keys(keys)), &send);
            drop(send);
            assert_eq!(typed.into_iter().map(Result::unwrap).collect::<Vec<_>>(), lines);
        }
    }
}
