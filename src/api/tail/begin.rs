//! Where a tail begins: what 'now', a time or the places of other tails mean in a store, as a bound that a server
//! understands, and what behind it was told elsewhere already.

use super::elsewhere::Elsewhere;
use super::{TailFrom, TailPart, newest};
use crate::api::client::Client;
use crate::api::error::Error;
use crate::model::request::{StreamOptions, StreamRequest};
use crate::model::time;

/// Where a tail begins.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Begin {
    pub bound: Bound,
    /// What comes behind it and is to be left out.
    pub elsewhere: Elsewhere,
}

/// The bound of a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Bound {
    /// The first event.
    #[default]
    Start,
    /// Behind this event.
    After(String),
    /// With this event.
    At(String),
}

impl Bound {
    fn after(id: Option<String>) -> Self {
        id.map_or(Self::Start, Self::After)
    }

    /// As the options of a request.
    pub fn narrow(&self, options: &mut StreamOptions) {
        let (id, include) = match self {
            Self::Start => return,
            Self::After(id) => (id, false),
            Self::At(id) => (id, true),
        };
        options.lower_bound = Some(id.clone());
        options.include_lower_bound_event = Some(include);
    }
}

/// Ask where a tail of `subject` begins.
pub(super) async fn find(client: &Client, subject: &str, from: &TailFrom) -> Result<Begin, Error> {
    let bound = match from {
        TailFrom::Start => Bound::Start,
        TailFrom::After(id) => Bound::After(id.clone()),
        TailFrom::At(id) => Bound::At(id.clone()),
        TailFrom::Now => Bound::after(newest::id(client, subject, None).await?),
        TailFrom::Time(nanos) => Bound::after(newest::id(client, subject, Some(*nanos)).await?),
        TailFrom::InPlaceOf(parts) => return in_place_of(client, subject, parts).await,
    };
    Ok(Begin { bound, elsewhere: Elsewhere::default() })
}

/// An event by which a place is known: its ID, and when it says that it was stored.
struct Known {
    id: String,
    time: Option<i64>,
}

/// The earliest event that the other tails have not told yet, or, when there is none, the newest of all.
///
/// Between that event and the newest one, what the other tails have told is left out, and so is everything that none of
/// them watched. Which of two events comes first is never taken from their times: only a stream tells it.
async fn in_place_of(client: &Client, subject: &str, parts: &[TailPart]) -> Result<Begin, Error> {
    let parts = &begun(parts)[..];
    // In this order: what is committed after it was asked for the newest one comes behind that one.
    let newest = newest::id(client, subject, None).await?;
    let Some(newest) = newest else { return Ok(Begin::default()) };
    let mut next = Vec::new();
    for part in parts {
        next.extend(first_behind(client, part).await?);
    }
    next.sort_by_key(|known| known.time);
    let mut bound = Bound::After(newest.clone());
    let mut until = newest.as_str();
    // What stands between the bound and the newest event, of all that matters here.
    let mut passed: Vec<String> = Vec::new();
    for known in &next {
        let sought = parts.iter().filter_map(TailPart::last).chain(next.iter().map(|known| known.id.as_str()));
        if !passed.contains(&known.id)
            && let Some(seen) = between(client, subject, &known.id, until, &sought.collect::<Vec<_>>()).await?
        {
            passed.extend(seen);
            bound = Bound::At(known.id.clone());
            until = &known.id;
        }
    }
    let elsewhere = match bound {
        Bound::At(_) => Elsewhere::new(parts, &passed, newest),
        _ => Elsewhere::default(),
    };
    Ok(Begin { bound, elsewhere })
}

/// The tails that know where they would go on. Whoever had not asked yet what 'now' is begins with the one that takes
/// its place.
fn begun(parts: &[TailPart]) -> Vec<TailPart> {
    let begun = parts.iter().flat_map(|part| match &part.from {
        TailFrom::Now => Vec::new(),
        TailFrom::InPlaceOf(parts) => begun(parts),
        _ => vec![part.clone()],
    });
    begun.collect()
}

/// The first event that a tail would have told next; `None` when there is none yet.
async fn first_behind(client: &Client, part: &TailPart) -> Result<Option<Known>, Error> {
    let begin = Box::pin(find(client, &part.subject, &part.from)).await?;
    let mut request = StreamRequest::new(part.subject.as_str());
    begin.bound.narrow(&mut request.options);
    let mut stream = client.stream(&request).await?;
    while let Some(batch) = stream.next().await {
        if let Some(event) = batch?.events().find_map(Result::ok) {
            let time = event.time.as_deref().and_then(time::parse);
            return Ok(Some(Known { id: event.id.into_owned(), time }));
        }
    }
    Ok(None)
}

/// Which of the events `sought` stand between `first` and `until`, these included; `None` when `until` does not come
/// behind `first`.
async fn between(
    client: &Client,
    subject: &str,
    first: &str,
    until: &str,
    sought: &[&str],
) -> Result<Option<Vec<String>>, Error> {
    let mut request = StreamRequest::new(subject);
    Bound::At(first.to_owned()).narrow(&mut request.options);
    let mut stream = client.stream(&request).await?;
    let mut seen = Vec::new();
    while let Some(batch) = stream.next().await {
        for event in batch?.events().filter_map(Result::ok) {
            let is_last = event.id == until;
            if sought.contains(&event.id.as_ref()) {
                seen.push(event.id.into_owned());
            }
            if is_last {
                return Ok(Some(seen));
            }
        }
    }
    Ok(None)
}
