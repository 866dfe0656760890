use std::sync::Arc;
use std::thread;

use super::*;

fn frame(number: u64, captured: &[u8]) -> Frame<'_> {
    Frame { number, time: None, link: LinkType::ETHERNET, original_len: captured.len() + 1, captured }
}

fn numbers(batch: &Batch) -> Vec<u64> {
    batch.frames(LinkType::ETHERNET).map(|frame| frame.number).collect()
}

#[test]
fn what_was_put_in_comes_out_whole_and_in_order() {
    let queue = Queue::new(1 << 20);
    for (number, octets) in [(1, "one"), (2, ""), (3, "three")] {
        queue.push(&frame(number, octets.as_bytes()));
    }
    let mut batch = Batch::default();
    queue.take(&mut batch, None);
    let all: Vec<_> = batch
        .frames(LinkType::RAW)
        .map(|frame| (frame.number, frame.captured.to_vec(), frame.original_len, frame.link))
        .collect();
    let expected = [(1, "one", 4), (2, "", 1), (3, "three", 6)]
        .map(|(number, octets, len)| (number, octets.as_bytes().to_vec(), len, LinkType::RAW));
    assert_eq!(all, expected);
    queue.push(&frame(4, b"four"));
    queue.take(&mut batch, None);
    assert_eq!(numbers(&batch), [4], "what was taken before is gone");
}

#[test]
fn what_finds_no_room_is_counted_and_the_rest_stays() {
    let queue = Queue::new(3 * (100 + size_of::<Record>()));
    for number in 1..=5 {
        queue.push(&frame(number, &[0; 100]));
    }
    queue.count(7, 2);
    let mut batch = Batch::default();
    let taken = queue.take(&mut batch, None);
    assert_eq!(numbers(&batch), [1, 2, 3]);
    assert_eq!(taken.losses, Losses { received: 7, by_kernel: 2, by_queue: 2 });
    // There is room again.
    queue.push(&frame(6, &[0; 100]));
    queue.take(&mut batch, None);
    assert_eq!(numbers(&batch), [6]);
}

#[test]
fn nobody_waits_longer_than_asked() {
    let mut batch = Batch::default();
    let taken = Queue::new(1 << 20).take(&mut batch, Some(Duration::from_millis(1)));
    assert!(batch.is_empty() && !taken.last);
}

#[test]
fn closing_ends_the_wait_and_loses_nothing() {
    let queue = Arc::new(Queue::new(1 << 20));
    let reader = {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            let (mut batch, mut all) = (Batch::default(), Vec::new());
            loop {
                let taken = queue.take(&mut batch, None);
                all.extend(numbers(&batch));
                if taken.last {
                    return all;
                }
            }
        })
    };
    for number in 1..=1000 {
        queue.push(&frame(number, b"frame"));
    }
    queue.close();
    assert!(reader.join().unwrap().into_iter().eq(1..=1000));
}

#[test]
fn a_writer_never_waits_for_a_reader_that_does_not_come() {
    let queue = Queue::new(1 << 10);
    for number in 1..=100_000 {
        queue.push(&frame(number, &[0; 60]));
    }
    let taken = queue.take(&mut Batch::default(), None);
    assert!(taken.losses.by_queue > 99_000);
}

#[test]
fn who_asks_for_all_knows_when_it_was_put_in_and_taken() {
    let queue = Queue::new(1 << 20);
    let mut batch = Batch::default();
    let number = queue.ask();
    assert_eq!((queue.asked(), queue.has_reached(number)), (number, false));
    queue.push(&frame(1, b"one"));
    queue.reach(number);
    assert!(!queue.has_reached(number), "it was put in, and nobody took it");
    queue.take(&mut batch, None);
    assert!(queue.has_reached(number));
    let next = queue.ask();
    assert!(!queue.has_reached(next));
    queue.close();
    assert!(queue.has_reached(next), "nothing will follow");
}
