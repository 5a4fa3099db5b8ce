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
