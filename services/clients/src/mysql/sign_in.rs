//! Encrypts and signs in.

use bytes::Bytes;
use mysql_common::constants::CapabilityFlags;
use mysql_common::crypto;
use mysql_common::io::ParseBuf;
use mysql_common::packets::{AuthPlugin, AuthSwitchRequest, HandshakePacket, HandshakeResponse, SslRequest};
use tokio::task::spawn_blocking;
use weft_connectors::Encryption;
use zeroize::Zeroizing;

use super::NAME;
use super::packets::{Packets, not_understood, refused, unreadable};
use super::session::Server;
use crate::{Failure, Socket};

/// The largest packet before somebody is signed in.
const MOST: usize = 64 * 1024;
/// What the server may send later in one packet, as it is told; it obeys its own limit.
const MOST_LATER: u32 = 1 << 30;
/// `utf8mb4_general_ci`.
const COLLATION: u8 = 45;
/// The text of a server that is new enough for all of Unicode, for the packet's writer.
const NEW_ENOUGH: (u16, u16, u16) = (8, 0, 0);

/// What is asked of the protocol. Files of this machine (`CLIENT_LOCAL_FILES`) are not offered.
fn wanted() -> CapabilityFlags {
    CapabilityFlags::CLIENT_LONG_PASSWORD
        | CapabilityFlags::CLIENT_FOUND_ROWS
        | CapabilityFlags::CLIENT_LONG_FLAG
        | CapabilityFlags::CLIENT_PROTOCOL_41
        | CapabilityFlags::CLIENT_TRANSACTIONS
        | CapabilityFlags::CLIENT_SECURE_CONNECTION
        | CapabilityFlags::CLIENT_MULTI_STATEMENTS
        | CapabilityFlags::CLIENT_MULTI_RESULTS
        | CapabilityFlags::CLIENT_PS_MULTI_RESULTS
        | CapabilityFlags::CLIENT_PLUGIN_AUTH
        | CapabilityFlags::CLIENT_PLUGIN_AUTH_LENENC_CLIENT_DATA
        | CapabilityFlags::CLIENT_DEPRECATE_EOF
}

/// A connection that is signed in.
pub(super) struct SignedIn {
    pub(super) packets: Packets,
    pub(super) capabilities: CapabilityFlags,
    /// The number of the connection.
    pub(super) id: u32,
}

pub(super) async fn sign_in(socket: Box<dyn Socket>, server: &Server) -> Result<SignedIn, Failure> {
    let mut packets = Packets::new(socket);
    let hello = packets.read(MOST).await?;
    if hello.first() == Some(&0xff) {
        return Err(denied(&refused(&hello).message));
    }
    let hello = ParseBuf(&hello).parse::<HandshakePacket<'_>>(()).map_err(unreadable)?.into_owned();
    let mut capabilities = wanted() & hello.capabilities();
    if server.tls.encryption != Encryption::Off {
        if !hello.capabilities().contains(CapabilityFlags::CLIENT_SSL) {
            return Err(Failure::NotEncrypted { server: NAME });
        }
        capabilities |= CapabilityFlags::CLIENT_SSL;
        packets.write_packet(&SslRequest::new(capabilities, MOST_LATER, COLLATION)).await?;
        let (socket, next) = packets.into_socket()?;
        packets = Packets::going_on(Box::new(server.tls.secure(socket, &server.host).await?), next);
    }
    let id = hello.connection_id();
    let mut signing = Signing { packets, server, nonce: hello.nonce(), plugin: AuthPlugin::MysqlNativePassword };
    if let Some(AuthPlugin::CachingSha2Password) = hello.auth_plugin() {
        signing.plugin = AuthPlugin::CachingSha2Password;
    }
    signing.hello(capabilities).await?;
    signing.prove().await?;
    Ok(SignedIn { packets: signing.packets, capabilities, id })
}

struct Signing<'a> {
    packets: Packets,
    server: &'a Server,
    /// What the password is mixed with.
    nonce: Vec<u8>,
    plugin: AuthPlugin<'static>,
}

impl Signing<'_> {
    async fn hello(&mut self, capabilities: CapabilityFlags) -> Result<(), Failure> {
        let database = self.server.database.as_str();
        let proof = self.plugin.gen_data(Some(self.server.password.as_str()), &self.nonce);
        let plugin = capabilities.contains(CapabilityFlags::CLIENT_PLUGIN_AUTH).then(|| self.plugin.borrow());
        let hello = HandshakeResponse::new(
            proof.as_deref(),
            NEW_ENOUGH,
            Some(self.server.user.as_bytes()),
            (!database.is_empty()).then_some(database.as_bytes()),
            plugin,
            capabilities,
            None,
            MOST_LATER,
        );
        self.packets.write_packet(&hello).await
    }

    /// Answers until the server is content.
    async fn prove(&mut self) -> Result<(), Failure> {
        loop {
            let said = self.packets.read(MOST).await?;
            match (said.first(), said.get(1)) {
                (Some(0), _) => return Ok(()),
                (Some(0xff), _) => return Err(denied(&refused(&said).message)),
                (Some(0xfe), Some(_)) => self.switch(&said).await?,
                // The server knew a proof of the same password from before.
                (Some(1), Some(3)) => {}
                (Some(1), Some(4)) => self.whole_password().await?,
                _ => return Err(denied("it asks for a way to sign in that is not known here")),
            }
        }
    }

    /// The server wants another way than the one that was tried.
    async fn switch(&mut self, said: &Bytes) -> Result<(), Failure> {
        let asked = ParseBuf(said).parse::<AuthSwitchRequest<'_>>(()).map_err(unreadable)?.into_owned();
        self.nonce = asked.plugin_data().to_vec();
        self.plugin = asked.auth_plugin().into_owned();
        match &self.plugin {
            AuthPlugin::MysqlNativePassword | AuthPlugin::CachingSha2Password => {}
            AuthPlugin::MysqlClearPassword if self.is_encrypted() => {}
            AuthPlugin::MysqlClearPassword => {
                return Err(denied("it asks for the password in clear over a connection that is not encrypted"));
            }
            AuthPlugin::MysqlOldPassword
            | AuthPlugin::Ed25519
            | AuthPlugin::MariadbParsec { .. }
            | AuthPlugin::Other(_) => {
                let name = String::from_utf8_lossy(self.plugin.as_bytes()).into_owned();
                return Err(denied(&format!("it asks for a way to sign in that is not known here ({name})")));
            }
        }
        match self.plugin.gen_data(Some(self.server.password.as_str()), &self.nonce) {
            Some(proof) => self.packets.write_packet(&proof).await,
            None => self.packets.write(&[]).await,
        }
    }

    fn is_encrypted(&self) -> bool {
        self.server.tls.encryption != Encryption::Off
    }

    /// `caching_sha2_password` while the server has not seen the password: it is sent, over a connection that is encrypted, or
    /// encrypted with the server's key.
    async fn whole_password(&mut self) -> Result<(), Failure> {
        let mut password = Zeroizing::new(Vec::with_capacity(self.server.password.len() + 1));
        password.extend_from_slice(self.server.password.as_bytes());
        password.push(0);
        if self.is_encrypted() {
            return self.packets.write(&password).await;
        }
        self.packets.write(&[2]).await?;
        let key = self.packets.read(MOST).await?;
        let key = key.strip_prefix(&[1]).filter(|key| key.starts_with(b"-----BEGIN")).map(<[u8]>::to_vec);
        let key = key.ok_or_else(|| denied("it gives no key to encrypt the password with"))?;
        for (byte, mask) in password.iter_mut().zip(self.nonce.iter().cycle()) {
            *byte ^= mask;
        }
        // The library panics where a key is none; a thread of its own keeps that away from here.
        let encrypted = spawn_blocking(move || crypto::encrypt(&password, &key)).await;
        let encrypted = encrypted.map_err(|_| not_understood("a key that is none"))?;
        self.packets.write(&encrypted).await
    }
}

fn denied(reason: &str) -> Failure {
    Failure::SignIn { server: NAME, reason: reason.trim_end_matches('.').to_owned() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests;
