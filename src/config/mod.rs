//! Settings: the file as typed, and the settings as resolved from file, environment and arguments.
