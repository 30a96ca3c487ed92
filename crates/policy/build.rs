//! Builds the scanners of two grammars, mended, in place of those that come with them.
//!
//! What a grammar cannot say, its scanner does, which is C and works on code that nobody vouches for. Those of Ruby and
//! Python could end the process. `scanners/upstream` has them as they were published; the files beside it say what is
//! done about it.

fn main() {
    println!("cargo::rerun-if-changed=scanners");
    // Taken whole, they come before those of the grammars' crates, which the linker then has no use for; were it to take
    // both, it would say so.
    cc::Build::new()
        .std("c11")
        .include("scanners/upstream")
        .files(["scanners/python.c", "scanners/ruby.c"])
        .flag_if_supported("-Wno-unused-value")
        .link_lib_modifier("+whole-archive")
        .compile("llm-sandbox-scanners");
}
