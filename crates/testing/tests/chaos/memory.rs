//! What this process holds of the host's memory.

/// How much more may be held after most of a suite than after its beginning, in bytes.
const GROWTH_MOST: u64 = 64 << 20;

/// How much may ever be held, in bytes.
const PEAK_MOST: u64 = 512 << 20;

/// What is held now, in bytes.
pub(crate) fn held() -> u64 {
    status("VmRSS:")
}

/// Asserts that no more is held than at a time that is long gone, but for what allocators keep.
pub(crate) fn assert_flat(early: u64) {
    let (now, peak) = (held(), status("VmHWM:"));
    assert!(now <= early + GROWTH_MOST, "{now} bytes are held after {early}");
    assert!(peak <= PEAK_MOST, "{peak} bytes were held at once");
}

fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc is there");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the kernel tells");
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kilobytes << 10
}
