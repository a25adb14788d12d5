//! A writer that blocks until it is told: order, waiting, and what becomes of an error.

use super::*;
use std::sync::Condvar;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// No condition takes this long; a test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A terminal that takes nothing while it is closed. Clones are the same one.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    closed: bool,
    broken: bool,
    /// Whether someone waits in front of it.
    blocks: bool,
    written: Vec<u8>,
}

impl Gate {
    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }

    /// Take nothing from now on.
    pub fn close(&self) {
        self.change(|state| state.closed = true);
    }

    /// Take everything from now on.
    pub fn open(&self) {
        self.change(|state| state.closed = false);
    }

    /// Fail from now on.
    pub fn break_down(&self) {
        self.change(|state| (state.closed, state.broken) = (false, true));
    }

    /// Wait until what was written is as described; gives it.
    pub fn waits(&self, is: impl Fn(&str) -> bool) -> String {
        self.until(|state| is(std::str::from_utf8(&state.written).unwrap()))
    }

    /// Wait until someone waits in front of it; gives what was written before.
    pub fn blocks(&self) -> String {
        self.until(|state| state.blocks)
    }

    fn until(&self, is: impl Fn(&State) -> bool) -> String {
        let state = self.0.0.lock().unwrap();
        let (state, waited) = self.0.1.wait_timeout_while(state, PATIENCE, |state| !is(state)).unwrap();
        let written = String::from_utf8(state.written.clone()).unwrap();
        assert!(!waited.timed_out(), "it did not come; written is:\n{written}");
        written
    }
}

impl Write for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.0.0.lock().unwrap();
        while state.closed {
            state.blocks = true;
            self.0.1.notify_all();
            state = self.0.1.wait(state).unwrap();
        }
        state.blocks = false;
        if state.broken {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "broken on purpose"));
        }
        state.written.extend_from_slice(bytes);
        self.0.1.notify_all();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nobody_waits_for_a_writer_that_blocks_and_nothing_is_lost_or_overtaken() {
    let gate = Gate::default();
    gate.close();
    let output = Output::start(gate.clone()).unwrap();
    let (told, done) = channel();
    for n in 0..100 {
        let told = told.clone();
        output.clone().pass(format!("{n} ").into_bytes(), move |at| told.send((n, at)).unwrap()).unwrap();
    }
    assert_eq!(gate.blocks(), "");
    assert!(done.try_recv().is_err(), "what is not written is not told as written");
    let opened = Instant::now();
    gate.open();
    let told: Vec<_> = (0..100).map(|_| done.recv_timeout(PATIENCE).unwrap()).collect();
    assert!(told.iter().map(|(n, _)| *n).eq(0..100));
    assert!(told.iter().all(|(_, at)| *at >= opened));
    let expected: String = (0..100).map(|n| format!("{n} ")).collect();
    assert_eq!(gate.waits(|_| true), expected);
}

#[test]
fn after_a_failure_everyone_is_told_why() {
    let gate = Gate::default();
    gate.close();
    let output = Output::start(gate.clone()).unwrap();
    let (told, done) = channel::<()>();
    let also = told.clone();
    output.pass(b"first".to_vec(), move |_| told.send(()).unwrap()).unwrap();
    output.pass(b"second".to_vec(), move |_| also.send(()).unwrap()).unwrap();
    gate.blocks();
    gate.break_down();
    // Both are dropped, and not before the reason is known.
    assert_eq!(done.recv_timeout(PATIENCE), Err(std::sync::mpsc::RecvTimeoutError::Disconnected));
    for _ in 0..2 {
        let error = output.pass(b"third".to_vec(), |_| {}).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (io::ErrorKind::StorageFull, "broken on purpose"));
    }
}

#[test]
fn an_error_of_the_system_stays_one() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::Error::from_raw_os_error(5))
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let output = Output::start(Gone).unwrap();
    while output.pass(b"x".to_vec(), |_| {}).is_ok() {
        thread::yield_now();
    }
    assert_eq!(output.failure().raw_os_error(), Some(5));
}

#[tokio::test]
async fn receipts_come_in_order_and_say_when_nothing_will_come() {
    let gate = Gate::default();
    gate.close();
    let output = Output::start(gate.clone()).unwrap();
    let mut receipts = Receipts::default();
    let dropped = Arc::new(AtomicUsize::new(0));
    for text in ["one", "two"] {
        let (told, counted) = (receipts.expect(), Arc::clone(&dropped));
        let then = move |at| {
            counted.fetch_add(1, Ordering::SeqCst);
            told(at);
        };
        output.pass(text.into(), then).unwrap();
    }
    drop(receipts.expect());
    let now = |receipts: &mut Receipts| receipts.poll_next(&mut Context::from_waker(std::task::Waker::noop()));
    gate.blocks();
    assert!(now(&mut receipts).is_pending());
    gate.open();
    let first = std::future::poll_fn(|context| receipts.poll_next(context)).await.unwrap();
    let second = std::future::poll_fn(|context| receipts.poll_next(context)).await.unwrap();
    assert!(first <= second && dropped.load(Ordering::SeqCst) == 2);
    assert_eq!(now(&mut receipts), Poll::Ready(None));
    assert!(now(&mut receipts).is_pending(), "nothing is waited for");
}

#[test]
fn a_page_is_handed_over_as_one_piece() {
    let mut page = Page::default();
    let whole = page.clone();
    write!(page, "a{}", 1).unwrap();
    page.flush().unwrap();
    page.write_all(b"b").unwrap();
    assert_eq!((whole.take(), whole.take()), (b"a1b".to_vec(), Vec::new()));
}
