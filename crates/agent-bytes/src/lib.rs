//! The static agent program.
