//! The system calls that computing needs; every other one is answered with "not permitted".

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

/// Calls that are permitted with any arguments. A refused call is an error and not the end of the process, so that a C library
/// that tries a newer call first can fall back.
const PERMITTED: &[libc::c_long] = &[
    // Talking over what is open.
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_recvfrom,
    libc::SYS_sendto,
    libc::SYS_close,
    libc::SYS_fstat,
    // Memory.
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_membarrier,
    libc::SYS_pkey_free,
    // Time and waiting.
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_futex,
    libc::SYS_sched_yield,
    libc::SYS_restart_syscall,
    // Looking at oneself.
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_getrusage,
    libc::SYS_getcpu,
    libc::SYS_sched_getaffinity,
    libc::SYS_getrandom,
    // Signals of one's own, and the end.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Enters the filter, for all threads.
pub(super) fn enter() -> Result<(), String> {
    let arch = std::env::consts::ARCH.try_into().map_err(|_| "this processor is not supported".to_owned())?;
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = PERMITTED.iter().map(|call| (*call, Vec::new())).collect();
    let text = |error: seccompiler::BackendError| error.to_string();
    // To signal oneself only: `abort` does so.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![when(0, SeccompCmpOp::Eq, own).map_err(text)?]);
    for call in [libc::SYS_mmap, libc::SYS_mprotect, libc::SYS_pkey_mprotect] {
        rules.insert(call, memory_protection().map_err(text)?);
    }
    let refuse = SeccompAction::Errno(libc::EPERM as u32);
    let filter = SeccompFilter::new(rules, refuse, SeccompAction::Allow, arch).map_err(text)?;
    let program: BpfProgram = filter.try_into().map_err(text)?;
    seccompiler::apply_filter_all_threads(&program).map_err(|error| error.to_string())
}

/// V8 compiles to machine code and needs executable memory; QuickJS interprets, so that executable memory is refused.
fn memory_protection() -> Result<Vec<SeccompRule>, seccompiler::BackendError> {
    if cfg!(feature = "v8") {
        return Ok(Vec::new());
    }
    Ok(vec![when(2, SeccompCmpOp::MaskedEq(libc::PROT_EXEC as u64), 0)?])
}

fn when(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Qword, operator, value)?])
}
