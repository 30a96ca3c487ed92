//! Builds the agent as a static program and hands its path to the crate.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Read by a nested cargo, these would build another agent than ours, or wait for our own locks.
const SCRUBBED: [&str; 9] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "RUSTC_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-env-changed=LLM_SANDBOX_AGENT");
    let out = PathBuf::from(std::env::var("OUT_DIR")?).join("llm-sandbox-agent");
    if let Some(given) = std::env::var_os("LLM_SANDBOX_AGENT") {
        println!("cargo::rerun-if-changed={}", Path::new(&given).display());
        std::fs::copy(&given, &out).map_err(|error| format!("LLM_SANDBOX_AGENT={}: {error}", given.display()))?;
    } else if std::env::var("CARGO_CFG_TARGET_OS")? == "linux" {
        build_agent(&out)?;
    } else {
        std::fs::write(&out, [])?;
    }
    println!("cargo::rustc-env=AGENT={}", out.display());
    Ok(())
}

fn build_agent(out: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let workspace = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../..");
    for source in ["Cargo.toml", "Cargo.lock", "crates/agent", "crates/protocol"] {
        println!("cargo::rerun-if-changed={}", workspace.join(source).display());
    }
    let target = format!("{}-unknown-linux-gnu", std::env::var("CARGO_CFG_TARGET_ARCH")?);
    let directory = PathBuf::from(std::env::var("OUT_DIR")?).join("agent-target");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    SCRUBBED.iter().for_each(|name| {
        cargo.env_remove(name);
    });
    let status = cargo
        .args(["build", "--quiet", "--package", "llm-sandbox-agent", "--profile", "agent", "--target", &target])
        .arg("--manifest-path")
        .arg(workspace.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&directory)
        .env("CARGO_BUILD_BUILD_DIR", &directory)
        .env("CARGO_ENCODED_RUSTFLAGS", "-Ctarget-feature=+crt-static\u{1f}-Crelocation-model=static")
        .status()?;
    if !status.success() {
        return Err("the agent did not build: it needs a C compiler and a static C library (Debian: libc6-dev)".into());
    }
    std::fs::copy(directory.join(target).join("agent/llm-sandbox-agent"), out)?;
    Ok(())
}
