use super::*;
use crate::app::command::{Command, Place, commands};
use crossterm::event::{KeyCode, KeyModifiers};
use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

/// One character each, of more bytes and letters than it looks.
const FAMILY: &str = "👩‍👩‍👧";
const E: &str = "e\u{301}";

fn press(line: &mut TypedLine, keys: &str) {
    for key in keys.split_whitespace() {
        line.key(Key::named(key).unwrap());
    }
}

/// The text with the cursor in it, and what is selected in brackets.
fn shown(line: &TypedLine) -> String {
    let mut signs = vec![(line.cursor(), '|')];
    if let Some(range) = line.selection() {
        signs = vec![(range.start, '['), (range.end, ']')];
    }
    let mut out = line.text().to_owned();
    signs.into_iter().rev().for_each(|(at, sign)| out.insert(at, sign));
    out
}

fn after(text: &str, keys: &str) -> String {
    let mut line = TypedLine::new(text);
    press(&mut line, keys);
    shown(&line)
}

#[test]
fn moves_by_characters_words_and_to_the_ends() {
    for (keys, expected) in [
        ("left", "/order/12 and |x"),
        ("ctrl-b ctrl-b ctrl-f", "/order/12 and |x"),
        ("right", "/order/12 and x|"),
        ("home", "|/order/12 and x"),
        ("ctrl-a right", "/|order/12 and x"),
        ("ctrl-a ctrl-e", "/order/12 and x|"),
        ("ctrl-left", "/order/12 and |x"),
        ("alt-b alt-b", "/order/12 |and x"),
        ("alt-b alt-b alt-b ctrl-left", "/order|/12 and x"),
        ("home ctrl-right", "/|order/12 and x"),
        ("home alt-f alt-f alt-f alt-f", "/order/12 |and x"),
        ("home alt-f alt-f alt-f alt-f alt-f alt-f", "/order/12 and x|"),
    ] {
        assert_eq!(after("/order/12 and x", keys), expected, "{keys}");
    }
}

#[test]
fn clears_and_puts_back() {
    for (keys, expected) in [
        ("backspace ctrl-h backspace", "one tw|"),
        ("home delete ctrl-d", "|e two, "),
        ("ctrl-w", "one two|"),
        ("alt-backspace alt-backspace", "one |"),
        ("left left ctrl-u", "|, "),
        ("home alt-d", "| two, "),
        ("home ctrl-k ctrl-y ctrl-y", "one two, one two, |"),
        ("ctrl-a alt-f ctrl-k ctrl-u", "|"),
        ("ctrl-a alt-f ctrl-k home ctrl-y", "two, |one "),
        ("ctrl-u ctrl-z", "one two, |"),
        ("ctrl-u ctrl-z alt-z", "|"),
    ] {
        assert_eq!(after("one two, ", keys), expected, "{keys}");
    }
}

#[test]
fn what_is_selected_gives_way() {
    for (keys, expected) in [
        ("shift-left shift-left x", "orderx|"),
        ("shift-home", "[order-1]"),
        ("home ctrl-shift-right", "[order]-1"),
        ("shift-home delete", "|"),
        ("shift-left ctrl-x home ctrl-y", "1|order-"),
        ("shift-left ctrl-u", "order-|"),
        ("shift-left left", "order|-1"),
        ("shift-left ctrl-x ctrl-z", "order-|1"),
        ("home shift-end shift-left y", "y|1"),
    ] {
        assert_eq!(after("order-1", keys), expected, "{keys}");
    }
    let mut line = TypedLine::offering("offered");
    assert_eq!(shown(&line), "[offered]");
    press(&mut line, "x");
    assert_eq!(shown(&line), "x|");
    let mut line = TypedLine::offering("offered");
    press(&mut line, "right x ctrl-y");
    assert_eq!(shown(&line), "offeredx|", "a movement keeps it, and nothing was cleared yet");
    let mut line = TypedLine::offering("offered");
    line.insert("a\r\nb\n");
    assert_eq!(shown(&line), "a b|");
}

#[test]
fn a_line_stays_one() {
    assert_eq!(TypedLine::new("a\nb\r\n").text(), "a b");
    assert_eq!(after("a", "enter ctrl-m ctrl-j x"), "ax|");
    let mut line = TypedLine::new("ab");
    assert!(!line.key(Key::plain(KeyCode::Char('\n'))));
    press(&mut line, "left");
    line.insert("1\r\n\r\n2");
    assert_eq!(shown(&line), "a1 2|b");
}

#[test]
fn no_key_takes_a_part_of_a_character() {
    let text = format!("漢{FAMILY}{E}x");
    assert_eq!(after(&text, "left left"), format!("漢{FAMILY}|{E}x"));
    assert_eq!(after(&text, "left left left"), format!("漢|{FAMILY}{E}x"));
    assert_eq!(after(&text, "home right right right"), format!("漢{FAMILY}{E}|x"));
    assert_eq!(after(&text, "left backspace backspace"), "漢|x");
    assert_eq!(after(&text, "home delete delete"), format!("|{E}x"));
    // What is typed may become one with what stands before the cursor, or behind it.
    let mut line = TypedLine::new("ex");
    press(&mut line, "left");
    line.key(Key::plain(KeyCode::Char('\u{301}')));
    assert_eq!(shown(&line), format!("{E}|x"));
    let mut line = TypedLine::new("👩👧");
    press(&mut line, "left");
    line.key(Key::plain(KeyCode::Char('\u{200d}')));
    assert_eq!(shown(&line), "👩\u{200d}👧|");
}

#[test]
fn changes_are_taken_back_word_by_word_and_made_again() {
    let mut line = TypedLine::default();
    press(&mut line, "o n e space t w o");
    press(&mut line, "ctrl-z");
    assert_eq!(shown(&line), "one |");
    press(&mut line, "ctrl-z ctrl-z");
    assert_eq!(shown(&line), "|");
    press(&mut line, "alt-z alt-z alt-z");
    assert_eq!(shown(&line), "one two|");
    line.replace("other");
    press(&mut line, "ctrl-z");
    assert_eq!(line.text(), "one two");
    press(&mut line, "x alt-z");
    assert_eq!(line.text(), "one twox", "what was typed since is not lost");
}

#[test]
fn no_more_changes_are_kept_than_are_meant_to_be() {
    let mut line = TypedLine::default();
    (0..UNDONE + 10).for_each(|_| line.insert("x"));
    let undone = (0..).take_while(|_| line.undo()).count();
    assert_eq!((undone, line.text().len()), (UNDONE, 10));
}

#[test]
fn the_text_moves_no_further_than_the_cursor_asks() {
    let line = TypedLine::default();
    let at = |column: usize| column..column + 1;
    assert_eq!(line.scroll(10, at(20), 20), 11, "behind the end, there is room for the cursor");
    assert_eq!(line.scroll(10, at(15), 20), 11);
    assert_eq!(line.scroll(10, at(12), 20), 11, "beside the sign");
    assert_eq!(line.scroll(10, at(11), 20), 10);
    assert_eq!(line.scroll(10, at(18), 20), 10);
    assert_eq!(line.scroll(10, at(19), 20), 11);
    assert_eq!(line.scroll(10, at(0), 20), 0);
    assert_eq!(line.scroll(10, 8..10, 20), 1, "a wide character is seen whole, and the sign behind it");
    assert_eq!(line.scroll(10, at(20), 20), 11);
    assert_eq!(line.scroll(16, at(20), 20), 5, "no room stays empty in a wider window");
    assert_eq!(line.scroll(30, at(20), 20), 0);
    assert_eq!((line.scroll(1, at(20), 20), line.scroll(0, at(20), 20)), (20, 20));
}

#[test]
fn the_help_tells_every_key_of_a_line() {
    let told: Vec<Key> = commands()
        .filter(|info| info.place == Place::Line)
        .inspect(|info| assert_eq!(info.command, Command::EditLine))
        .flat_map(crate::app::command::keys_of)
        .collect();
    for key in &told {
        assert!(keys::edit_of(*key).is_some(), "{key} does nothing");
    }
    let named = ["left", "right", "up", "down", "home", "end", "backspace", "delete", "insert", "tab", "pgup"];
    let letters = ('a'..='z').map(String::from);
    for code in named.into_iter().map(str::to_owned).chain(letters) {
        for held in ["", "ctrl-", "alt-"] {
            let key = Key::named(&format!("{held}{code}")).unwrap();
            let is_known = key.is_text() || told.contains(&key) || matches!(key.code, KeyCode::Home | KeyCode::End);
            assert!(is_known || keys::edit_of(key).is_none(), "{key} is not told");
        }
    }
}

/// Keys that edit: those of letters, and those that take something away or bring it back.
fn edits(key: Key) -> bool {
    !matches!(keys::edit_of(key), None | Some(Edit::Go(_) | Edit::Select(_)))
}

fn any_key() -> impl Strategy<Value = Key> {
    let code = prop_oneof![
        prop::sample::select(vec![
            KeyCode::Left,
            KeyCode::Right,
            KeyCode::Home,
            KeyCode::End,
            KeyCode::Up,
            KeyCode::Down,
            KeyCode::PageUp,
            KeyCode::Enter,
            KeyCode::Tab,
            KeyCode::Backspace,
            KeyCode::Delete,
            KeyCode::F(5),
        ]),
        prop::sample::select("abdefhjkmnpuvwxyz /漢é\u{301}\u{200d}👩👧🇩🇪\u{7f}\n".chars().collect::<Vec<_>>())
            .prop_map(KeyCode::Char),
    ];
    let held = prop::sample::select(vec![
        KeyModifiers::NONE,
        KeyModifiers::NONE,
        KeyModifiers::SHIFT,
        KeyModifiers::CONTROL,
        KeyModifiers::ALT,
        KeyModifiers::CONTROL | KeyModifiers::ALT,
        KeyModifiers::CONTROL | KeyModifiers::SHIFT,
    ]);
    (code, held).prop_map(|(code, modifiers)| Key::from(crossterm::event::KeyEvent::new(code, modifiers)))
}

fn is_boundary(text: &str, at: usize) -> bool {
    at == text.len() || text.grapheme_indices(true).any(|(start, _)| start == at)
}

proptest! {
    #[test]
    fn the_cursor_stands_between_characters_whatever_is_pressed(
        start in "[a漢é /👩👧\u{200d}\u{301}]{0,12}",
        pasted in "[ab\r\n\u{301}👩\u{200d}]{0,6}",
        keys in prop::collection::vec(any_key(), 0..60),
    ) {
        let mut line = TypedLine::new(&start);
        for (nth, key) in keys.into_iter().enumerate() {
            let before = line.clone();
            let changed = line.key(key);
            prop_assert!(changed || line.text() == before.text(), "{key} changed it and did not say so");
            prop_assert!(edits(key) || line.text() == before.text(), "{key} is no editing key");
            prop_assert!(is_boundary(line.text(), line.cursor()), "{key} {:?} {}", line.text(), line.cursor());
            prop_assert!(!line.text().contains(['\n', '\r']));
            if changed && !matches!(keys::edit_of(key), Some(Edit::Undo | Edit::Redo)) {
                let mut back = line.clone();
                back.undo();
                back.redo();
                prop_assert_eq!(back.text(), line.text());
            }
            if nth == 20 {
                line.insert(&pasted);
            }
            if let Some(range) = line.selection() {
                prop_assert!(is_boundary(line.text(), range.start) && is_boundary(line.text(), range.end));
            }
        }
        // Everything comes back.
        while line.redo() {}
        let last = line.text().to_owned();
        while line.undo() {}
        prop_assert_eq!(line.text(), one_line(&start));
        while line.redo() {}
        prop_assert_eq!(line.text(), last);
    }

    #[test]
    fn the_cursor_is_always_seen(
        steps in prop::collection::vec((1usize..30, 0usize..40, 1usize..3), 1..20),
        wide in 0usize..60,
    ) {
        let line = TypedLine::default();
        for (room, at, width) in steps {
            let start = at.min(wide);
            let cursor = start..(start + width).min(wide).max(start + 1);
            let left = line.scroll(room, cursor.clone(), wide);
            prop_assert!(left <= start && start < left + room);
            prop_assert!(cursor.end <= left + room || room < cursor.len(), "{cursor:?} at {left} in {room}");
            prop_assert!(left == 0 || left + room <= wide + 1, "no empty room");
            prop_assert_eq!(line.scroll(room, cursor, wide), left, "drawing again changes nothing");
        }
    }
}
