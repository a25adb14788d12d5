//! `$EDITOR`: text goes out in a private file and comes back.

use std::env;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::process::Command;

/// Hand text to the user's editor and wait for it. The terminal must be free.
///
/// # Errors
/// A sentence that says what did not work. The text that was handed out is then still the caller's.
pub fn edit(text: &str, extension: &str) -> Result<String, String> {
    let editor = env::var("VISUAL").or_else(|_| env::var("EDITOR")).unwrap_or_else(|_| "vi".to_owned());
    let mut words = editor.split_whitespace();
    let program = words.next().ok_or("$EDITOR is empty; set it to the name of an editor.")?;
    let suffix = format!(".{extension}");
    let mut file = tempfile::Builder::new()
        .prefix("gdbx-")
        .suffix(&suffix)
        .tempfile()
        .map_err(|error| format!("No file for the editor could be made: {error}."))?;
    file.write_all(text.as_bytes()).map_err(|error| format!("The text could not be handed to the editor: {error}."))?;
    let status = Command::new(program).args(words).arg(file.path()).status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return Err(format!("{program} ended with {status}; the text is as it was.")),
        Err(error) => return Err(format!("{program} could not be started: {error}. $EDITOR names the editor.")),
    }
    // Editors often write a new file under the old name: it is read by its name, not through our handle.
    let read = std::fs::read_to_string(file.path()).or_else(|_| {
        let mut text = String::new();
        file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_string(&mut text)).map(|_| text)
    });
    let text = read.map_err(|error| format!("What {program} wrote could not be read: {error}."))?;
    Ok(text.strip_suffix('\n').map_or(text.clone(), str::to_owned))
}
