//! Places at which a test can end the process, to see what the next one makes of it (feature `fail-points`).
//!
//! `WEFT_FAIL_POINT=after_start:3` aborts the process when it passes `after_start` for the third time.

/// A place in the life of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Before anything of an execution is durable.
    BeforeStart,
    /// The intent to touch the outside world is durable, and it was not touched.
    AfterStart,
    /// The outside world was touched, and the outcome is not durable.
    AfterSideEffect,
    /// An append is durable, and nobody was told.
    AfterAppend,
    /// Everything is durable, and the caller has no answer.
    BeforeAnswer,
}

impl Point {
    /// Its name in the setting.
    pub fn name(self) -> &'static str {
        match self {
            Self::BeforeStart => "before_start",
            Self::AfterStart => "after_start",
            Self::AfterSideEffect => "after_side_effect",
            Self::AfterAppend => "after_append",
            Self::BeforeAnswer => "before_answer",
        }
    }
}

/// The process passes `point`.
#[cfg(not(feature = "fail-points"))]
#[inline]
pub(crate) fn hit(_point: Point) {}

/// The process passes `point`, and ends there if a test asked for it.
#[cfg(feature = "fail-points")]
pub(crate) fn hit(point: Point) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicI64, Ordering};

    static ASKED: OnceLock<Option<(String, AtomicI64)>> = OnceLock::new();
    #[expect(clippy::disallowed_methods, reason = "a test's switch in a build that nobody serves with")]
    let asked = ASKED.get_or_init(|| {
        let setting = std::env::var("WEFT_FAIL_POINT").ok()?;
        let (name, nth) = setting.split_once(':').unwrap_or((&setting, "1"));
        Some((name.to_owned(), AtomicI64::new(nth.parse().unwrap_or(1))))
    });
    let Some((name, left)) = asked else { return };
    if name == point.name() && left.fetch_sub(1, Ordering::SeqCst) == 1 {
        eprintln!("fail point {name}: the process ends here");
        std::process::abort();
    }
}
