//! Whatever is pressed on a large store: each log is a part of it without a hole, and the lists show what they say.

use super::shop::Shop;
use super::*;
use crate::app::logs::FIRST;
use crate::model::event::Envelope;
use crate::model::subject::is_under;

const SUBJECTS: [&str; 5] = ["/customer/1", "/order/1", "/customer/2", "/order/2/item/1", "/note"];

const KEYS: [&str; 26] = [
    "down",
    "down",
    "up",
    "enter",
    "enter",
    "enter",
    "esc",
    "esc",
    "tab",
    "shift-tab",
    "right",
    "left",
    "L",
    "L",
    "alt-l",
    "alt-g",
    "alt-g",
    "r",
    "t",
    "T",
    "i",
    "m",
    "d",
    "s",
    "g",
    "G",
];

/// What a key may be: one of [`KEYS`], or that others commit, or that the next stream is cut.
#[derive(Clone, Debug)]
enum Step {
    Press(usize),
    Commit,
    Cut(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        20 => (0..KEYS.len()).prop_map(Step::Press),
        1 => Just(Step::Commit),
        1 => (0usize..12).prop_map(Step::Cut),
    ];
    prop::collection::vec(step, 1..40)
}

/// Every log is a row of neighbours among the events of its subject on the server.
fn logs_are_whole_stretches(app: &App, shop: &Shop) {
    for (id, part, log) in app.world.logs() {
        let ids = |line: &[u8]| Envelope::from_line(line).unwrap().id.into_owned();
        let here: Vec<String> = (0..log.end()).map(|position| ids(&log.line(position).unwrap())).collect();
        let all: Vec<String> = shop.events(&part.subject).map(|event| event.id.into_owned()).collect();
        let start = match (&part.from, here.first()) {
            (Some(from), Some(first)) => {
                assert_eq!(from, first);
                all.iter().position(|id| id == from).unwrap()
            }
            _ => 0,
        };
        assert_eq!(here, all[start..start + here.len()], "log {id} of {part:?}");
    }
}

/// The list shows events of what it names, all of the log's.
fn list_is_of_its_scope(app: &App) {
    let (events, log) = (&app.explore.events, &app.world.log);
    let shown: BTreeSet<usize> = (0..events.len()).map(|index| events.position(index).unwrap()).collect();
    let subject = |position: usize| log.subjects().text(log.row(position).unwrap().subject);
    let expected: BTreeSet<usize> = match events.scope() {
        Scope::Subject(root) => (0..log.end()).filter(|position| is_under(subject(*position), root)).collect(),
        Scope::Kind(kind) => {
            let number = log.kinds().find(kind);
            (0..log.end()).filter(|position| Some(log.row(*position).unwrap().kind) == number).collect()
        }
        Scope::Trace(_) => return assert!(shown.iter().all(|position| *position < log.end())),
    };
    assert_eq!(shown, expected, "{:?}", events.scope());
    assert_eq!(app.explore.event.as_ref().map(|(position, _)| *position), events.selected());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_is_lost_and_nothing_is_there_twice(
        events in 0usize..90,
        page in 1usize..40,
        counts in any::<bool>(),
        tells in any::<bool>(),
        steps in steps(),
    ) {
        let mut shop = Shop::new(events, &SUBJECTS);
        (shop.counts, shop.tells) = (counts, tells);
        let mut app = shop.open(page);
        for step in steps {
            match step {
                Step::Press(key) => shop.press(&mut app, KEYS[key]),
                Step::Commit => shop.lines = Shop::new(shop.lines.len() + 3, &SUBJECTS).lines,
                Step::Cut(lines) => shop.cut = Some(lines),
            }
            logs_are_whole_stretches(&app, &shop);
            list_is_of_its_scope(&app);
            screen(&mut app, 100, 30);
        }
        // From wherever that has led, everything can be had.
        shop.cut = None;
        shop.press(&mut app, "alt-1 esc esc esc esc esc esc esc esc g");
        for _ in 0..100 {
            let key = match (app.explore.pane, app.world.store_is_whole()) {
                (Pane::Tree, false) => "alt-l",
                (Pane::Tree, true) if app.world.store_len() < shop.lines.len() => "r",
                (Pane::Tree, true) => break,
                _ => "esc",
            };
            shop.press(&mut app, key);
        }
        shop.press(&mut app, "g");
        prop_assert_eq!((app.world.shown(), app.world.log.len()), (FIRST, shop.lines.len()));
        let shown = screen(&mut app, 100, 30);
        prop_assert!(!shown.contains("in the first") && !shown.contains("loads more"), "{}", shown);
    }
}
