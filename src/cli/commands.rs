//! The commands that ask one question, and the way to the others.

use super::arguments::{Command, EraseArguments, OutputArguments, SchemasArguments, SchemasCommand};
use super::error::Error;
use super::interrupt::Interrupt;
use super::output::{Printer, Shape, Stdout, Style};
use super::transfer::said;
use super::{commit, observe, stream, transfer};
use crate::api::Client;
use crate::cli::arguments::Format;
use crate::config::Colors;
use crate::model::json::{Json, Kind};
use serde_json::json;
use serde_json::value::RawValue;
use std::io::{Read, Write};
use std::path::Path;

/// What every command works with.
#[derive(Debug)]
pub(super) struct Context {
    pub client: Client,
    pub interrupt: Interrupt,
    pub colors: Colors,
}

impl Context {
    /// How to print on this process's standard output.
    pub fn style(&self, arguments: OutputArguments) -> Style {
        Style::of_stdout(arguments, self.colors)
    }
}

/// Run a command that asks a server.
pub(super) async fn run(command: Command, context: Context) -> Result<(), Error> {
    let context = &context;
    match command {
        Command::Ping(output) => ping(context, output).await,
        Command::Audit(output) => audit(context, output).await,
        Command::Status(output) => status(context, output).await,
        Command::Subjects(output) => {
            let names = context.interrupt.or(context.client.subjects()).await??;
            catalogue(context, output, "subject", &names)
        }
        Command::Types(output) => {
            let names = context.interrupt.or(context.client.types()).await??;
            catalogue(context, output, "type", &names)
        }
        Command::Schemas(arguments) => schemas(context, arguments).await,
        Command::Stream(arguments) => stream::stream(context, arguments).await,
        Command::Observe(arguments) => observe::observe(context, arguments).await,
        Command::Query(arguments) => stream::query(context, arguments).await,
        Command::Commit(arguments) => commit::commit(context, arguments).await,
        Command::Erase(arguments) => erase(context, arguments).await,
        Command::Backup { file } => transfer::backup(context, &file).await,
        Command::Restore { file, yes } => transfer::restore(context, &file, yes).await,
        Command::Serve(_) | Command::Demo { .. } | Command::Open { .. } => Ok(()),
    }
}

async fn ping(context: &Context, output: OutputArguments) -> Result<(), Error> {
    let client = &context.client;
    let ping = context.interrupt.or(client.ping()).await??;
    let generation = client.known_generation().map(|generation| generation.name());
    let millis = (ping.latency.as_secs_f64() * 1e6).round() / 1e3;
    let text = json!({ "text": ping.text, "url": client.url(), "api": generation, "latencyMs": millis }).to_string();
    one(context, output, Json::trusted(&text))
}

async fn audit(context: &Context, output: OutputArguments) -> Result<(), Error> {
    let audit = context.interrupt.or(context.client.audit()).await??;
    let text = json!({ "passed": audit.passed, "events": audit.events, "text": audit.text }).to_string();
    one(context, output, Json::trusted(&text))?;
    if audit.passed { Ok(()) } else { Err(Error::AuditFailed) }
}

async fn status(context: &Context, output: OutputArguments) -> Result<(), Error> {
    let status = context.interrupt.or(context.client.status_raw()).await??;
    one(context, output, Json::trusted(status.get()))
}

/// One object: a line of JSON, or for people its members one below the other.
fn one(context: &Context, output: OutputArguments, value: Json<'_>) -> Result<(), Error> {
    let style = context.style(output);
    let mut out = std::io::stdout().lock();
    match style.format {
        // A single answer is no list.
        Format::Json => writeln!(out, "{value}")?,
        Format::Table => {
            let mut members = Vec::new();
            flatten(String::new(), value, &mut members);
            let widest = members.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            for (name, text) in members {
                writeln!(out, "{name:<widest$}  {}", crate::api::clean(&text, 4096))?;
            }
        }
        Format::Ndjson | Format::Csv | Format::Tsv | Format::Markdown => {
            let mut printer = Printer::new(&mut out, style, Shape::Rows);
            printer.push(value)?;
            return printer.finish();
        }
    }
    Ok(out.flush()?)
}

/// The scalars of an object, by their paths: `events.count`.
fn flatten(path: String, value: Json<'_>, out: &mut Vec<(String, String)>) {
    match value.kind() {
        Kind::Object => {
            for (key, value) in value.members() {
                let dot = if path.is_empty() { "" } else { "." };
                flatten(format!("{path}{dot}{}", key.name()), value, out);
            }
        }
        Kind::Null => {}
        _ => out.push((path, value.as_str().map_or_else(|| value.text().to_owned(), |text| text.into_owned()))),
    }
}

fn catalogue(context: &Context, output: OutputArguments, member: &str, names: &[String]) -> Result<(), Error> {
    let mut printer = Stdout::stdout(context.style(output), Shape::keys(&[member]));
    for name in names {
        let line = json!({ member: name }).to_string();
        printer.push(Json::trusted(&line))?;
    }
    printer.finish()
}

async fn schemas(context: &Context, arguments: SchemasArguments) -> Result<(), Error> {
    if let Some(SchemasCommand::Register { kind, file }) = arguments.command {
        return register(context, &kind, &file).await;
    }
    let schemas = context.interrupt.or(context.client.schemas()).await??;
    let mut printer = Stdout::stdout(context.style(arguments.output), Shape::keys(&["type", "schema"]));
    for schema in &schemas {
        let line = serde_json::to_string(schema).map_err(std::io::Error::other)?;
        printer.push(Json::trusted(&line))?;
    }
    printer.finish()
}

async fn register(context: &Context, kind: &str, file: &Path) -> Result<(), Error> {
    let bytes = read_input(&context.interrupt, file).await?;
    let schema: &RawValue = serde_json::from_slice(&bytes)
        .map_err(|e| Error::Usage(format!("{}: the schema is no JSON: {e}", file.display())))?;
    const NOTE: &str = "the schema may have been registered";
    let words = context.interrupt.or_noting(Some(NOTE), context.client.register_schema(kind, schema)).await??;
    eprintln!("gdbx: registered the schema of {}{}", crate::api::clean(kind, 300), said(&words));
    Ok(())
}

async fn erase(context: &Context, arguments: EraseArguments) -> Result<(), Error> {
    let subject = &arguments.subject;
    if !arguments.yes {
        return Err(Error::Usage(format!("what is erased of {subject} cannot be brought back: say --yes to do it")));
    }
    const NOTE: &str = "the payloads may have been erased";
    let words = context.interrupt.or_noting(Some(NOTE), context.client.erase(subject)).await??;
    eprintln!("gdbx: {}", if words.is_empty() { "erased" } else { &words });
    Ok(())
}

/// How much of an input file is read, in bytes.
const INPUT: u64 = 256 << 20;

/// The bytes of a file, or of standard input for `-`.
pub(super) async fn read_input(interrupt: &Interrupt, file: &Path) -> Result<Vec<u8>, Error> {
    let name = if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() };
    let failed = |reason| Error::File { what: name.clone(), reason };
    let path = file.to_owned();
    // A thread of its own: a terminal or a pipe may take as long as it likes, and Ctrl-C must not wait for it.
    let reading = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        if path.as_os_str() == "-" {
            std::io::stdin().lock().take(INPUT + 1).read_to_end(&mut bytes)?;
        } else {
            std::fs::File::open(path)?.take(INPUT + 1).read_to_end(&mut bytes)?;
        }
        Ok(bytes)
    });
    let read = interrupt.or(reading).await?.map_err(std::io::Error::other);
    let bytes = read.and_then(|read: std::io::Result<Vec<u8>>| read).map_err(failed)?;
    if bytes.len() as u64 > INPUT {
        return Err(Error::Usage(format!("{name}: more than {} MiB", INPUT >> 20)));
    }
    Ok(bytes)
}
