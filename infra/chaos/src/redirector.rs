//! A server that sends whoever asks it somewhere else.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The address of a server that answers everything with a redirection to `target`. It ends with the program.
pub async fn redirect_to(target: &'static str) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}/", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 8 * 1024];
            // 307 keeps the method and the body (RFC 9110, section 15.4.8).
            let answer = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            // A caller that goes away has been refused by its own side; the next one is served all the same.
            if stream.read(&mut request).await.is_ok() {
                stream.write_all(answer.as_bytes()).await.ok();
            }
        }
    });
    Ok(address)
}
