//! The order of several lanes against a plain sort by time.

use super::*;
use proptest::prelude::*;

fn line(lane: u8, n: usize, time: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(time).unwrap();
    format!(r#"{{"source":"s","subject":"/{lane}","type":"t{lane}","id":"{lane}-{n}","time":"{time}"}}"#)
}

fn strand(lane: u8) -> Strand {
    Strand { lane, generation: 1 }
}

fn batch(lines: &[String]) -> Decoded {
    Decoded::from_lines(lines.iter().map(|line| line.as_bytes()))
}

fn text(woven: &Woven) -> Vec<String> {
    woven.events.lines().map(|line| String::from_utf8(line.to_vec()).unwrap()).collect()
}

/// What was handed over, in its order, with the lane that the runs name for each.
#[derive(Default)]
struct Out(Vec<(u8, String)>);

impl Out {
    fn take(&mut self, weave: &mut Weave, now: Instant) {
        let woven = weave.take(now);
        let lanes = woven.runs.iter().flat_map(|(strand, events)| std::iter::repeat_n(strand.lane, *events));
        let lines = text(&woven);
        assert_eq!(lanes.clone().count(), lines.len());
        self.0.extend(lanes.zip(lines));
    }
}

proptest! {
    /// However the streams of the lanes are cut and whichever comes first: while none falters, what is handed over is
    /// sorted by time, at the same time by lane, and each lane's events stand as they came.
    #[test]
    fn any_arrival_gives_the_order_of_time(
        times in prop::collection::vec(prop::collection::vec(0i64..60, 0..25), 2..5),
        cuts in prop::collection::vec((0usize..5, 1usize..8, 0u64..9), 0..80),
        history in any::<bool>(),
    ) {
        let start = Instant::now();
        let mut weave = Weave::default();
        let mut streams: Vec<Vec<(i64, u8, String)>> = Vec::new();
        for (lane, mut times) in (0u8..).zip(times) {
            times.sort_unstable();
            weave.join(strand(lane), history.then_some(i64::MAX), start);
            weave.opened(strand(lane), start);
            streams.push(times.into_iter().enumerate().map(|(n, time)| (time, lane, line(lane, n, time))).collect());
        }
        let mut expected: Vec<(i64, u8, String)> = streams.iter().flatten().cloned().collect();
        expected.sort_by_key(|(time, lane, _)| (*time, *lane));
        let (mut sent, mut out, mut now) = (vec![0; streams.len()], Out::default(), start);
        for (lane, events, later) in cuts {
            let lane = lane % streams.len();
            // Nobody is so late that others do not wait: a live lane is as fast as the others.
            if history { now += Duration::from_millis(later) }
            let end = (sent[lane] + events).min(streams[lane].len());
            let lines: Vec<String> = streams[lane][sent[lane]..end].iter().map(|(_, _, line)| line.clone()).collect();
            sent[lane] = end;
            weave.push(strand(u8::try_from(lane).unwrap()), batch(&lines), now, now);
            if now < start + FALTERING { out.take(&mut weave, now) }
        }
        for (lane, stream) in streams.iter().enumerate() {
            let lines: Vec<String> = stream[sent[lane]..].iter().map(|(_, _, line)| line.clone()).collect();
            weave.push(strand(u8::try_from(lane).unwrap()), batch(&lines), now, now);
        }
        out.take(&mut weave, now);
        while let Turn::At(until) = weave.turn(now) {
            now = until;
            out.take(&mut weave, now);
        }
        let expected: Vec<(u8, String)> = expected.into_iter().map(|(_, lane, line)| (lane, line)).collect();
        prop_assert_eq!(out.0, expected);
    }

    /// Whatever the times say and however long anyone is silent: each event is handed over once, each lane's in their
    /// order, and none is held longer than the longest wait.
    #[test]
    fn nothing_is_lost_or_held_for_ever(
        steps in prop::collection::vec((0u8..3, prop::collection::vec(prop::option::of(-50i64..50), 0..6), 0u64..700), 0..40),
    ) {
        let mut now = Instant::now();
        let (mut weave, mut out) = (Weave::default(), Out::default());
        let mut sent: Vec<Vec<String>> = vec![Vec::new(); 3];
        for lane in 0..3 {
            weave.join(strand(lane), (lane == 1).then_some(40), now);
        }
        for (lane, times, later) in steps {
            let stream = &mut sent[usize::from(lane)];
            let lines: Vec<String> = times
                .iter()
                .enumerate()
                .map(|(n, time)| time.map_or(format!("no event {n}"), |time| line(lane, stream.len() + n, time)))
                .collect();
            stream.extend(lines.iter().cloned());
            weave.push(strand(lane), batch(&lines), now, now);
            now += Duration::from_millis(later);
            out.take(&mut weave, now);
            if let Turn::At(until) = weave.turn(now) {
                prop_assert!(until > now && until <= now + OPENING);
            }
        }
        out.take(&mut weave, now + OPENING);
        // A history whose last events were held until then may have more, and is waited for once again.
        now += OPENING + FALTERING;
        out.take(&mut weave, now);
        prop_assert_eq!(weave.turn(now), Turn::Idle);
        for (lane, sent) in (0u8..).zip(&sent) {
            let got: Vec<&String> = out.0.iter().filter(|(from, _)| *from == lane).map(|(_, line)| line).collect();
            prop_assert_eq!(got, sent.iter().collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_live_lane_is_waited_for_within_the_window_only() {
    let now = Instant::now();
    let mut weave = Weave::default();
    weave.join(strand(0), None, now);
    assert!(weave.is_single());
    weave.join(strand(1), None, now);
    weave.push(strand(0), batch(&[line(0, 0, 20)]), now, now);
    assert_eq!(weave.turn(now), Turn::At(now + WINDOW));
    weave.push(strand(1), batch(&[line(1, 0, 10), line(1, 1, 30)]), now + WINDOW / 2, now + WINDOW / 2);
    assert_eq!(weave.turn(now + WINDOW / 2), Turn::Ready);
    let woven = weave.take(now + WINDOW / 2);
    assert_eq!(text(&woven), [line(1, 0, 10), line(0, 0, 20)]);
    assert_eq!(woven.runs, [(strand(1), 1), (strand(0), 1)]);
    assert!(weave.holds(strand(1)) && !weave.holds(strand(0)));
    // What comes later than the window stands behind what was handed over.
    assert_eq!(text(&weave.take(now + 2 * WINDOW)), [line(1, 1, 30)]);
    weave.push(strand(0), batch(&[line(0, 1, 25)]), now + 2 * WINDOW, now + 2 * WINDOW);
    assert_eq!(weave.turn(now + 2 * WINDOW), Turn::Ready, "the other one is further already");
    assert_eq!(text(&weave.take(now + 2 * WINDOW)), [line(0, 1, 25)]);
    assert_eq!(weave.turn(now + 2 * WINDOW), Turn::Idle);
}

#[test]
fn a_history_is_waited_for_until_it_ends_or_falters() {
    let now = Instant::now();
    let mut weave = Weave::default();
    for lane in 0..3 {
        weave.join(strand(lane), Some(100_000_000), now);
    }
    weave.push(strand(0), batch(&[line(0, 0, 1)]), now, now);
    assert_eq!(weave.turn(now), Turn::At(now + OPENING));
    weave.opened(strand(1), now);
    weave.broken(strand(2));
    assert_eq!(weave.turn(now), Turn::At(now + FALTERING), "what is not connected is not waited for");
    let later = now + FALTERING / 2;
    weave.push(strand(1), batch(&[line(1, 0, 0)]), later, later);
    assert_eq!(text(&weave.take(later)), [line(1, 0, 0)]);
    assert_eq!(weave.turn(later), Turn::At(later + FALTERING), "it may have more");
    weave.push(strand(1), batch(&[line(1, 1, 200)]), later, later);
    assert_eq!(text(&weave.take(later)), [line(0, 0, 1)]);
    weave.leave(strand(1));
    assert_eq!(weave.turn(later), Turn::Idle, "what a lane leaves is not handed over");
}
