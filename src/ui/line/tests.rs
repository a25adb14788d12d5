use super::*;
use crate::app::key::Key;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// The row as text, and the column of the terminal's cursor.
fn drawn(view: &LineView<'_>, columns: u16) -> (String, u16) {
    let mut terminal = Terminal::new(TestBackend::new(columns, 1)).unwrap();
    terminal.draw(|frame| view.draw(frame, frame.area(), &Theme::default())).unwrap();
    let cursor = terminal.get_cursor_position().unwrap();
    let buffer = terminal.backend().buffer();
    let (mut text, mut x) = (String::new(), 0);
    while x < columns {
        let symbol = buffer[(x, 0)].symbol();
        text.push_str(symbol);
        x += narrow(width(symbol)).max(1);
    }
    (text.trim_end().to_owned(), cursor.x)
}

fn line(text: &str, keys: &str) -> TypedLine {
    let mut line = TypedLine::new(text);
    for key in keys.split_whitespace() {
        line.key(Key::named(key).unwrap());
    }
    line
}

fn typed(line: &TypedLine, columns: u16) -> (String, u16) {
    drawn(&LineView::new(line, true).label("to: "), columns)
}

#[test]
fn the_cursor_is_in_view_and_signs_say_where_the_text_goes_on() {
    let mut typing = TypedLine::new("abcdefghijklmnopqrstuvwxyz");
    let mut after = |keys: &str, columns| {
        keys.split_whitespace().for_each(|key| _ = typing.key(Key::named(key).unwrap()));
        typed(&typing, columns)
    };
    assert_eq!(after("", 14), ("to: …stuvwxyz".into(), 13));
    assert_eq!(after("left left left", 14), ("to: …stuvwxyz".into(), 10));
    assert_eq!(after("home", 14), ("to: abcdefghi…".into(), 4));
    assert_eq!(after("right ctrl-f", 14), ("to: abcdefghi…".into(), 6));
    assert_eq!(after("end alt-b right right right right right right right right right", 14).0, "to: …cdefghij…");
    assert_eq!(after("end", 31), ("to: abcdefghijklmnopqrstuvwxyz".into(), 30), "a wider window shows all");
    assert_eq!(after("", 30), ("to: …cdefghijklmnopqrstuvwxyz".into(), 29));
}

#[test]
fn wide_and_combined_characters_are_whole() {
    let wide = TypedLine::new("漢字漢字漢字");
    assert_eq!(typed(&wide, 11), ("to: … 漢字".into(), 10));
    assert_eq!(typed(&line("漢字漢字漢字", "home"), 11), ("to: 漢字漢…".into(), 4));
    assert_eq!(typed(&line("漢字漢字漢字", "left left left"), 12).1, 9);
    let combined = TypedLine::new("e\u{301}e\u{301}x");
    assert_eq!(typed(&combined, 20), ("to: e\u{301}e\u{301}x".into(), 7));
    // Not every terminal joins emoji: they stand side by side, and the cursor passes them at once.
    assert_eq!(typed(&line("👩\u{200d}👧x", "left left"), 20), ("to: 👩·👧x".into(), 4));
    assert_eq!(typed(&line("👩\u{200d}👧x", "left"), 20).1, 9);
    assert_eq!(typed(&TypedLine::new("\u{301}\u{1b}[2J"), 20).0, "to: ·␛[2J");
}

#[test]
fn what_is_said_leaves_half_of_the_room() {
    let said = |text: &str, columns| {
        let line = TypedLine::new(text);
        drawn(&LineView::new(&line, true).label("/ ").said("no such thing", Style::new()), columns)
    };
    assert_eq!(said("abc", 22), ("/ abc    no such thing".into(), 5));
    assert_eq!(said("abcdefghij", 22), ("/ …defghij  no such t…".into(), 10));
    assert_eq!(said("", 12), ("/   no such…".into(), 2));
}

#[test]
fn an_example_stands_where_nothing_does() {
    let line = TypedLine::default();
    assert_eq!(drawn(&LineView::new(&line, true).example("like this one"), 8), ("like th…".into(), 0));
    let line = TypedLine::new("x");
    assert_eq!(drawn(&LineView::new(&line, true).example("like this one"), 8), ("x".into(), 1));
}

#[test]
fn a_line_that_is_not_typed_shows_both_of_its_ends() {
    let line = TypedLine::new("/customer/7f3a22c4-aa0b");
    assert_eq!(drawn(&LineView::new(&line, false).label("at "), 14).0, "at /cust…-aa0b");
    assert_eq!(drawn(&LineView::new(&line, false).label("at "), 26).0, "at /customer/7f3a22c4-aa0b");
}

proptest! {
    #[test]
    fn anything_can_be_drawn_anywhere(
        text in ".{0,40}",
        lefts in 0usize..50,
        label in ".{0,6}",
        said in ".{0,20}",
        columns in 0u16..40,
        typing: bool,
    ) {
        let mut line = TypedLine::new(&text);
        line.key(Key::named("shift-home").unwrap());
        (0..lefts).for_each(|_| _ = line.key(Key::named("left").unwrap()));
        let view = LineView::new(&line, typing).label(&label).said(&said, Style::new()).example("example");
        if columns > 0 {
            let (shown, cursor) = drawn(&view, columns);
            prop_assert!(width(&shown) <= usize::from(columns) && cursor < columns);
        }
    }
}
