//! A journal that keeps what is reported.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use tcpscope::wire::call::{Call, Failure, Journal, Message, Remark, Role, What};

/// Long enough for a slow machine, short enough that a test which waits in vain ends.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Default)]
pub(crate) struct Written {
    calls: Mutex<Vec<Call<'static>>>,
    messages: Mutex<Vec<Vec<u8>>>,
    remarks: Mutex<Vec<String>>,
}

impl Journal for Written {
    fn call(&self, call: &Call<'_>) {
        self.calls.lock().expect("no test has panicked with it").push(call.clone().into_owned());
    }

    fn message(&self, message: &Message<'_>) {
        self.messages.lock().expect("no test has panicked with it").push(message.octets.to_vec());
    }

    fn remark(&self, remark: &Remark) {
        self.remarks.lock().expect("no test has panicked with it").push(remark.sentence.clone());
    }
}

impl Written {
    pub(crate) fn calls(&self) -> Vec<Call<'static>> {
        self.calls.lock().expect("no test has panicked with it").clone()
    }

    pub(crate) fn messages(&self) -> Vec<Vec<u8>> {
        self.messages.lock().expect("no test has panicked with it").clone()
    }

    pub(crate) fn remarks(&self) -> Vec<String> {
        self.remarks.lock().expect("no test has panicked with it").clone()
    }

    /// How many calls there were of a kind.
    pub(crate) fn count(&self, kind: impl Fn(&What) -> bool) -> usize {
        self.calls
            .lock()
            .expect("no test has panicked with it")
            .iter()
            .filter(|call| kind(&call.what))
            .count()
    }

    /// What each read, or each datagram, brought.
    pub(crate) fn reads(&self, who: Role) -> Vec<Vec<u8>> {
        let calls = self.calls.lock().expect("no test has panicked with it");
        let reads = calls
            .iter()
            .filter(|call| call.who == who && matches!(call.what, What::Read { .. } | What::Receive { .. }));
        reads.map(|call| call.octets.to_vec()).collect()
    }

    /// All of it in a row.
    pub(crate) fn read(&self, who: Role) -> Vec<u8> {
        self.reads(who).concat()
    }

    /// What the last read returned.
    pub(crate) fn last_read(&self) -> Option<Result<usize, Failure>> {
        let calls = self.calls.lock().expect("no test has panicked with it");
        let mut reads = calls.iter().rev().filter(|call| matches!(call.what, What::Read { .. }));
        reads.next().map(|call| call.result)
    }
}

/// Waits until it is so.
pub(crate) fn until(so: impl Fn() -> bool) {
    for _ in 0..PATIENCE.as_millis() {
        if so() {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("it never was so");
}
