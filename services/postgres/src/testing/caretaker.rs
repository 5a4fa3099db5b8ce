//! A test program ends without saying so. A small detached shell script looks after the cluster in its stead: when no
//! registered process has lived for half a minute, it ends the server and removes its files.
//!
//! A newcomer must not adopt a server that is being removed. So the script first announces itself (`stopping`) and then
//! looks for users once more, while a newcomer first registers and then waits until nothing is announced: whichever
//! comes second sees the other.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::cluster::Cluster;
use crate::error::{Context, PostgresError};

/// A caretaker that was killed leaves its announcement behind; its work takes less than this.
const LONGEST_REMOVAL: Duration = Duration::from_secs(20);

/// `$1` is the shared folder, `$2` the cluster's home (which may lie elsewhere).
const SCRIPT: &str = r#"
in_use() {
    for user in "$1"/users/*; do
        [ -e "$user" ] || continue
        kill -0 "${user##*/}" 2>/dev/null && return 0
        rm -f "$user"
    done
    return 1
}
idle=0
while sleep 1; do
    [ -d "$2/data" ] || exit 0
    if in_use "$1"; then idle=0; continue; fi
    idle=$((idle + 1))
    [ "$idle" -lt 30 ] && continue
    : > "$1/stopping"
    if in_use "$1"; then rm -f "$1/stopping"; idle=0; continue; fi
    read -r server < "$2/data/postmaster.pid" && kill -QUIT "$server" && while kill -0 "$server" 2>/dev/null; do sleep 0.1; done
    rm -rf "$2/data" "$2/run" "$2/log"
    [ "$2" = "$1/postgres" ] || rm -rf "$2" "$1/postgres/location"
    rm -f "$1/stopping" "$1/caretaker"
    exit 0
done
"#;

/// Notes that this process uses the cluster, and waits for a removal that is under way.
pub(super) fn register(folder: &Path) -> Result<(), PostgresError> {
    let users = folder.join("users");
    fs::create_dir_all(&users).context("create the folder", &users)?;
    let own = users.join(std::process::id().to_string());
    fs::write(&own, "").context("write", &own)?;
    let stopping = folder.join("stopping");
    let began = Instant::now();
    while stopping.exists() && began.elapsed() < LONGEST_REMOVAL {
        std::thread::sleep(Duration::from_millis(10));
    }
    // Nobody removes any more, even if the announcement stayed.
    let _ = fs::remove_file(stopping);
    Ok(())
}

/// Starts the script unless it runs already.
pub(super) fn hire(folder: &Path, cluster: &Cluster) -> Result<(), PostgresError> {
    let note = folder.join("caretaker");
    let lives = |pid: &str| Path::new("/proc").join(pid.trim()).exists();
    if fs::read_to_string(&note).is_ok_and(|pid| !pid.is_empty() && lives(&pid)) {
        return Ok(());
    }
    let folder = folder.canonicalize().context("find", folder)?;
    let data = cluster.data();
    let home = data.parent().unwrap_or(&data);
    let mut command = Command::new("sh");
    command.arg("-c").arg(SCRIPT).arg("weft-test-caretaker").arg(&folder).arg(home);
    // Whoever waits for the test's output must not wait for the caretaker, and Ctrl-C is not meant for it.
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let caretaker = command.spawn().context("run", Path::new("sh"))?;
    fs::write(&note, caretaker.id().to_string()).context("write", &note)
}
