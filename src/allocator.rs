//! What glibc's allocator keeps and what it gives back. Its own choice is made for small programs; other allocators
//! choose well by themselves.

/// Keeps freed blocks of up to 16 MiB, and gives larger ones back at once: what a batch allocates for each photograph anew, the
/// maps of a network and the masks of 12 megapixels. Each page that is given back costs a page fault when it comes again: of
/// a run of RTen half of its time on two threads, of `evaluate` a sixth.
///
/// Call it before the program has a second thread.
pub fn keep_blocks() {
    keep_up_to(16);
}

/// Keeps freed blocks of up to 4 MiB, of which there are many in each run of a network, in two areas that all threads allocate
/// from. Each thread else has its own, in which what another has freed is of no use, so that a walk through large photographs
/// holds much more than it needs (benches/window_walk measures it). A batch keeps them, as its threads allocate all the time.
pub fn share_areas() {
    keep_up_to(4);
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    set(libc::M_ARENA_MAX, 2);
}

fn keep_up_to(mebibytes: i32) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        set(libc::M_MMAP_THRESHOLD, mebibytes << 20);
        set(libc::M_TRIM_THRESHOLD, mebibytes << 22);
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    let _ = mebibytes;
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the allocator is asked in C alone")]
fn set(parameter: libc::c_int, value: libc::c_int) {
    // SAFETY: numbers alone are passed, and no other thread allocates yet.
    unsafe { libc::mallopt(parameter, value) };
}
