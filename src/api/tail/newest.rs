//! The newest event below a subject: where 'from now' starts, for which GenesisDB has no option.

use crate::api::client::Client;
use crate::api::error::{Error, Kind};
use crate::model::json::Json;
use crate::model::request::{StreamOptions, StreamRequest};

/// The ID of the newest event at or below `subject`; `None` when there is none.
pub(super) async fn id(client: &Client, subject: &str) -> Result<Option<String>, Error> {
    let known = match by_query(client, subject).await {
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
        if let Some(event) = batch.events().filter_map(Result::ok).last() {
            last = Some(event.id.into_owned());
        }
    }
    Ok(last)
}

async fn by_query(client: &Client, subject: &str) -> Result<Option<String>, Error> {
    let quoted = subject.replace('\\', "\\\\").replace('\'', "\\'");
    let query = format!("STREAM e FROM events WHERE e.subject UNDER '{quoted}' ORDER BY e.time DESC LIMIT 1 MAP e.id");
    let mut rows = client.query(&query).await?;
    let mut found = None;
    while let Some(batch) = rows.next().await {
        let batch = batch?;
        found = found.or_else(|| batch.rows().filter_map(Result::ok).find_map(Json::as_str).map(|id| id.into_owned()));
    }
    Ok(found)
}
