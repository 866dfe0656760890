use super::*;

/// Gives `left` octets, one each time.
struct Trickle(usize);

impl Read for Trickle {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Ok(0);
        }
        assert!(!into.is_empty(), "a read into nothing looks like the end of the input");
        self.0 -= 1;
        into[0] = 7;
        Ok(1)
    }
}

#[test]
fn no_more_is_read_than_was_asked_for() {
    let mut buffer = Buffer::new(Box::new(Trickle(100)));
    assert!(buffer.need(3));
    assert_eq!(buffer.len(), 3);
}

#[test]
fn a_claim_of_many_octets_takes_no_memory_before_they_arrive() {
    let mut buffer = Buffer::new(Box::new(io::repeat(1).take(300_000)));
    assert!(!buffer.need(1 << 30));
    assert_eq!(buffer.len(), 300_000);
    assert!(buffer.store.len() <= 4 * 300_000);
}

#[test]
fn copies_that_happen_to_have_a_stores_size_are_not_hoarded() {
    let mut buffer = Buffer::new(Box::new(io::repeat(1)));
    for _ in 0..4 * SPARE {
        // More is left than was consumed, so what was consumed is copied.
        assert!(buffer.need(3 * CAPACITY));
        let from = buffer.start();
        buffer.consume(CAPACITY);
        let (copy, shift) = buffer.give_away(from);
        assert_eq!((copy.len(), shift), (CAPACITY, from));
        buffer.give_back(copy);
    }
    assert!(buffer.spare.len() <= SPARE, "{} are kept", buffer.spare.len());
}

/// Consumes the input in pieces of many sizes; what was seen of it.
fn consume(buffer: &mut Buffer) -> Vec<u8> {
    let mut seen = Vec::new();
    for count in (1..).map(|n| n * n % 150_021 + 1) {
        if !buffer.need(count) {
            seen.extend_from_slice(buffer.octets());
            break;
        }
        assert_eq!(buffer.offset(), seen.len() as u64);
        seen.extend_from_slice(&buffer.octets()[..count]);
        buffer.consume(count);
    }
    seen
}

#[test]
fn an_input_is_the_same_through_any_consumption_with_and_without_a_thread() {
    let octets: Vec<u8> = (0..7_000_000u32).map(|n| (n % 251) as u8).collect();
    for thread in [false, true] {
        let mut buffer = Buffer::new(Box::new(io::Cursor::new(octets.clone())));
        if thread {
            buffer.may_thread();
        }
        assert!(consume(&mut buffer) == octets);
        assert_eq!(thread, matches!(buffer.source, Source::Ahead(_)));
    }
}

#[test]
fn what_fails_in_the_thread_is_told_after_all_that_came_before() {
    let octets = vec![7; 3_000_000];
    let failing = Failing(Some(io::Error::other("broken")));
    let mut buffer = Buffer::new(Box::new(io::Cursor::new(octets.clone()).chain(failing)));
    buffer.may_thread();
    assert!(consume(&mut buffer) == octets);
    assert_eq!(buffer.take_failure().map(|error| error.to_string()).as_deref(), Some("broken"));
}

#[test]
fn a_reader_that_dies_in_the_thread_is_a_failure_and_no_end() {
    struct Dying;
    impl Read for Dying {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            panic!("as a decoder might")
        }
    }
    let mut buffer = Buffer::new(Box::new(io::repeat(1).take(3 * LONG).chain(Dying)));
    buffer.may_thread();
    assert_eq!(consume(&mut buffer).len() as u64, 3 * LONG);
    assert!(buffer.take_failure().is_some());
}
