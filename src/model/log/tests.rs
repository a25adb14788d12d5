use super::*;
use proptest::prelude::*;

fn line(subject: &str, kind: &str, id: usize) -> String {
    format!(
        r#"{{"source":"s","subject":"{subject}","type":"{kind}","id":"id-{id}","time":"2025-01-01T00:00:{:02}Z","data":{{"n":{id}}}}}"#,
        id % 60
    )
}

#[test]
fn keeps_the_bytes_and_numbers_the_names() {
    let mut log = EventLog::default();
    let lines = [line("/a/1", "t", 0), "not json".into(), line("/b", "u", 1), String::new(), line("/a/1", "u", 2)];
    let range = log.append(Decoded::from_lines(lines.iter().map(|l| l.as_bytes())));
    assert_eq!(range, 0..4);
    assert_eq!((log.len(), log.broken()), (4, 1));
    assert_eq!(*log.line(0).unwrap(), *lines[0].as_bytes());
    assert_eq!(*log.line(1).unwrap(), *b"not json");
    assert!(log.row(1).unwrap().is_broken());
    assert_eq!(log.subjects().text(log.row(3).unwrap().subject), "/a/1");
    assert_eq!(log.row(0).unwrap().subject, log.row(3).unwrap().subject);
    assert_eq!(log.last_id().as_deref(), Some("id-2"));
    assert!(log.line(4).is_none());
}

proptest! {
    /// However the lines are cut into batches, the log is the list of the lines.
    #[test]
    fn is_the_list_of_the_lines(subjects in prop::collection::vec("/[ab]{1,2}(/[cd]){0,2}", 0..60), cuts in prop::collection::vec(0usize..60, 0..8)) {
        let lines: Vec<String> = subjects.iter().enumerate().map(|(i, s)| line(s, &format!("t{}", i % 3), i)).collect();
        let mut log = EventLog::default();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|c| c.min(lines.len())).chain([0, lines.len()]).collect();
        cuts.sort_unstable();
        for pair in cuts.windows(2) {
            log.append(Decoded::from_lines(lines[pair[0]..pair[1]].iter().map(|l| l.as_bytes())));
        }
        prop_assert_eq!(log.len(), lines.len());
        for (i, text) in lines.iter().enumerate() {
            prop_assert_eq!(&*log.line(i).unwrap(), text.as_bytes());
            prop_assert_eq!(log.subjects().text(log.row(i).unwrap().subject), subjects[i].as_str());
            let kept = log.line(i).unwrap();
            prop_assert_eq!(&kept.event().unwrap().id, &format!("id-{i}"));
        }
    }

    /// Whatever was dropped, the rest is the end of the list, at the positions it had.
    #[test]
    fn what_is_left_keeps_its_positions(
        steps in prop::collection::vec((prop::collection::vec("/[ab]{1,2}(/[cd]){0,2}", 0..9), 0usize..12), 0..12),
        rolls: bool,
    ) {
        let mut log = if rolls { EventLog::rolling() } else { EventLog::default() };
        let (mut lines, mut first) = (Vec::new(), 0);
        for (subjects, dropped) in steps {
            let before = lines.len();
            lines.extend(subjects.iter().enumerate().map(|(i, subject)| match i % 4 {
                3 => format!("broken {}", before + i),
                _ => line(subject, "t", before + i),
            }));
            let added = log.append(Decoded::from_lines(lines[before..].iter().map(|l| l.as_bytes())));
            prop_assert_eq!(added, before..lines.len());
            log.drop_front(dropped);
            first = (first + dropped).min(lines.len());
            prop_assert_eq!((log.first(), log.end(), log.len()), (first, lines.len(), lines.len() - first));
            prop_assert_eq!(log.is_empty(), first == lines.len());
            for (position, text) in lines.iter().enumerate() {
                let kept = log.line(position);
                prop_assert_eq!(kept.as_deref(), (position >= first).then_some(text.as_bytes()));
            }
            let left = &lines[first..];
            prop_assert_eq!(log.bytes(), left.iter().map(|l| l.len() as u64).sum::<u64>());
            prop_assert_eq!(log.broken(), left.iter().filter(|l| l.starts_with("broken")).count());
            prop_assert_eq!(log.rows_at(0..lines.len()).count(), left.len());
            let whole = left.iter().rposition(|l| !l.starts_with("broken")).map(|at| format!("id-{}", first + at));
            prop_assert_eq!(log.last_id(), whole);
        }
    }
}

#[test]
fn a_log_that_is_kept_short_keeps_neither_texts_nor_subjects() {
    let mut log = EventLog::default();
    for i in 0..40_000 {
        let text = line(&format!("/order/{i}"), &format!("type-{}", i % 3), i);
        log.append(Decoded::from_lines([text.as_bytes()]));
        log.drop_front(log.len().saturating_sub(10));
    }
    assert_eq!((log.len(), log.kinds().len()), (10, 3));
    assert!(log.subjects().len() <= SUBJECTS_KEPT + 2 * 11, "{} subjects", log.subjects().len());
    assert!(log.view.segments.len() <= 2 && log.view.blocks.len() <= 2);
    for position in log.first()..log.end() {
        let subject = log.subjects().text(log.row(position).unwrap().subject);
        assert_eq!(subject, format!("/order/{position}"));
        assert_eq!(log.line(position).unwrap().event().unwrap().subject, subject);
    }
}

#[test]
fn many_rows_stand_in_blocks_and_are_found_across_them() {
    let mut log = EventLog::default();
    let text = line("/a", "t", 1);
    let batch = Decoded::from_lines(std::iter::repeat_n(text.as_bytes(), 5_000));
    for _ in 0..10 {
        log.append(batch.clone());
    }
    log.drop_front(17_000);
    assert_eq!((log.first(), log.end(), log.rows().count()), (17_000, 50_000, 33_000));
    let pieces: Vec<_> = log.view().pieces(30_000..49_999).map(|(at, rows)| (at, rows.len())).collect();
    assert_eq!(pieces.iter().map(|(_, len)| len).sum::<usize>(), 19_999);
    for pair in pieces.windows(2) {
        assert_eq!(pair[0].0 + pair[0].1, pair[1].0);
    }
    assert_eq!(log.view().pieces(0..17_000).count(), 0);
    assert_eq!(log.view().pieces(60_000..70_000).count(), 0);
}

#[test]
fn texts_in_a_file_are_read_where_they_stand() {
    let lines = [line("/a/1", "t", 0), "oops".into(), line("/b", "u", 1)];
    let mut file = tempfile::tempfile().unwrap();
    std::io::Write::write_all(&mut file, format!("head\n{}\n", lines.join("\n")).as_bytes()).unwrap();
    let (mut reader, mut at) = (Reader::default(), 0);
    for line in &lines {
        assert!(reader.line(line.as_bytes(), at));
        at += line.len() + 1;
    }
    let file = Arc::new(file);
    let stored = text::Stored { file: Arc::clone(&file), range: 5..5 + at as u64 };
    let mut log = EventLog::default();
    log.append(reader.finish(Text::Stored(stored)));
    for (position, text) in lines.iter().enumerate() {
        assert_eq!(&*log.line(position).unwrap(), text.as_bytes());
    }
    let (_, rows) = log.view().pieces(0..3).next().unwrap();
    let span = log.view().spans(rows).next().unwrap();
    let bytes = span.text.read(span.range.clone()).unwrap();
    assert_eq!(&bytes[span.place(&rows[2])], lines[2].as_bytes());
    file.set_len(10).unwrap();
    assert!(matches!(log.line(2).unwrap().event(), Err(crate::model::event::EventError::Unreadable(_))));
}

/// The memory of all texts.
fn taken(log: &EventLog) -> u64 {
    let room = |text: &Text| if let Text::Memory(bytes) = text { bytes.capacity() as u64 } else { 0 };
    log.view.segments.iter().map(room).sum()
}

#[test]
fn batches_of_any_size_take_little_more_memory_than_their_texts() {
    for (mut log, sizes) in [(EventLog::default(), [80, 80, 80]), (EventLog::rolling(), [80, 3000, 500])] {
        let lines: Vec<String> = (0..3000).map(|i| line(&format!("/order/{i}"), &"t".repeat(400), i)).collect();
        for round in 0..200 {
            // Searches hold views of the log meanwhile.
            let view = (round % 3 == 0).then(|| log.view().clone());
            let batch = &lines[..sizes[round % 3]];
            log.append(Decoded::from_lines(batch.iter().map(|line| line.as_bytes())));
            log.drop_front(log.len().saturating_sub(10_000));
            drop(view);
            assert_eq!(log.line(log.end() - 1).as_deref(), batch.last().map(String::as_bytes));
        }
        assert!(taken(&log) < log.bytes() * 12 / 10, "{} for {}", taken(&log), log.bytes());
    }
}

#[test]
fn a_line_that_is_longer_than_a_segment_has_one_of_its_own() {
    let mut log = EventLog::rolling();
    let lines = [line("/a", "t", 1), line("/a", &"long".repeat(SEGMENT_BYTES), 2), line("/a", "t", 3)];
    log.append(Decoded::from_lines(lines.iter().map(|line| line.as_bytes())));
    for (position, line) in lines.iter().enumerate() {
        assert_eq!(log.line(position).as_deref(), Some(line.as_bytes()));
    }
    assert!(taken(&log) < log.bytes() + 3 * SEGMENT_BYTES as u64);
}

proptest! {
    #[test]
    fn what_is_kept_of_a_batch_stands_under_the_subject(subjects in prop::collection::vec(prop::option::of("(/[ab]){1,3}"), 0..30)) {
        let line = |subject: &Option<String>| match subject {
            Some(subject) => format!(r#"{{"source":"s","subject":"{subject}","type":"t","id":"x"}}"#),
            None => "broken".to_owned(),
        };
        let lines: Vec<String> = subjects.iter().map(line).collect();
        let (mut reader, mut text) = (Reader::default(), Vec::new());
        for line in &lines {
            reader.line(line.as_bytes(), text.len());
            text.extend_from_slice(line.as_bytes());
        }
        reader.keep_under("/a");
        let mut log = EventLog::default();
        log.append(reader.finish(Text::Memory(text.into())));
        let is_kept = |subject: &Option<String>| subject.as_ref().is_none_or(|subject| crate::model::subject::is_under(subject, "/a"));
        let expected: Vec<&String> = lines.iter().zip(&subjects).filter(|(_, subject)| is_kept(subject)).map(|(line, _)| line).collect();
        prop_assert_eq!(log.len(), expected.len());
        for (position, line) in expected.iter().enumerate() {
            prop_assert_eq!(&*log.line(position).unwrap(), line.as_bytes());
        }
        prop_assert_eq!(log.broken(), subjects.iter().filter(|subject| subject.is_none()).count());
    }
}

proptest! {
    /// Rows of several batches in any pieces are the lines that they stand for.
    #[test]
    fn woven_rows_are_those_of_the_lines(
        batches in prop::collection::vec(prop::collection::vec(prop::option::of("(/[ab]){1,3}"), 0..8), 1..4),
        pieces in prop::collection::vec((0usize..4, 0usize..8, 0usize..8), 0..12),
    ) {
        let lines: Vec<Vec<String>> = batches
            .iter()
            .map(|subjects| subjects.iter().enumerate().map(|(id, subject)| subject.as_ref().map_or("none".into(), |s| line(s, "t", id))).collect())
            .collect();
        let decoded: Vec<Decoded> = lines.iter().map(|lines| Decoded::from_lines(lines.iter().map(|line| line.as_bytes()))).collect();
        let pieces: Vec<(usize, std::ops::Range<usize>)> = pieces
            .into_iter()
            .map(|(batch, a, b)| (batch % lines.len(), a, b))
            .map(|(batch, a, b)| (batch, a.min(b).min(lines[batch].len())..a.max(b).min(lines[batch].len())))
            .collect();
        let expected: Vec<&String> = pieces.iter().flat_map(|(batch, rows)| &lines[*batch][rows.clone()]).collect();
        let woven = Decoded::woven(pieces.iter().map(|(batch, rows)| (&decoded[*batch], rows.clone())));
        prop_assert_eq!(&woven, &Decoded::from_lines(expected.iter().map(|line| line.as_bytes())));
        let text: Vec<String> = woven.lines().map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        prop_assert_eq!(text.iter().collect::<Vec<_>>(), expected);
    }
}
