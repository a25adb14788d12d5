//! The embedded server of an opened backup: started when something is asked that only a server can do.

use crate::api::{Client, Settings, Token};
use crate::app::message::{Failure, FailureKind};
use crate::server::{Options, Running, Tokens};
use crate::store::Store;
use std::path::Path;
use tokio::sync::Mutex;

/// An embedded server that may not run yet.
#[derive(Default)]
pub struct Lazy(Mutex<Option<(Running, Client)>>);

impl Lazy {
    /// The way to the server, which is filled from the file and started when it does not run yet.
    pub async fn client(&self, file: &Path) -> Result<Client, Failure> {
        let mut running = self.0.lock().await;
        if let Some((_, client)) = &*running {
            return Ok(client.clone());
        }
        let store = Store::in_memory();
        let (filled, path) = (store.clone(), file.to_owned());
        let loaded = tokio::task::spawn_blocking(move || filled.load_backup(&path)).await;
        match loaded {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(refused(error.to_string())),
            Err(error) => return Err(refused(error.to_string())),
        }
        let (server, client) = start(store).await?;
        *running = Some((server, client.clone()));
        Ok(client)
    }

    /// Stop it, if it runs.
    pub async fn end(&self) {
        if let Some((running, _)) = self.0.lock().await.take() {
            running.shutdown().await;
        }
    }
}

/// Serve a store on a free loopback port, to this program alone.
pub async fn start(store: Store) -> Result<(Running, Client), Failure> {
    let tokens = Tokens::random();
    // The token is made of hexadecimal digits, which every header can carry.
    let token = Token::new(&tokens.admin).ok();
    let running = Running::start(store, Options::new(tokens))
        .await
        .map_err(|error| refused(format!("the embedded store could not be started on a loopback port: {error}")))?;
    let mut settings = Settings::new(running.url());
    settings.token = token;
    let client = Client::new(settings)?;
    Ok((running, client))
}

fn refused(message: String) -> Failure {
    Failure { kind: FailureKind::Refused, message, hint: None, span: None }
}
