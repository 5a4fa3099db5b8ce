//! Files that are stored piece by piece, so that no more than one piece of them is in memory.

use bytes::{Bytes, BytesMut};
use rusty_s3::Method;

use super::{Ask, Failure, Headers, Store, md5_of, xml};

/// The bytes of a piece. A server takes ten thousand of them, which are eighty times the largest file that is kept.
pub const PART: usize = 8 << 20;

/// A file that is being stored. What is no larger than a piece is sent at once.
pub struct Parts<'a> {
    store: &'a mut Store,
    bucket: &'a str,
    key: &'a str,
    headers: Headers,
    /// What was not sent yet.
    rest: BytesMut,
    begun: Option<Begun>,
}

/// What a server knows of a file of which it has pieces.
struct Begun {
    upload: String,
    /// What the server called each piece.
    tags: Vec<String>,
}

impl<'a> Parts<'a> {
    /// A file of that key.
    pub fn new(store: &'a mut Store, (bucket, key): (&'a str, &'a str), headers: Headers) -> Self {
        Self { store, bucket, key, headers, rest: BytesMut::new(), begun: None }
    }

    /// Adds bytes to its end.
    pub async fn write(&mut self, bytes: Bytes) -> Result<(), Failure> {
        let mut bytes = bytes;
        while self.rest.len() + bytes.len() > PART {
            let fits = bytes.split_to(PART - self.rest.len());
            self.rest.extend_from_slice(&fits);
            self.send().await?;
        }
        self.rest.extend_from_slice(&bytes);
        Ok(())
    }

    /// Ends it; the file is there from now on.
    pub async fn finish(&mut self) -> Result<(), Failure> {
        if self.begun.is_none() {
            let (headers, body) = (std::mem::take(&mut self.headers), self.rest.split().freeze());
            return self.store.put(self.bucket, self.key, headers, body).await;
        }
        if !self.rest.is_empty() {
            self.send().await?;
        }
        let Some(begun) = &self.begun else { return Err(Failure::Answer) };
        let part = |(number, tag): (usize, &String)| {
            format!("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", number + 1, xml::escaped(tag))
        };
        let parts: String = begun.tags.iter().enumerate().map(part).collect();
        let body = format!(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{parts}</CompleteMultipartUpload>"
        );
        let mut ask = Ask { body: body.into(), ..Ask::of_file(Method::Post, self.bucket, self.key)? };
        ask.query.insert("uploadId", begun.upload.clone());
        self.store.document(&ask).await.map(|_| ())
    }

    /// Gives it up: the server forgets the pieces that it has, which would be paid for otherwise.
    pub async fn abandon(self) {
        let Some(begun) = self.begun else { return };
        if let Ok(mut ask) = Ask::of_file(Method::Delete, self.bucket, self.key) {
            ask.query.insert("uploadId", begun.upload);
            // What went wrong before is what matters.
            let _forgotten = self.store.answer(&ask).await;
        }
    }

    /// Sends what there is as one piece.
    async fn send(&mut self) -> Result<(), Failure> {
        let begun = match &mut self.begun {
            Some(begun) => begun,
            begun @ None => begun.insert(begin(self.store, (self.bucket, self.key), &self.headers).await?),
        };
        let mut ask = Ask { body: self.rest.split().freeze(), ..Ask::of_file(Method::Put, self.bucket, self.key)? };
        ask.headers.insert("content-md5".to_owned(), md5_of(&ask.body));
        for (name, value) in self.headers.iter().filter(|(name, _)| name.as_str() == "x-amz-request-payer") {
            ask.headers.insert(name.clone(), value.clone());
        }
        ask.query.insert("partNumber", (begun.tags.len() + 1).to_string());
        ask.query.insert("uploadId", begun.upload.clone());
        let answer = self.store.answer(&ask).await?;
        begun.tags.push(answer.header("etag").ok_or(Failure::Answer)?.to_owned());
        Ok(())
    }
}

async fn begin(store: &mut Store, (bucket, key): (&str, &str), headers: &Headers) -> Result<Begun, Failure> {
    let mut ask = Ask { headers: headers.clone(), ..Ask::of_file(Method::Post, bucket, key)? };
    ask.query.insert("uploads", String::new());
    let (document, _) = store.document(&ask).await?;
    let upload = document.root.get("UploadId").and_then(|id| id.as_str().map(str::to_owned));
    Ok(Begun { upload: upload.ok_or(Failure::Answer)?, tags: Vec::new() })
}
