//! Where the server of a data folder answers, known before it runs, so that what a command prints is where it will be.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;

use anyhow::Context;

use crate::settings::Settings;

/// The first port that is tried where none is named.
const FIRST_PORT: u16 = 8080;
/// How many of the following ports are tried.
const PORTS: u16 = 100;

/// The address that the settings name, else localhost with the port that the next server takes.
pub fn base_url(settings: &Settings) -> anyhow::Result<String> {
    match &settings.base_url {
        Some(named) => Ok(named.trim_end_matches('/').to_owned()),
        None => Ok(on_localhost(expected_port(settings)?)),
    }
}

/// The address of a server on that port of this machine.
pub fn on_localhost(port: u16) -> String {
    format!("http://localhost:{port}")
}

/// Listens where a process says how it is that serves nobody: on the named port, else on any free one.
pub fn listen_for_health(settings: &Settings, bind: IpAddr) -> anyhow::Result<TcpListener> {
    let port = settings.port.unwrap_or(0);
    TcpListener::bind(SocketAddr::new(bind, port))
        .with_context(|| format!("port {port} cannot be used; name another with --port or WEFT_PORT"))
}

/// The address of the process that serves people, for one that does not.
pub fn of_the_api(settings: &Settings) -> anyhow::Result<String> {
    base_url(&Settings { port: None, ..settings.clone() })
}

/// Listens on the named port, else on the one kept for this data folder, else on the first free one.
pub fn listen(settings: &Settings, bind: IpAddr) -> anyhow::Result<TcpListener> {
    if let Some(port) = settings.port {
        return TcpListener::bind(SocketAddr::new(bind, port))
            .with_context(|| format!("port {port} cannot be used; name another with --port or WEFT_PORT"));
    }
    if let Some(kept) = kept_port(settings) {
        match TcpListener::bind(SocketAddr::new(bind, kept)) {
            Ok(listener) => return Ok(listener),
            Err(error) => tracing::warn!(%error, port = kept, "The port used last cannot be used; taking another."),
        }
    }
    first_free(bind)
}

/// Keeps the port for the next server on this data folder.
pub fn keep_port(settings: &Settings, port: u16) -> anyhow::Result<()> {
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("the data folder {} cannot be made", settings.data_dir.display()))?;
    std::fs::write(port_file(settings), port.to_string()).context("the port could not be written down")
}

fn expected_port(settings: &Settings) -> anyhow::Result<u16> {
    // Port 0 means any free one, which is known only once a server listens.
    let named = settings.port.filter(|port| *port != 0);
    if let Some(port) = named.or_else(|| kept_port(settings)) {
        return Ok(port);
    }
    let port = first_free(Ipv4Addr::LOCALHOST.into())?.local_addr()?.port();
    keep_port(settings, port)?;
    Ok(port)
}

fn first_free(bind: IpAddr) -> anyhow::Result<TcpListener> {
    let mut listeners = (FIRST_PORT..FIRST_PORT + PORTS).map(|port| TcpListener::bind(SocketAddr::new(bind, port)));
    listeners.find_map(Result::ok).with_context(|| {
        format!("no port from {FIRST_PORT} to {} is free; name one with --port or WEFT_PORT", FIRST_PORT + PORTS - 1)
    })
}

fn kept_port(settings: &Settings) -> Option<u16> {
    std::fs::read_to_string(port_file(settings)).ok()?.trim().parse().ok()
}

fn port_file(settings: &Settings) -> PathBuf {
    settings.data_dir.join("port")
}

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, MutexGuard, PoisonError};

    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        settings: Settings,
    }

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    /// The ports of this machine are one thing that the tests share: what is free for one is taken by another in between.
    fn ports() -> MutexGuard<'static, ()> {
        static PORTS: Mutex<()> = Mutex::new(());
        PORTS.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn settings(folder: &tempfile::TempDir, more: &[&str]) -> Settings {
        let folder = folder.path().join("data");
        let line = ["weft", "--data-dir", folder.to_str().unwrap()].into_iter().chain(more.iter().copied());
        Line::parse_from(line).settings
    }

    fn port_of(listener: &TcpListener) -> u16 {
        listener.local_addr().unwrap().port()
    }

    #[test]
    fn checkouts_side_by_side_take_different_ports_and_each_keeps_its_own() {
        let _ports = ports();
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let first = listen(&settings(&one, &[]), HERE).unwrap();
        let second = listen(&settings(&two, &[]), HERE).unwrap();
        let ports = (port_of(&first), port_of(&second));
        assert_ne!(ports.0, ports.1);
        keep_port(&settings(&one, &[]), ports.0).unwrap();
        keep_port(&settings(&two, &[]), ports.1).unwrap();
        drop((first, second));
        assert_eq!(base_url(&settings(&two, &[])).unwrap(), format!("http://localhost:{}", ports.1));
        assert_eq!(port_of(&listen(&settings(&two, &[]), HERE).unwrap()), ports.1);
    }

    #[test]
    fn a_process_that_serves_nobody_takes_no_port_of_one_that_does() {
        let _ports = ports();
        let folder = tempfile::tempdir().unwrap();
        let api = listen(&settings(&folder, &[]), HERE).unwrap();
        keep_port(&settings(&folder, &[]), port_of(&api)).unwrap();
        let named = settings(&folder, &["--port", "0"]);
        assert_ne!(port_of(&listen_for_health(&named, HERE).unwrap()), port_of(&api));
        assert_eq!(of_the_api(&named).unwrap(), on_localhost(port_of(&api)));
    }

    #[test]
    fn a_kept_port_that_somebody_else_has_is_left_to_them() {
        let _ports = ports();
        let folder = tempfile::tempdir().unwrap();
        let busy = TcpListener::bind((HERE, 0)).unwrap();
        keep_port(&settings(&folder, &[]), port_of(&busy)).unwrap();
        let listener = listen(&settings(&folder, &[]), HERE).unwrap();
        assert_ne!(port_of(&listener), port_of(&busy));
        // Who names a port means that one.
        let named = settings(&folder, &["--port", &port_of(&busy).to_string()]);
        let refused = listen(&named, HERE).unwrap_err().to_string();
        assert!(refused.contains("WEFT_PORT"), "{refused}");
    }

    #[test]
    fn an_address_is_known_before_the_first_start_and_stays() {
        let _ports = ports();
        let folder = tempfile::tempdir().unwrap();
        let expected = base_url(&settings(&folder, &[])).unwrap();
        let listener = listen(&settings(&folder, &[]), HERE).unwrap();
        assert_eq!(on_localhost(port_of(&listener)), expected);
        let named = settings(&folder, &["--base-url", "https://flow.example/"]);
        assert_eq!(base_url(&named).unwrap(), "https://flow.example");
    }
}
