//! How a store that is larger than a page is explored, told in keys and answers.

use super::shop::Shop;
use super::*;
use crate::app::logs::FIRST;
use crate::app::message::FailureKind;
use crate::app::screens::explore::travel::Travel;
use crate::app::screens::{ScreenId, Visit, Wish};

const SUBJECTS: [&str; 5] = ["/customer/1", "/order/1", "/customer/2", "/order/2/item/1", "/note"];

fn total(app: &App, subject: &str) -> Option<u64> {
    Some(app.world.tree.total(app.world.tree.find(subject)?))
}

fn texts(app: &App) -> Vec<Vec<u8>> {
    let log = &app.world.log;
    (log.first()..log.end()).map(|position| log.line(position).unwrap().to_vec()).collect()
}

#[test]
fn a_store_that_fits_on_a_page_is_whole_as_ever() {
    let mut shop = Shop::new(40, &SUBJECTS);
    let app = shop.open(40);
    assert_eq!((app.world.log.len(), &app.world.loading), (40, &Loading::Complete));
    assert!(!app.world.is_part() && !app.world.tree.is_census());
    assert!(app.places().iter().all(|place| *place != Place::Part));
}

#[test]
fn of_a_larger_one_a_page_is_loaded_and_the_server_counts() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    assert_eq!((app.world.log.len(), &app.world.loading), (30, &Loading::Paged));
    assert_eq!((total(&app, "/"), total(&app, "/customer"), total(&app, "/order/2")), (Some(100), Some(40), Some(20)));
    assert_eq!(app.explore.kinds.iter().map(|(_, count)| count).sum::<u64>(), 100);
    let shown = screen(&mut app, 120, 40);
    for words in [
        "first 30 of 100 events · L loads more",
        "30 of 100 events   newest first",
        "in the first 30 of 100 events",
        "counted by the server",
        "30 of 100 events",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    shop.press(&mut app, "L");
    assert_eq!((app.world.log.len(), &app.world.loading), (60, &Loading::Paged));
    shop.press(&mut app, "r");
    assert_eq!(app.world.log.len(), 60, "what is behind a page is not new");
    shop.press(&mut app, "alt-l");
    assert_eq!((app.world.log.len(), &app.world.loading), (100, &Loading::Complete));
    assert!(!app.world.is_part() && !app.world.tree.is_census());
    assert_eq!(total(&app, "/customer"), Some(40));
    assert!(!screen(&mut app, 120, 40).contains("the first"));
}

#[test]
fn a_server_that_only_streams_is_read_as_far_as_it_is_loaded() {
    let mut shop = Shop::new(100, &SUBJECTS);
    (shop.counts, shop.tells) = (false, false);
    let mut app = shop.open(30);
    assert_eq!(app.world.loading, Loading::Paged);
    assert!(app.messages.all().is_empty(), "{:?}", app.messages.all());
    let shown = screen(&mut app, 120, 40);
    for words in ["first 30 events, there are more", "30+ events", "as far as it is loaded", "12+", "Subjects  5+"] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    shop.press(&mut app, "down enter");
    assert_eq!((app.world.part.subject.as_str(), app.world.log.len()), ("/customer", 30));
    shop.press(&mut app, "L");
    assert_eq!((app.world.log.len(), &app.world.loading), (40, &Loading::Complete));
    let customer = app.world.tree.find("/customer").unwrap();
    assert!(app.world.tree.is_exact(customer), "a subject that was loaded whole is counted");
    assert_eq!((total(&app, "/customer"), total(&app, "/customer/2")), (Some(40), Some(20)));
    shop.press(&mut app, "alt-g");
    let said = app.messages.all().front().unwrap().text.clone();
    assert!(said.contains("All events of /customer are loaded"), "{said}");
    shop.press(&mut app, "esc up alt-g");
    let said = app.messages.all().front().unwrap().text.clone();
    assert!(said.contains("The server answers no queries"), "{said}");
}

#[test]
fn a_subject_is_loaded_when_it_is_opened_and_the_store_is_as_it_was() {
    let mut shop = Shop::new(200, &SUBJECTS);
    let mut app = shop.open(50);
    let before = texts(&app);
    shop.press(&mut app, "down");
    assert_eq!((app.explore.events.len(), shop.asked.len()), (20, 1), "moving over it asks for nothing");
    assert!(screen(&mut app, 120, 40).contains("20 of 80 events"));
    shop.press(&mut app, "enter");
    assert_eq!((app.world.part.subject.as_str(), app.world.log.len()), ("/customer", 50));
    assert_eq!((app.explore.pane, app.explore.events.len()), (Pane::Events, 50));
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("/customer: first 50 of 80 events") && shown.contains("50 of 80 events"), "{shown}");
    shop.press(&mut app, "L");
    assert_eq!((app.world.log.len(), &app.world.loading), (80, &Loading::Complete));
    shop.press(&mut app, "down down m");
    let selected = app.explore.events.selected();
    let asked = shop.asked.len();
    shop.press(&mut app, "shift-tab shift-tab up");
    assert_eq!((app.world.shown(), app.world.part.is_store()), (FIRST, true));
    assert_eq!((texts(&app), app.explore.marks.len()), (before, 0));
    shop.press(&mut app, "down enter");
    assert_eq!((app.explore.events.selected(), app.explore.marks.len()), (selected, 1), "it is as it was left");
    assert_eq!(shop.asked.len(), asked, "nothing is loaded anew");
    // What is below it is here, too.
    shop.press(&mut app, "esc esc right down enter");
    assert_eq!((app.explore.events.scope().name(), app.explore.events.len()), ("/customer/1", 40));
    assert_eq!(shop.asked.len(), asked);
}

#[test]
fn the_newest_events_are_a_key_away_and_so_are_the_first() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    shop.press(&mut app, "alt-g");
    assert_eq!((app.world.log.len(), app.world.begins_at_first()), (30, false));
    let newest = app.world.log.line(29).unwrap().event().unwrap().id.into_owned();
    assert!(newest.ends_with("000099"), "{newest}");
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("newest 30 of 100 events") && shown.contains("in the newest 30 of 100 events"), "{shown}");
    shop.lines.extend(Shop::new(103, &SUBJECTS).lines.split_off(100));
    shop.press(&mut app, "r");
    assert_eq!((app.world.log.len(), &app.world.loading), (33, &Loading::Complete));
    // The tree is walked over the newest events now; a subject that is opened is loaded from its first one on.
    shop.press(&mut app, "esc down");
    assert_eq!((app.world.begins_at_first(), app.explore.events.scope().name()), (false, "/customer"));
    shop.press(&mut app, "enter");
    assert_eq!((app.world.part.subject.as_str(), app.world.begins_at_first()), ("/customer", true));
    shop.press(&mut app, "esc up");
    assert_eq!(app.world.log.len(), 33);
    let asked = shop.asked.len();
    shop.press(&mut app, "alt-g");
    assert_eq!((app.world.shown(), app.world.log.len()), (FIRST, 30));
    shop.press(&mut app, "alt-g");
    assert_eq!((app.world.log.len(), shop.asked.len()), (33, asked), "they are still here");
    shop.press(&mut app, "alt-l");
    assert_eq!((app.world.shown(), app.world.log.len()), (FIRST, 103));
    assert!(app.world.store_is_whole());
}

#[test]
fn time_travel_has_all_events_of_its_subject_and_leads_back() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    shop.press(&mut app, "enter down");
    let event = app.explore.events.selected();
    assert_eq!(app.world.log.line(event.unwrap()).unwrap().event().unwrap().subject, "/order/2/item/1");
    shop.press(&mut app, "t");
    let travel = app.explore.travel().unwrap();
    assert_eq!((travel.len(), travel.at(), travel.subject()), (20, 5, "/order/2/item/1"));
    assert!(!screen(&mut app, 120, 40).contains("from the"));
    shop.press(&mut app, "right");
    assert_eq!(app.explore.travel().unwrap().at(), 6);
    shop.press(&mut app, "esc");
    assert_eq!((app.world.shown(), app.explore.events.selected()), (FIRST, event));
}

#[test]
fn a_trace_goes_through_the_store_as_far_as_it_is_loaded_and_says_so() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    shop.press(&mut app, "down enter enter down down");
    let part = app.world.shown();
    assert_ne!(part, FIRST);
    shop.press(&mut app, "T");
    assert!(app.explore.is_tracing());
    assert_eq!((app.world.shown(), app.explore.events.len()), (FIRST, 15));
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains("in the first 30 of 100 events"), "{shown}");
    shop.press(&mut app, "esc");
    assert_eq!((app.world.shown(), app.explore.pane), (part, Pane::Event));
}

#[test]
fn a_filter_and_a_shape_say_what_they_hold_for() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    shop.press(&mut app, "enter / z o ë enter");
    let shown = screen(&mut app, 120, 40);
    assert!(shown.contains(" 15 events") && shown.contains("in the first 30 of 100 events"), "{shown}");
    shop.press(&mut app, "esc i");
    assert!(screen(&mut app, 120, 40).contains("in the first 30 of 100 events"));
    shop.press(&mut app, "esc / n o t h i n g enter");
    assert!(screen(&mut app, 120, 40).contains("None of the first 30 of 100 events"));
}

#[test]
fn the_neighbours_of_a_subjects_event_are_no_neighbours_in_the_chain() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    shop.press(&mut app, "down enter down down down");
    let links = app.explore.links.unwrap();
    assert_eq!((links.before, links.after), (links::Link::Unknown, Some(links::Link::Unknown)));
}

#[test]
fn a_loading_that_was_left_goes_on_where_it_was() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = unopened();
    app.world.load_in_pages(Some(60));
    let effects = app.begin(Now::default());
    let generation = started(&effects);
    let rest = effects.into_iter().filter(|effect| !matches!(effect, Effect::Start { slot: Slot::Load, .. }));
    shop.serve(&mut app, rest.collect());
    let batch = Decoded::from_lines(shop.lines[..20].iter().map(String::as_bytes));
    app.update(Msg::Reply { slot: Slot::Load, generation, reply: Reply::Events(batch) }, Now::default());
    assert_eq!(total(&app, "/"), Some(100), "the server has counted in the meantime");
    shop.press(&mut app, "down enter");
    assert_eq!((app.world.part.subject.as_str(), app.world.log.len()), ("/customer", 40));
    shop.press(&mut app, "esc up");
    assert_eq!((app.world.log.len(), &app.world.loading), (60, &Loading::Paged));
}

#[test]
fn a_page_that_is_cut_off_goes_on_behind_what_came() {
    let mut shop = Shop::new(100, &SUBJECTS);
    shop.cut = Some(20);
    let mut app = shop.open(30);
    assert!(matches!(app.world.loading, Loading::Failed(_)));
    assert!(screen(&mut app, 120, 40).contains("first 20 of 100 events, loading stopped · r goes on"));
    shop.press(&mut app, "r");
    assert_eq!((app.world.log.len(), &app.world.loading), (30, &Loading::Paged), "to the end of the page");
    assert_eq!(shop.asked.last().unwrap().1.events, Some(10));
}

#[test]
fn what_ended_because_the_server_was_gone_goes_on_when_it_answers() {
    let mut shop = Shop::new(100, &SUBJECTS);
    (shop.cut, shop.cut_by) = (Some(20), FailureKind::Unreachable);
    let mut app = shop.open(30);
    assert!(matches!(app.world.loading, Loading::Failed(_)));
    app.world.health.link = crate::app::health::Link::Live { latency: Duration::ZERO };
    app.load_again(false);
    let effects = app.finish();
    shop.serve(&mut app, effects);
    assert_eq!((app.world.log.len(), &app.world.loading), (30, &Loading::Paged), "to the end of the page, no further");
}

#[test]
fn an_event_is_found_in_whichever_log_it_is() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    shop.press(&mut app, "down enter esc up");
    let id = |number: usize| format!("00000000-0000-4000-8000-{number:012}");
    let selected = |app: &App| {
        let position = app.explore.events.selected().unwrap();
        let id = app.world.log.line(position).unwrap().event().unwrap().id.into_owned();
        (app.world.part.subject.clone(), id)
    };
    let asked = shop.asked.len();
    shop.show_event(&mut app, &id(72));
    assert_eq!((selected(&app), shop.asked.len()), (("/customer".to_owned(), id(72)), asked));
    // What is in none of them is asked for: whose is it?
    shop.show_event(&mut app, &id(71));
    assert_eq!(selected(&app), ("/order/1".to_owned(), id(71)));
    // One that was committed after the subject was loaded is loaded then.
    shop.lines = Shop::new(120, &SUBJECTS).lines;
    shop.show_event(&mut app, &id(116));
    assert_eq!(selected(&app), ("/order/1".to_owned(), id(116)));
    shop.show_event(&mut app, "nobody's");
    let said = |app: &App| app.messages.all().front().unwrap().text.clone();
    assert_eq!(said(&app), "The store has no event nobody's.");
    shop.counts = false;
    shop.show_event(&mut app, &id(113));
    assert!(said(&app).contains("is not loaded, and the server answers no queries. L loads more"), "{}", said(&app));
}

#[test]
fn few_logs_are_kept() {
    let subjects: Vec<String> = (0..30).map(|number| format!("/s{number:02}")).collect();
    let mut shop = Shop::new(300, &subjects.iter().map(String::as_str).collect::<Vec<_>>());
    let mut app = shop.open(50);
    for _ in 0..30 {
        shop.press(&mut app, "down enter esc");
    }
    assert!(app.world.logs().count() <= 10, "{}", app.world.logs().count());
    assert!(app.world.has_log(FIRST));
    let asked = shop.asked.len();
    shop.press(&mut app, "g");
    assert_eq!((app.world.shown(), shop.asked.len()), (FIRST, asked));
}

#[test]
fn a_part_of_a_store_looks_right() {
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(30);
    insta::assert_snapshot!("part_80x24", screen(&mut app, 80, 24));
    insta::assert_snapshot!("part_160x50", screen(&mut app, 160, 50));
    insta::assert_snapshot!("part_40x10", screen(&mut app, 40, 10));
    shop.press(&mut app, "down enter");
    insta::assert_snapshot!("part_subject_80x24", screen(&mut app, 80, 24));
    shop.press(&mut app, "esc up alt-g");
    insta::assert_snapshot!("part_newest_80x24", screen(&mut app, 80, 24));
    shop.counts = false;
    let mut app = shop.open(30);
    insta::assert_snapshot!("part_streamed_80x24", screen(&mut app, 80, 24));
    shop.press(&mut app, "enter");
    insta::assert_snapshot!("part_list_160x50", screen(&mut app, 160, 50));
}

proptest! {
    /// Page for page, with cuts and lines that are no events, the log is the one of a single load.
    #[test]
    fn pages_until_the_end_are_one_load(
        lines in prop::collection::vec(prop::option::weighted(0.8, 0usize..5), 0..60),
        page in 1usize..12,
        portion in 1usize..9,
        cut in prop::option::of(0usize..12),
    ) {
        let mut shop = Shop::new(0, &SUBJECTS);
        (shop.portion, shop.counts) = (portion, false);
        shop.lines = lines.iter().enumerate().map(|(number, subject)| match subject {
            Some(subject) => line(number, SUBJECTS[*subject], "added", "{}"),
            None => format!("broken {number}"),
        }).collect();
        shop.cut = cut;
        let mut app = shop.open(page);
        for _ in 0..70 {
            match app.world.loading {
                Loading::Complete => break,
                Loading::Failed(_) => shop.press(&mut app, "r"),
                _ => shop.press(&mut app, "L"),
            }
        }
        prop_assert_eq!(&app.world.loading, &Loading::Complete);
        let expected: Vec<Vec<u8>> = shop.lines.iter().map(|line| line.clone().into_bytes()).collect();
        prop_assert_eq!(texts(&app), expected);
        let events = shop.events("/").count() as u64;
        prop_assert_eq!(total(&app, "/"), Some(events));
        for subject in SUBJECTS {
            let count = shop.events(subject).count() as u64;
            prop_assert_eq!(total(&app, subject).unwrap_or(0), count);
        }
    }
}

#[test]
fn an_event_of_another_screen_is_shown_with_the_state_of_its_subject() {
    let id = |number: usize| format!("00000000-0000-4000-8000-{number:012}");
    let visit = |number: usize, travels: bool| Wish::Visit(Visit { travels, ..Visit::of(id(number)) });
    let state_at = |app: &App| app.explore.travel().and_then(Travel::position);
    let mut shop = Shop::new(100, &SUBJECTS);
    let mut app = shop.open(200);
    app.screen = ScreenId::Tail;
    shop.grant(&mut app, visit(20, true));
    assert_eq!((app.screen, app.explore.pane, state_at(&app)), (ScreenId::Explore, Pane::Event, Some(20)));
    // Without the state the event takes its place.
    shop.grant(&mut app, visit(21, false));
    assert_eq!((app.explore.pane, app.explore.events.selected(), state_at(&app)), (Pane::Events, Some(21), None));
    // One that was committed since is loaded first; one that is nowhere is not looked for again and again.
    shop.lines = Shop::new(120, &SUBJECTS).lines;
    shop.grant(&mut app, visit(110, true));
    assert_eq!((app.world.log.len(), state_at(&app)), (120, Some(110)));
    shop.grant(&mut app, visit(500, true));
    assert!(app.messages.all().front().unwrap().text.contains("is not loaded"));
    // Where there is no such event, its subject is what was meant.
    let or_subject = |number: usize| Wish::Visit(Visit { or_subject: Some("/note".into()), ..Visit::of(id(number)) });
    shop.grant(&mut app, or_subject(500));
    assert_eq!(app.explore.events.scope().name(), "/note");

    // In a part, the subject is loaded for it.
    let mut app = shop.open(30);
    shop.grant(&mut app, visit(71, true));
    let shown = app.world.log.line(state_at(&app).unwrap()).unwrap().event().unwrap().id.into_owned();
    assert_eq!((app.world.part.subject.as_str(), shown, app.explore.pane), ("/order/1", id(71), Pane::Event));
    shop.grant(&mut app, or_subject(501));
    assert_eq!(app.world.part.subject, "/note");
}
