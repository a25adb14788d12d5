//! How the Query screen behaves, told in keys and answers.
