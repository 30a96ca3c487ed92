//! Bytes that claim to be a message.

#![no_main]

mod every_message;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| every_message::check_every_message(bytes));
