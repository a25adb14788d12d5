//! The `gdbx` program: arguments in, exit code out.

use clap::Parser;
use gdbx::cli::{self, Arguments, Launch, Task};
use gdbx::config::Environment;
use std::process::ExitCode;

fn main() -> color_eyre::Result<ExitCode> {
    color_eyre::install()?;
    let arguments = Arguments::parse();
    let task = match cli::plan(arguments, Environment::of_process()) {
        Ok(task) => task,
        Err(error) => return Ok(ended(Err(error))),
    };
    match task {
        Task::Explore(launch) => explore(*launch),
        Task::Headless(command) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            let result = runtime.block_on(command.run());
            // Reading standard input may hang in a thread of its own, which is not to be waited for.
            runtime.shutdown_background();
            Ok(ended(result))
        }
    }
}

/// Open the explorer.
fn explore(_launch: Launch) -> color_eyre::Result<ExitCode> {
    eprintln!("gdbx: the explorer is not part of this build; `gdbx --help` lists the commands");
    Ok(ExitCode::from(cli::exit::USAGE))
}

/// Say what went wrong, if there is anything to say.
fn ended(result: Result<(), cli::Error>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            if !error.is_quiet() {
                eprintln!("gdbx: {error}");
            }
            ExitCode::from(error.exit_code())
        }
    }
}
