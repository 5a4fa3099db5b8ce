//! Giving everything up: after [`enter`] this process can compute, talk over the files it has open, and end.
//!
//! The layers overlap on purpose. Where a kernel lacks one, the others still hold, and `--check` says which are active. The
//! strongest is the list of permitted system calls ([`seccomp`]): nothing on it opens, connects, starts or looks at anything.

mod seccomp;

use std::io;

use landlock::{ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetStatus, Scope};
use rustix::process::{DumpableBehavior, Resource, Rlimit, Signal};
use weft_code_runner_protocol::Layer;

/// Address space beside the resident memory that the parent permits: what the engine writes to but hardly touches.
const UNTOUCHED: usize = 1 << 30;

/// Closes what the parent left open beside standard input, output and error. Must run before anything is opened here.
#[expect(unsafe_code, reason = "the system call has no safe wrapper")]
pub fn close_inherited_files() {
    // SAFETY: nothing in this process has opened a file yet, so no descriptor above 2 has an owner that would be surprised.
    unsafe {
        libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0);
    }
}

/// Enters the sandbox for good and says which layers hold.
pub fn enter(resident_bytes: usize) -> Vec<Layer> {
    let layers = vec![
        layer("parent-death", "ends with the process that started it", die_with_parent()),
        layer(
            "no-new-privileges",
            "no program can gain rights",
            rustix::thread::set_no_new_privs(true).map_err(sentence),
        ),
        layer("not-dumpable", "its memory is closed to others", not_dumpable()),
        layer("empty-environment", "no variable of the server is visible", empty_environment()),
        layer("landlock", "no file, no TCP, no abstract socket, no signal to others", landlock()),
        // Behind Landlock, which opens a file of its own.
        layer("limits", "no new files, no core dump, bounded memory", limit(resident_bytes)),
        layer("seccomp", "only the system calls that computing needs", seccomp::enter()),
    ];
    layers
}

fn layer(name: &str, forbids: &str, entered: Result<(), String>) -> Layer {
    let (active, detail) = entered.map_or_else(|why| (false, why), |()| (true, forbids.to_owned()));
    Layer { name: name.to_owned(), active, detail }
}

fn sentence(error: impl Into<io::Error>) -> String {
    error.into().to_string()
}

fn die_with_parent() -> Result<(), String> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).map_err(sentence)
}

fn not_dumpable() -> Result<(), String> {
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(sentence)
}

/// The environment is emptied by the parent, since a process cannot safely empty its own.
fn empty_environment() -> Result<(), String> {
    let left = std::env::vars_os().count();
    if left == 0 { Ok(()) } else { Err(format!("{left} variables were inherited; the server starts it with none")) }
}

fn limit(resident_bytes: usize) -> Result<(), String> {
    let at_most = |most: u64| Rlimit { current: Some(most), maximum: Some(most) };
    let data = (resident_bytes + UNTOUCHED) as u64;
    for (resource, most) in [
        (Resource::Core, 0),
        // Files that are open stay open; there is no room for another.
        (Resource::Nofile, 0),
        (Resource::Memlock, 0),
        (Resource::Data, data),
    ] {
        rustix::process::setrlimit(resource, at_most(most)).map_err(sentence)?;
    }
    Ok(())
}

/// Handles every right that Landlock knows and grants none.
fn landlock() -> Result<(), String> {
    let abi = ABI::V6;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(abi)))
        .and_then(|rules| rules.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(|error| error.to_string())?;
    match status.ruleset {
        RulesetStatus::NotEnforced => Err("this kernel does not offer it".to_owned()),
        RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced => Ok(()),
    }
}
