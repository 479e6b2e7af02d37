use std::sync::OnceLock;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::limits::DECODER_STACK_BYTES;

/// The threads that parse and decode: apart from rayon's own, whose stacks are too small for a codec that recurses.
pub(crate) fn pool() -> &'static ThreadPool {
    static POOL: OnceLock<ThreadPool> = OnceLock::new();
    POOL.get_or_init(|| {
        let build = |n_threads| {
            ThreadPoolBuilder::new()
                .num_threads(n_threads)
                .stack_size(DECODER_STACK_BYTES)
                .thread_name(|i| format!("decode-{i}"))
                .build()
        };
        // Where the system refuses threads, the calling one does the work.
        build(0)
            .or_else(|_| build(1))
            .unwrap_or_else(|_| fallback())
    })
}

/// Takes memory for many small things at once and gives it back to this thread's allocator, which has it then.
///
/// That of the GNU C library asks the system page by page otherwise, and the threads wait for each other there: making
/// ten thousand objects takes a fifth longer.
pub(crate) fn make_room(n_bytes: usize) {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(
        n_bytes.min(MAX_ROOM_BYTES),
    )));
}

/// What is larger is a mapping of its own, and is given back to the system.
const MAX_ROOM_BYTES: usize = 96 * 1024;

/// Number of reader threads.
pub fn n_reader_threads() -> usize {
    pool().current_num_threads()
}

/// Runs `work` on every reader thread at once and waits until all have ended: the one pool for whoever hands out slices
/// one by one.
pub fn on_reader_threads(work: &(dyn Fn() + Sync)) {
    pool().scope(|scope| {
        for _ in 0..pool().current_num_threads() {
            scope.spawn(|_| work());
        }
    });
}

fn fallback() -> ThreadPool {
    loop {
        if let Ok(pool) = ThreadPoolBuilder::new()
            .use_current_thread()
            .num_threads(1)
            .build()
        {
            return pool;
        }
        std::thread::yield_now();
    }
}
