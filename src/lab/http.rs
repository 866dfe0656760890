//! As much of HTTP/1.1 (RFC 9112) as a small page needs: requests without a body, answers of a known length.

/// Octets of a request's or an answer's head at most.
pub(super) const HEAD_LIMIT: usize = 16 * 1024;

/// Octets of an answer's body at most.
pub(super) const BODY_LIMIT: usize = 1 << 20;

/// A request, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Request {
    /// The answer to the request.
    pub(super) answer: Answer,
    /// The connection stays open for another request (RFC 9112, section 9.3).
    pub(super) keep: bool,
    /// Octets of the request.
    pub(super) len: usize,
}

/// The answers to a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// The page, or only its head.
    Page { body: bool },
    /// There is but one page.
    NotFound { body: bool },
    /// Neither GET nor HEAD.
    NotAllowed,
    /// Not HTTP/1.
    NotSupported,
    /// No request.
    Bad,
    /// A head without end.
    TooLarge,
}

/// Takes the first request of what was read; `None` until its head is whole. Octets that are no request close the
/// connection, since it is not known where the next one begins.
pub(super) fn request(octets: &[u8]) -> Option<Request> {
    let refuse = |answer| Some(Request { answer, keep: false, len: octets.len() });
    // Empty lines before a request are let pass (RFC 9112, section 2.2).
    let blank = octets.iter().take_while(|octet| matches!(octet, b'\r' | b'\n')).count();
    let Some(end) = head_end(&octets[blank..]) else {
        return if octets.len() > HEAD_LIMIT { refuse(Answer::TooLarge) } else { None };
    };
    let len = blank + end;
    if len > HEAD_LIMIT {
        return refuse(Answer::TooLarge);
    }
    let mut lines = lines(&octets[blank..len]);
    let mut words = lines.next().unwrap_or_default().split(|octet| *octet == b' ');
    let (Some(method), Some(target), Some(version), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return refuse(Answer::Bad);
    };
    let new = match version {
        b"HTTP/1.1" => true,
        b"HTTP/1.0" => false,
        _ => return refuse(if version.starts_with(b"HTTP/") { Answer::NotSupported } else { Answer::Bad }),
    };
    let (mut hosts, mut keep, mut body) = (0, new, false);
    for line in lines {
        let Some((name, value)) = field(line) else {
            return refuse(Answer::Bad);
        };
        if name.eq_ignore_ascii_case(b"host") {
            hosts += 1;
        } else if name.eq_ignore_ascii_case(b"connection") {
            if lists(value, b"close") {
                keep = false;
            } else if !new && lists(value, b"keep-alive") {
                keep = true;
            }
        } else if name.eq_ignore_ascii_case(b"content-length") {
            body |= value != b"0";
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            body = true;
        }
    }
    // Exactly one Host in 1.1 (RFC 9112, section 3.2). A body would have to be read before the next request.
    if body || (new && hosts != 1) || hosts > 1 {
        return refuse(if body && method == b"POST" { Answer::NotAllowed } else { Answer::Bad });
    }
    let answer = match method {
        b"GET" | b"HEAD" => {
            let body = method == b"GET";
            let path = target.split(|octet| *octet == b'?').next().unwrap_or_default();
            if path == b"/" { Answer::Page { body } } else { Answer::NotFound { body } }
        }
        _ => Answer::NotAllowed,
    };
    Some(Request { answer, keep, len })
}

const PAGE: &str = "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>tcpscope</title></head>
<body><h1>It travelled</h1><p>in segments, after a handshake. Reload: with keep-alive there is no second one.</p></body>
</html>
";

/// The answer, ready to be written.
pub(super) fn respond(answer: Answer, keep: bool) -> Vec<u8> {
    let (status, body, sent) = match answer {
        Answer::Page { body } => ("200 OK", PAGE, body),
        Answer::NotFound { body } => ("404 Not Found", "there is but one page, /\n", body),
        Answer::NotAllowed => ("405 Method Not Allowed", "only GET and HEAD\n", true),
        Answer::NotSupported => ("505 HTTP Version Not Supported", "HTTP/1.0 or HTTP/1.1\n", true),
        Answer::Bad => ("400 Bad Request", "this is no request\n", true),
        Answer::TooLarge => ("431 Request Header Fields Too Large", "the head is too long\n", true),
    };
    let kind = if matches!(answer, Answer::Page { .. }) { "text/html" } else { "text/plain" };
    let allow = if answer == Answer::NotAllowed { "Allow: GET, HEAD\r\n" } else { "" };
    let connection = if keep { "keep-alive" } else { "close" };
    let len = body.len();
    let body = if sent { body } else { "" };
    format!(
        "HTTP/1.1 {status}\r\nServer: tcpscope\r\n{allow}Content-Type: {kind}; charset=utf-8\r\n\
         Content-Length: {len}\r\nConnection: {connection}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A GET for this path; `None` if it cannot stand in a request.
pub(super) fn get(path: &[u8], host: &str, close: bool) -> Option<Vec<u8>> {
    if path.first() != Some(&b'/') || path.iter().any(|octet| !octet.is_ascii_graphic()) {
        return None;
    }
    let connection = if close { "Connection: close\r\n" } else { "" };
    let rest = format!(" HTTP/1.1\r\nHost: {host}\r\nUser-Agent: tcpscope\r\n{connection}\r\n");
    Some([b"GET ", path, rest.as_bytes()].concat())
}

/// How long the first answer in what was read is, head and body; `None` until its head is whole.
///
/// # Errors
///
/// It is no answer, or one whose length is not known beforehand.
pub(super) fn answer_len(octets: &[u8]) -> Result<Option<usize>, &'static str> {
    let Some(end) = head_end(octets) else {
        return if octets.len() > HEAD_LIMIT { Err("the head of its answer has no end") } else { Ok(None) };
    };
    let mut lines = lines(&octets[..end]);
    if !lines.next().is_some_and(|line| line.starts_with(b"HTTP/1.")) {
        return Err("its answer does not begin with HTTP/1");
    }
    let lengths = lines.filter_map(field).filter(|(name, _)| name.eq_ignore_ascii_case(b"content-length"));
    let mut lengths = lengths.map(|(_, value)| str::from_utf8(value).ok()?.parse::<usize>().ok());
    match (lengths.next(), lengths.next()) {
        (Some(Some(len)), None) if len <= BODY_LIMIT => Ok(Some(end + len)),
        (Some(Some(_)), None) => Err("its answer is longer than 1 MiB"),
        _ => Err("its answer does not say how long it is"),
    }
}

/// Where the head ends, its empty line included. A bare LF ends a line too (RFC 9112, section 2.2).
fn head_end(octets: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = octets.get(from..)?.iter().position(|octet| *octet == b'\n') {
        from += at + 1;
        match octets.get(from..)? {
            [b'\n', ..] => return Some(from + 1),
            [b'\r', b'\n', ..] => return Some(from + 2),
            _ => {}
        }
    }
    None
}

/// The lines of a head, up to the empty one.
fn lines(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let lines = head.split(|octet| *octet == b'\n');
    lines.map(|line| line.strip_suffix(b"\r").unwrap_or(line)).take_while(|line| !line.is_empty())
}

/// A name and its value.
fn field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|octet| *octet == b':')?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    // White space before the colon is how requests are smuggled (RFC 9112, section 5.1).
    (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some((name, value.trim_ascii()))
}

fn lists(value: &[u8], word: &[u8]) -> bool {
    value.split(|octet| *octet == b',').any(|one| one.trim_ascii().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn answer(text: &str) -> Answer {
        request(text.as_bytes()).expect("a whole head").answer
    }

    #[test]
    fn a_get_is_answered_and_the_connection_kept() {
        let get = get(b"/", "localhost", false).unwrap();
        let expected = Request { answer: Answer::Page { body: true }, keep: true, len: get.len() };
        assert_eq!(request(&get), Some(expected));
        assert_eq!(request(&[&get[..], &get[..]].concat()), Some(expected));
    }

    #[test]
    fn who_stays_is_as_the_version_and_the_client_say() {
        let keep = |text: &str| request(text.as_bytes()).unwrap().keep;
        assert!(!keep("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        assert!(!keep("GET / HTTP/1.0\r\n\r\n"));
        assert!(keep("GET / HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n"));
    }

    #[test]
    fn what_is_no_get_is_told_why() {
        assert_eq!(answer("GET /other HTTP/1.1\r\nHost: a\r\n\r\n"), Answer::NotFound { body: true });
        assert_eq!(answer("DELETE / HTTP/1.1\r\nHost: a\r\n\r\n"), Answer::NotAllowed);
        assert_eq!(answer("GET / HTTP/1.1\r\n\r\n"), Answer::Bad);
        assert_eq!(answer("GET / HTTP/1.1\r\nHost : a\r\n\r\n"), Answer::Bad);
        assert_eq!(answer("GET / HTTP/2.0\r\n\r\n"), Answer::NotSupported);
        assert_eq!(answer("hello\r\n\r\n"), Answer::Bad);
        assert_eq!(answer(&"x".repeat(HEAD_LIMIT + 1)), Answer::TooLarge);
    }

    #[test]
    fn a_body_is_never_taken_for_the_next_request() {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nGET / HTT";
        let found = request(text.as_bytes()).unwrap();
        assert_eq!((found.answer, found.keep, found.len), (Answer::NotAllowed, false, text.len()));
    }

    #[test]
    fn a_path_cannot_bring_a_header_along() {
        assert_eq!(get(b"/ HTTP/1.1\r\nX: y", "a", false), None);
        assert_eq!(get(b"other", "a", false), None);
    }

    proptest! {
        #[test]
        fn an_answer_says_its_length(body in any::<bool>(), keep in any::<bool>()) {
            for answer in [Answer::NotAllowed, Answer::Bad, Answer::TooLarge, Answer::Page { body: true }] {
                let octets = respond(answer, keep);
                prop_assert_eq!(answer_len(&octets), Ok(Some(octets.len())));
            }
            let head = respond(Answer::Page { body }, keep);
            prop_assert_eq!(answer_len(&head).unwrap().unwrap() == head.len(), body);
        }

        #[test]
        fn no_octets_are_too_much_for_it(octets in any::<Vec<u8>>(), text in "(GET|HEAD|[A-Z]+) [ -~]*\r?\n([a-zA-Z-]+: ?[ -~]*\r\n){0,4}\r\n") {
            for octets in [&octets[..], text.as_bytes()] {
                if let Some(found) = request(octets) {
                    prop_assert!((1..=octets.len()).contains(&found.len));
                }
                let _ = answer_len(octets);
            }
        }
    }
}
