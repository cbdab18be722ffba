//! What glibc's allocator keeps and what it gives back. Its own choice is made for small programs; other allocators
//! choose well by themselves.

/// Keeps blocks of some megabytes that were freed, and gives larger ones back at once. A network allocates and frees the
/// same maps in every run: given back to the system each time, a run of RTen has a thousand page faults, on two threads
/// half of its time.
///
/// Call it before the program has a second thread.
pub fn keep_small_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        set(libc::M_MMAP_THRESHOLD, 4 << 20);
        set(libc::M_TRIM_THRESHOLD, 16 << 20);
    }
}

/// As [`keep_small_blocks`], with two areas that all threads allocate from. Each thread else has its own, in which what
/// another has freed is of no use, so that a walk through large photographs holds much more than it needs (benches/window_walk
/// measures it). A batch keeps them, as its threads allocate all the time.
pub fn share_areas() {
    keep_small_blocks();
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    set(libc::M_ARENA_MAX, 2);
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the allocator is asked in C alone")]
fn set(parameter: libc::c_int, value: libc::c_int) {
    // SAFETY: numbers alone are passed, and no other thread allocates yet.
    unsafe { libc::mallopt(parameter, value) };
}
