//! Where a storage server is, and the addresses of its buckets and files.

use rusty_s3::{Bucket, UrlStyle};
use url::Url;
use zeroize::Zeroizing;

use super::Failure;

/// Where a server is and who signs in.
pub struct Server {
    /// Its address; none for AWS.
    pub endpoint: Option<Url>,
    /// The region.
    pub region: String,
    /// The name of the key.
    pub access_key: String,
    /// The key.
    pub secret_key: Zeroizing<String>,
    /// What a key for a while has beside it; empty for none.
    pub token: Zeroizing<String>,
    /// Where the name of a bucket stands.
    pub addressing: Addressing,
}

/// Where the name of a bucket stands in an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressing {
    /// At the beginning of the path.
    Path,
    /// Before the name of the host.
    Host,
}

impl Server {
    /// The address of a file, of a bucket where the key is empty, or of the server itself.
    pub(super) fn url(&self, bucket: &str, key: &str, region: &str) -> Result<Url, Failure> {
        let mut endpoint = match &self.endpoint {
            Some(endpoint) => endpoint.clone(),
            None => amazon(region)?,
        };
        if bucket.is_empty() {
            endpoint.set_query(None);
            endpoint.set_fragment(None);
            return Ok(endpoint);
        }
        // A dot before the host's name would not stand in its certificate.
        let style = match self.addressing {
            Addressing::Host if !bucket.contains('.') => UrlStyle::VirtualHost,
            Addressing::Host | Addressing::Path => UrlStyle::Path,
        };
        object_url(endpoint, style, bucket, key)
    }
}

/// Bucket and key as the source of a copy is written.
pub(super) fn source(bucket: &str, key: &str) -> Result<String, Failure> {
    if key.is_empty() || bucket.is_empty() {
        return Err(Failure::Key { key: key.to_owned() });
    }
    let nowhere = Url::parse("https://s3.invalid").map_err(|_| Failure::Endpoint)?;
    Ok(object_url(nowhere, UrlStyle::Path, bucket, key)?.path().to_owned())
}

fn object_url(endpoint: Url, style: UrlStyle, bucket: &str, key: &str) -> Result<Url, Failure> {
    let wrong_bucket = || Failure::Bucket { bucket: bucket.to_owned() };
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    // Dots alone would lead out of the bucket's place in the address.
    if bucket.len() > 255 || !bucket.chars().all(is_word) || bucket.chars().all(|c| c == '.') {
        return Err(wrong_bucket());
    }
    if key.split('/').any(|segment| matches!(segment, "." | "..")) || key.len() > 1024 {
        return Err(Failure::Key { key: key.chars().take(200).collect() });
    }
    let bucket = Bucket::new(endpoint, style, bucket.to_owned(), "").map_err(|_| wrong_bucket())?;
    Ok(bucket.object_url(key))
}

/// Whether that can be a region. It becomes a part of a host's name, so that nothing else may stand in it.
pub(super) fn is_region(region: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !region.is_empty() && region.len() <= 40 && region.bytes().all(is_word)
}

/// <https://docs.aws.amazon.com/general/latest/gr/s3.html>: where the server of a region is.
fn amazon(region: &str) -> Result<Url, Failure> {
    if !is_region(region) {
        return Err(Failure::Region { region: region.to_owned() });
    }
    let ending = if region.starts_with("cn-") { ".cn" } else { "" };
    Url::parse(&format!("https://s3.{region}.amazonaws.com{ending}")).map_err(|_| Failure::Endpoint)
}
