use std::fs;
use std::io::ErrorKind;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

const VERSIONS: std::ops::RangeInclusive<u32> = 1..=9;

fn places() -> [PathBuf; 2] {
    ["/sandbox".into(), "/tmp".into()]
}

fn root() -> [PathBuf; 1] {
    ["/".into()]
}

#[test]
fn later_versions_control_more() {
    for version in VERSIONS {
        assert_eq!(handled(version) & 0x1fff, 0x1fff, "{version}");
        assert_eq!(handled(version) & access::REFER != 0, version >= 2, "{version}");
        assert_eq!(handled(version) & access::TRUNCATE != 0, version >= 3, "{version}");
        assert_eq!(handled(version) >> 15, 0, "{version}: neither ioctls nor what is not known yet");
        assert_eq!(scoped(version), if version >= 6 { 3 } else { 0 }, "{version}");
    }
}

#[test]
fn rules_give_only_what_is_handled() {
    for version in VERSIONS {
        let ruleset = Ruleset::new(version, &root(), &places(), DEVICES);
        for rule in &ruleset.rules {
            assert_ne!(rule.access, 0, "{version}: {rule:?}");
            assert_eq!(rule.access & !ruleset.handled, 0, "{version}: {rule:?}");
        }
    }
}

#[test]
fn devices_can_be_made_nowhere() {
    let ruleset = Ruleset::new(7, &root(), &places(), DEVICES);
    let devices = access::MAKE_CHARACTER_DEVICE | access::MAKE_BLOCK_DEVICE;
    assert_eq!(ruleset.handled & devices, devices);
    assert!(ruleset.rules.iter().all(|rule| rule.access & devices == 0));
}

#[test]
fn only_the_places_named_can_be_changed() {
    let changes = access::WRITE & !access::DEVICE & !access::READ;
    let ruleset = Ruleset::new(7, &root(), &places(), DEVICES);
    let changeable = ruleset.rules.iter().filter(|rule| rule.access & changes != 0);
    assert_eq!(changeable.map(|rule| rule.path.clone()).collect::<Vec<_>>(), places());
    assert_eq!(ruleset.rules[0], PathRule { path: "/".into(), access: access::READ, required: true });
}

/// A directory of its own for a test, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("landlock-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().canonicalize().expect("a place for temporary files").join(name);
        fs::create_dir_all(path.join("open")).expect("a directory for the test");
        fs::create_dir_all(path.join("shut")).expect("a directory for the test");
        Self(path)
    }

    fn open(&self, name: &str) -> PathBuf {
        self.0.join("open").join(name)
    }

    fn shut(&self, name: &str) -> PathBuf {
        self.0.join("shut").join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Does something in a thread that has put itself under a ruleset; other threads are not concerned.
///
/// Where the kernel has no Landlock there is nothing to test, and `build` has to say so.
fn under<T: Send>(ruleset: io::Result<Option<OwnedFd>>, act: impl FnOnce() -> T + Send) -> Option<T> {
    let Some(ruleset) = ruleset.expect("a ruleset") else {
        assert_eq!(version(), None);
        return None;
    };
    let confined = || {
        rustix::thread::set_no_new_privs(true).expect("anybody may");
        sys::landlock_restrict_self(&ruleset).expect("anybody without new privileges may");
        act()
    };
    Some(std::thread::scope(|scope| scope.spawn(confined).join()).expect("the confined thread does not panic"))
}

fn outcome<T>(result: io::Result<T>) -> Result<T, ErrorKind> {
    result.map_err(|error| error.kind())
}

#[test]
fn the_kernel_keeps_code_to_the_writable_places() {
    let scratch = Scratch::new();
    fs::write(scratch.shut("there"), "before").expect("not confined yet");
    under(build(&root(), &[scratch.0.join("open")], DEVICES), || {
        fs::write(scratch.open("a"), "x").expect("writable");
        fs::create_dir(scratch.open("directory")).expect("writable");
        fs::rename(scratch.open("a"), scratch.open("directory/b")).expect("both ends are writable");
        std::os::unix::fs::symlink("b", scratch.open("directory/link")).expect("writable");
        fs::remove_dir_all(scratch.open("directory")).expect("writable");

        assert_eq!(fs::read_to_string(scratch.shut("there")).expect("readable"), "before");
        assert_eq!(outcome(fs::write(scratch.shut("there"), "x")), Err(ErrorKind::PermissionDenied));
        assert_eq!(outcome(fs::write(scratch.shut("new"), "x")), Err(ErrorKind::PermissionDenied));
        assert_eq!(outcome(fs::create_dir(scratch.shut("new"))), Err(ErrorKind::PermissionDenied));
        assert_eq!(outcome(fs::remove_file(scratch.shut("there"))), Err(ErrorKind::PermissionDenied));
        assert!(fs::rename(scratch.shut("there"), scratch.open("there")).is_err());
        assert!(fs::hard_link(scratch.shut("there"), scratch.open("there")).is_err());
        // A planted link does not widen the place.
        std::os::unix::fs::symlink(scratch.shut("there"), scratch.open("link")).expect("writable");
        assert_eq!(outcome(fs::write(scratch.open("link"), "x")), Err(ErrorKind::PermissionDenied));
    });
    assert_eq!(fs::read_to_string(scratch.shut("there")).expect("readable"), "before");
}

#[test]
fn a_single_file_can_be_a_writable_place() {
    let scratch = Scratch::new();
    fs::write(scratch.shut("there"), "").expect("not confined yet");
    under(build(&root(), &[scratch.shut("there")], DEVICES), || {
        fs::write(scratch.shut("there"), "x").expect("writable");
        assert_eq!(outcome(fs::remove_file(scratch.shut("there"))), Err(ErrorKind::PermissionDenied));
    });
}

#[test]
fn programs_devices_and_loopback_stay_usable() {
    under(build(&root(), &[], DEVICES), || {
        fs::write("/dev/null", "x").expect("a writable device");
        fs::read("/proc/self/stat").expect("readable");
        let status = std::process::Command::new("/bin/sh").args(["-c", "exit 3"]).status().expect("executable");
        assert_eq!(status.code(), Some(3));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("ports are not controlled");
        let address = listener.local_addr().expect("it is bound");
        std::net::TcpStream::connect(address).expect("ports are not controlled");
    });
}

#[test]
fn abstract_sockets_of_others_are_out_of_reach() {
    if version().is_none_or(|version| version < 6) {
        return;
    }
    let named = |name: &str| SocketAddr::from_abstract_name(format!("{name}-{}", std::process::id())).expect("a name");
    let (outside, inside) = (named("landlock-outside"), named("landlock-inside"));
    let _listener = UnixListener::bind_addr(&outside).expect("not confined");
    under(build(&root(), &[], DEVICES), || {
        assert_eq!(outcome(UnixStream::connect_addr(&outside).map(drop)), Err(ErrorKind::PermissionDenied));
        let _listener = UnixListener::bind_addr(&inside).expect("its own");
        UnixStream::connect_addr(&inside).expect("its own");
    });
}

#[test]
fn a_place_that_is_not_there_is_an_error_that_names_it() {
    if version().is_none() {
        return;
    }
    let error = build(&root(), &["/not/there".into()], DEVICES).expect_err("it is not there");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("/not/there"), "{error}");
}

#[test]
fn a_planted_link_does_not_become_a_writable_place() {
    let scratch = Scratch::new();
    std::os::unix::fs::symlink(scratch.shut(""), scratch.open("link")).expect("not confined");
    assert_eq!(open(&scratch.open("link")).err(), Some(Errno::LOOP));
    assert_eq!(open(&scratch.open("link/below")).err(), Some(Errno::NOTDIR));
    for path in ["relative", "/tmp/../etc"] {
        assert_eq!(open(Path::new(path)).err(), Some(Errno::INVAL), "{path}");
    }
}
