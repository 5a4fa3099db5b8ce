//! TLS over a socket that was dialled: certificates are verified against the system's roots and what a credential adds.

use std::{io, sync::Arc};

use rustls_platform_verifier::Verifier;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
        pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
    },
};

use crate::error::DialError;

/// Whether a connection is encrypted, and whom it trusts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encryption {
    /// Encrypted; the certificate must be the host's and signed by somebody who is trusted.
    #[default]
    Verified,
    /// Encrypted; whoever answers is believed. It protects from listeners and from nobody who can answer instead.
    Unverified,
    /// Not encrypted.
    Off,
}

/// What an encrypted connection trusts.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// How.
    pub encryption: Encryption,
    /// Certificates of authorities in PEM that are trusted beside the system's; empty for none.
    pub authority: String,
}

impl Tls {
    /// Makes the connection to `host` an encrypted one, whatever `encryption` says about whether to ask for one.
    pub async fn secure<S>(&self, stream: S, host: &str) -> Result<TlsStream<S>, DialError>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let host = host.trim();
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|_| DialError::Invalid { host: host.to_owned() })?;
        let failed = |source| DialError::Tls { host: host.to_owned(), source: told(source) };
        self.connector(host)?.connect(name, stream).await.map_err(failed)
    }

    /// What makes connections to `host` encrypted ones, for a library that wants to do it itself. Those that it makes continue each
    /// other's sessions, as some servers want of connections that belong together.
    pub fn connector(&self, host: &str) -> Result<TlsConnector, DialError> {
        Ok(TlsConnector::from(Arc::new(self.configuration(host.trim())?)))
    }

    fn configuration(&self, host: &str) -> Result<ClientConfig, DialError> {
        let failed = |error: Error| DialError::Tls { host: host.to_owned(), source: io::Error::other(error) };
        let provider = Arc::new(aws_lc_rs::default_provider());
        let verifier: Arc<dyn ServerCertVerifier> = if self.encryption == Encryption::Unverified {
            Arc::new(Unverified(Arc::clone(&provider)))
        } else {
            let extra = self.authorities()?;
            Arc::new(Verifier::new_with_extra_roots(extra, Arc::clone(&provider)).map_err(failed)?)
        };
        let configuration = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let configuration = configuration.map_err(failed)?;
        Ok(configuration.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
    }

    fn authorities(&self) -> Result<Vec<CertificateDer<'static>>, DialError> {
        if self.authority.trim().is_empty() {
            return Ok(Vec::new());
        }
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(self.authority.as_bytes()).collect();
        read.ok().filter(|found| !found.is_empty()).ok_or(DialError::Authority)
    }
}

/// Says what is wrong with a certificate in words; the rest as TLS says it.
fn told(source: io::Error) -> io::Error {
    let inner = source.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    let words = match inner {
        Some(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
            "its certificate is signed by nobody who is trusted here"
        }
        Some(Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        )) => "its certificate is another server’s",
        Some(Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. })) => {
            "its certificate has expired"
        }
        _ => return source,
    };
    io::Error::new(source.kind(), words)
}

/// Believes every certificate, as a person chose in a credential.
#[derive(Debug)]
struct Unverified(Arc<CryptoProvider>);

impl ServerCertVerifier for Unverified {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
