//! How Explore behaves, told in keys and answers.
