//! `gdbx serve`: the embedded server until a signal ends it.

use super::arguments::ServeArguments;
use super::error::Error;
use crate::config::Environment;
use crate::gdbql::Limits;
use crate::server::{ServeOptions, serve_until};
use std::io::Write;
use std::num::NonZeroU32;

/// Serve until SIGINT or SIGTERM; either is the proper end.
pub(super) async fn run(arguments: ServeArguments, environment: &Environment) -> Result<(), Error> {
    let options = ServeOptions {
        listen: arguments.listen,
        token: arguments.token.or_else(|| environment.get("GENESISDB_AUTH_TOKEN").map(str::to_owned)),
        write_token: arguments.write_token,
        read_token: arguments.read_token.or_else(|| environment.get("GENESISDB_READ_TOKEN").map(str::to_owned)),
        data: arguments.data,
        load: arguments.load,
        demo: arguments.demo.then_some(arguments.events),
        query_limits: Limits::default()
            .with_megabytes(arguments.query_megabytes.map(NonZeroU32::get), "--query-megabytes of `gdbx serve`"),
        trickle: arguments.trickle.and_then(|period| period.duration()),
    };
    serve_until(
        options,
        |ready| {
            for notice in &ready.notices {
                eprintln!("gdbx: {notice}");
            }
            // Who started this reads the line to learn the port. If nobody reads it, serving goes on all the same.
            let mut out = std::io::stdout().lock();
            let _ = writeln!(out, "listening on http://{}", ready.address).and_then(|()| out.flush());
        },
        signalled(),
    )
    .await?;
    Ok(())
}

/// SIGINT or, where there is one, SIGTERM.
async fn signalled() {
    let interrupted = async {
        // Without a handler the system's own ends the process.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}
