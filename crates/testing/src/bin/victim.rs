//! A host process that is to be killed while its sandboxes are at work: `victim MARKER SESSIONS [hold] [leave] [drop]`.
//!
//! It opens so many sessions, starts in each a run whose processes carry the marker as an argument, says `sandbox` and
//! the sandbox's user id map for each, then `ready`, and waits for its end. With `hold`, a child of it has its sockets
//! open and survives it; with `leave`, it ends by itself, closing nothing. With `drop`, it becomes user
//! 65534 before that, opens one more session, says `dropped` and its user id map.

#![expect(clippy::print_stdout, reason = "what it prints is how it talks to the test")]

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    linux::main().await
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{
        error::Error,
        fs,
        os::fd::OwnedFd,
        process::{Command, Stdio},
        sync::Arc,
    };

    use llm_sandbox_core::{Language, Run, Session};
    use llm_sandbox_native::Native;
    use rustix::{
        io::FdFlags,
        process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open},
        thread::{Gid, Uid, set_thread_groups, set_thread_res_gid, set_thread_res_uid},
    };

    const NOBODY: u32 = 65534;

    /// A child, an orphan in a session of its own, and a parent that heeds no signal.
    const PROGRAM: &str = "
        trap '' TERM INT HUP
        mkfifo fifo
        sh -c 'echo child; read word <>fifo' sh \"$1\" &
        (setsid sh -c 'echo orphan; read word <>fifo' sh \"$1\" &)
        cat /proc/self/uid_map
        read word <>fifo";

    pub(super) async fn main() -> Result<(), Box<dyn Error>> {
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let [marker, sessions, options @ ..] = arguments.as_slice() else { return Err("MARKER SESSIONS".into()) };
        let is = |option: &str| options.iter().any(|given| given == option);
        let mut alive = Vec::new();
        for _ in 0..sessions.parse()? {
            let session = Session::builder_on(Arc::new(Native::new()), Language::Python).no_timeout().open().await?;
            let mut run = session.start(Run::shell(PROGRAM).arg(marker.as_str())).await?;
            let mut seen = String::new();
            while seen.lines().count() < 3 || !seen.ends_with('\n') {
                let event = run.next_event().await.ok_or("the run ended")?;
                seen.push_str(&String::from_utf8(event.bytes)?);
            }
            let map = seen.lines().find(|line| line.contains(' ')).ok_or("no map was printed")?;
            println!("sandbox {map}");
            alive.push((session, run));
        }
        // It is to outlive this process.
        let holder = if is("hold") { Some(hold_sockets()?) } else { None };
        if let Some(holder) = &holder {
            println!("holder {}", holder.id());
        }
        if is("drop") {
            let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
            set_thread_groups(&[])?;
            set_thread_res_gid(group, group, group)?;
            set_thread_res_uid(user, user, user)?;
            let session = Session::builder_on(Arc::new(Native::new()), Language::Python).open().await?;
            let map = session.run(Run::command("cat").arg("/proc/self/uid_map")).await?;
            println!("dropped {}", map.stdout_text().trim());
        }
        println!("ready");
        if !is("leave") {
            std::future::pending::<()>().await;
        }
        // Nothing is closed or dropped.
        std::mem::forget(alive);
        Ok(())
    }

    /// Starts a child with every socket of this process open, as a fork without exec would have them.
    fn hold_sockets() -> Result<std::process::Child, Box<dyn Error>> {
        let own = pidfd_open(getpid(), PidfdFlags::empty())?;
        let mut sockets: Vec<OwnedFd> = Vec::new();
        for entry in fs::read_dir("/proc/self/fd")?.flatten() {
            let is_socket = fs::read_link(entry.path()).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"));
            if is_socket && let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) {
                let socket = pidfd_getfd(&own, number, PidfdGetfdFlags::empty())?;
                rustix::io::fcntl_setfd(&socket, FdFlags::empty())?;
                sockets.push(socket);
            }
        }
        let null = Stdio::null;
        Ok(Command::new("sleep").arg("1000").stdin(null()).stdout(null()).stderr(null()).spawn()?)
    }
}
