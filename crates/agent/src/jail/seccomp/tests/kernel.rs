//! The kernel takes the programs and answers as the interpreter does.

use std::net::{TcpListener, UdpSocket};
use std::process::Command;

use rustix::fs::{CWD, FileType, MemfdFlags, Mode};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, ipproto};

use crate::jail::seccomp::{Ground, agent_filter, run_filter};

/// Does something in a thread behind both filters, as a run is; other threads are not concerned.
fn behind_the_filters(act: impl FnOnce() + Send) {
    let filtered = || {
        rustix::thread::set_no_new_privs(true).expect("anybody may");
        for filter in [agent_filter(), run_filter(Ground::Jail)] {
            crate::sys::load_filter(&filter).expect("the kernel takes the program");
        }
        act();
    };
    std::thread::scope(|scope| scope.spawn(filtered).join()).expect("the filtered thread does not panic");
}

#[test]
fn programs_threads_and_loopback_work() {
    behind_the_filters(|| {
        let output = Command::new("/bin/sh").args(["-c", "(echo child) | cat"]).output().expect("a program");
        assert_eq!(output.stdout, b"child\n");
        assert_eq!(std::thread::spawn(|| 7).join().expect("a thread"), 7);
        TcpListener::bind("127.0.0.1:0").expect("a socket");
        UdpSocket::bind("127.0.0.1:0").expect("a socket");
        rustix::fs::memfd_create("test", MemfdFlags::CLOEXEC).expect("counted memory");
    });
}

#[test]
fn refusals_arrive_as_errors() {
    behind_the_filters(|| {
        let socket = |family, kind, protocol| rustix::net::socket(family, kind, protocol).map(drop);
        assert_eq!(socket(AddressFamily::NETLINK, SocketType::RAW, None), Err(Errno::AFNOSUPPORT));
        assert_eq!(socket(AddressFamily::INET, SocketType::RAW, Some(ipproto::ICMP)), Err(Errno::PERM));
        assert_eq!(socket(AddressFamily::INET, SocketType::STREAM, Some(ipproto::SCTP)), Err(Errno::PROTONOSUPPORT));
        assert_eq!(rustix::mount::unmount("/not/there", rustix::mount::UnmountFlags::empty()), Err(Errno::PERM));
        assert_eq!(rustix::process::chroot("/not/there"), Err(Errno::PERM));
        let device = rustix::fs::mknodat(CWD, "/not/there", FileType::CharacterDevice, Mode::RUSR, 0);
        assert_eq!(device, Err(Errno::PERM));
        let fifo = rustix::fs::mknodat(CWD, "/not/there/either", FileType::Fifo, Mode::RUSR, 0);
        assert_eq!(fifo, Err(Errno::NOENT));
    });
}
