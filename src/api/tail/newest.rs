//! The newest event below a subject: where 'from now' starts, for which GenesisDB has no option.

use crate::api::client::Client;
use crate::api::error::{Error, Kind};
use crate::model::json::Json;
use crate::model::request::{StreamOptions, StreamRequest};
use crate::model::time;

/// The ID of the newest event at or below `subject`, or of the newest one before a time in nanoseconds since 1970; `None`
/// when there is none.
pub(super) async fn id(client: &Client, subject: &str, before: Option<i64>) -> Result<Option<String>, Error> {
    let known = match by_query(client, subject, before).await {
        Ok(None) => return Ok(None),
        Ok(known) => known,
        // A query may be refused where a stream is not: a budget, an older dialect, a right. Reading all of it is
        // slow, but always tells.
        Err(error) if matches!(error.kind(), Kind::Refused | Kind::NotAllowed | Kind::ServerFailed | Kind::Decode) => {
            None
        }
        Err(error) => return Err(error),
    };
    // Events of one commit may share their time, and the query gives the first of them: the rest follows here.
    let mut last = known.clone();
    let options = known.map(StreamOptions::after).unwrap_or_default();
    let mut stream = client.stream(&StreamRequest::new(subject).with(options)).await?;
    while let Some(batch) = stream.next().await {
        let batch = batch?;
        for event in batch.events().filter_map(Result::ok) {
            let time = event.time.as_deref().and_then(time::parse);
            if before.zip(time).is_some_and(|(before, time)| time >= before) {
                return Ok(last);
            }
            let last = last.get_or_insert_default();
            last.clear();
            last.push_str(&event.id);
        }
    }
    Ok(last)
}

async fn by_query(client: &Client, subject: &str, before: Option<i64>) -> Result<Option<String>, Error> {
    let quoted = subject.replace('\\', "\\\\").replace('\'', "\\'");
    let earlier = before.map(|nanos| format!(" AND e.time < '{}'", time::format(nanos))).unwrap_or_default();
    let query =
        format!("STREAM e FROM events WHERE e.subject UNDER '{quoted}'{earlier} ORDER BY e.time DESC LIMIT 1 MAP e.id");
    let mut rows = client.query(&query).await?;
    let mut found = None;
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        found = found.or_else(|| batch.rows().filter_map(Result::ok).find_map(Json::as_str).map(|id| id.into_owned()));
    }
    Ok(found)
}
