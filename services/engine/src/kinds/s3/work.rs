//! One operation of S3 after the other.

use std::sync::Arc;

use weft_clients::s3::{Failure, Headers, Listing, Parts, Store};
use weft_connectors::HttpDownload;
use weft_file_formats::media_type;
use weft_nodes::{Field, NodeError};
use weft_value::{BinaryRef, Item, Object, Value};

use super::{Operation, Parameters, Resource, failed};
use crate::action::{ActFailure, Action};
use crate::execution::{Room, StepView};
use crate::files::{FileStream, StepFiles, file_of, with_file};
use crate::remote;

/// The most bytes of a file that is kept.
const MOST_KEPT: usize = weft_event_log::MAX_FILE as usize;

/// What operations need.
pub(super) struct Work<'a> {
    pub(super) node: &'a Parameters,
    pub(super) step: &'a Arc<StepView>,
    pub(super) store: Store,
    pub(super) files: StepFiles,
    pub(super) room: Room,
}

/// What of a list is taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// Everything.
    All,
    /// What stands for a folder: it has no bytes, and its key ends with a slash.
    Folders,
    /// Everything else.
    Files,
}

impl Work<'_> {
    /// What becomes of one item.
    pub(super) async fn one(&mut self, index: usize, item: &Item) -> Result<Vec<Item>, ActFailure> {
        match (self.node.resource, self.node.operation) {
            (Resource::Bucket, Operation::Create) => self.create_bucket(index).await,
            (Resource::Bucket, Operation::Delete) => {
                let name = self.text(&self.node.name, index)?;
                self.store.delete_bucket(&name).await.map_err(|failure| self.failed(&failure))?;
                Ok(success())
            }
            (Resource::Bucket, Operation::GetAll) => self.buckets(index).await,
            (Resource::Bucket, _) => self.search(index).await,
            (Resource::Folder, Operation::Create) => self.create_folder(index).await,
            (Resource::Folder, Operation::Delete) => self.delete_folder(index).await,
            (Resource::Folder, _) => self.list_inside(index, Taken::Folders).await,
            (Resource::File, Operation::Upload) => self.upload(index, item).await,
            (Resource::File, Operation::Copy) => self.copy(index).await,
            (Resource::File, Operation::Delete) => self.delete(index).await,
            (Resource::File, Operation::GetAll) => self.list_inside(index, Taken::Files).await,
            (Resource::File, _) => self.download(index, item).await,
        }
    }

    fn text(&self, field: &Field, index: usize) -> Result<String, NodeError> {
        Ok(field.text(self.step.as_ref(), index)?.as_str().to_owned())
    }

    fn failed(&self, failure: &Failure) -> ActFailure {
        failed(failure, self.node.retried())
    }

    /// The options of this item as headers.
    fn headers(&self, index: usize) -> Result<Headers, NodeError> {
        self.node.additional_fields.headers(self.step.as_ref(), index)
    }

    async fn create_bucket(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let name = self.text(&self.node.name, index)?;
        let region = self.text(&self.node.additional_fields.region, index)?;
        let headers = self.headers(index)?;
        self.store.create_bucket(&name, &region, headers).await.map_err(|failure| self.failed(&failure))?;
        Ok(success())
    }

    async fn buckets(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let most = self.most(index)?;
        let page = self.store.buckets().await.map_err(|failure| self.failed(&failure))?;
        self.take(page.bytes)?;
        Ok(page.files.into_iter().take(most).map(Item::new).collect())
    }

    async fn search(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let (more, step) = (&self.node.additional_fields, self.step.as_ref());
        let mut listing = Listing { bucket: self.text(&self.node.bucket_name, index)?, ..Listing::default() };
        for (name, field) in [
            ("prefix", &more.prefix),
            ("delimiter", &more.delimiter),
            ("start-after", &more.start_after),
            ("encoding-type", &more.encoding_type),
        ] {
            let text = field.text(step, index)?;
            if !text.is_empty() {
                listing.query.insert(name, text.to_string());
            }
        }
        if more.fetch_owner.truth(step, index)? {
            listing.query.insert("fetch-owner", "true".to_owned());
        }
        let with_prefixes = more.include_common_prefixes.truth(step, index)?;
        listing.headers = self.headers(index)?;
        let most = self.most(index)?;
        self.list(&mut listing, Taken::All, (most, with_prefixes)).await
    }

    async fn list_inside(&mut self, index: usize, taken: Taken) -> Result<Vec<Item>, ActFailure> {
        let mut listing = Listing { bucket: self.text(&self.node.bucket_name, index)?, ..Listing::default() };
        let folder = self.text(&self.node.options.folder_key, index)?;
        if !folder.is_empty() {
            listing.query.insert("prefix", folder);
        }
        if self.node.options.fetch_owner.truth(self.step.as_ref(), index)? {
            listing.query.insert("fetch-owner", "true".to_owned());
        }
        let most = self.most(index)?;
        self.list(&mut listing, taken, (most, false)).await
    }

    /// A list, page by page, up to so many.
    async fn list(
        &mut self,
        listing: &mut Listing,
        taken: Taken,
        (most, with_prefixes): (usize, bool),
    ) -> Result<Vec<Item>, ActFailure> {
        if taken == Taken::All && most < 1000 {
            listing.query.insert("max-keys", most.to_string());
        }
        let itself = listing.query.get("prefix").cloned();
        let wanted = |file: &Value| {
            let key = file.get("Key").as_str().unwrap_or_default();
            let is_folder = key.ends_with('/');
            match taken {
                Taken::All => true,
                Taken::Folders => is_folder && file.get("Size").as_str() == Some("0") && itself.as_deref() != Some(key),
                Taken::Files => !is_folder,
            }
        };
        let (mut found, mut from) = (Vec::new(), None);
        loop {
            let page = self.store.list(listing, from).await.map_err(|failure| self.failed(&failure))?;
            self.take(page.bytes)?;
            found.extend(page.files.into_iter().filter(wanted).map(Item::new));
            if with_prefixes {
                found.extend(page.prefixes.into_iter().map(Item::new));
            }
            from = page.next;
            if found.len() >= most || from.is_none() {
                found.truncate(most);
                return Ok(found);
            }
        }
    }

    async fn create_folder(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let bucket = self.text(&self.node.bucket_name, index)?;
        let name = self.text(&self.node.folder_name, index)?;
        let key = format!("{}/", self.inside_parent(name.trim_end_matches('/'), index)?);
        let headers = self.headers(index)?;
        let put = self.store.put(&bucket, &key, headers, bytes::Bytes::new()).await;
        put.map_err(|failure| self.failed(&failure))?;
        Ok(success())
    }

    /// A name in the folder that the options name.
    fn inside_parent(&self, name: &str, index: usize) -> Result<String, NodeError> {
        let parent = self.text(&self.node.additional_fields.parent_folder_key, index)?;
        if name.is_empty() {
            return Err(NodeError::new("parameter", "The name is empty.").finally());
        }
        Ok(if parent.is_empty() { name.to_owned() } else { format!("{}/{name}", parent.trim_end_matches('/')) })
    }

    /// Deletes what is in a folder, and the folder itself.
    async fn delete_folder(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let bucket = self.text(&self.node.bucket_name, index)?;
        let folder = self.text(&self.node.folder_key, index)?;
        let folder = folder.trim_end_matches('/');
        if folder.is_empty() {
            let message = "The folder is empty: it would be the whole bucket.";
            return Err(NodeError::new("parameter", message).in_field("folderKey").finally().into());
        }
        let folder = format!("{folder}/");
        let mut listing = Listing { bucket: bucket.clone(), ..Listing::default() };
        listing.query.insert("prefix", folder.clone());
        let (mut deleted, mut from) = (Vec::new(), None);
        loop {
            let page = self.store.list(&listing, from).await.map_err(|failure| self.failed(&failure))?;
            self.take(page.bytes)?;
            let keys: Vec<&str> = page.files.iter().filter_map(|file| file.get("Key").as_str()).collect();
            if !keys.is_empty() {
                let gone = self.store.delete_all(&bucket, &keys).await.map_err(|failure| self.failed(&failure))?;
                deleted.extend(gone);
            }
            from = page.next;
            if from.is_none() {
                break;
            }
        }
        if deleted.is_empty() {
            self.store.delete(&bucket, &folder, "").await.map_err(|failure| self.failed(&failure))?;
            deleted.push([("Key", folder)].into_iter().collect::<Object>().into());
        }
        Ok(vec![Item::new([("deleted", Value::from(deleted))].into_iter().collect::<Object>())])
    }

    async fn copy(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let (from, to) = (self.text(&self.node.source_path, index)?, self.text(&self.node.destination_path, index)?);
        let from = in_bucket(&from, "sourcePath")?;
        let to = in_bucket(&to, "destinationPath")?;
        let headers = self.headers(index)?;
        let copied = self.store.copy(from, to, headers).await.map_err(|failure| self.failed(&failure))?;
        Ok(vec![Item::new(copied)])
    }

    async fn delete(&mut self, index: usize) -> Result<Vec<Item>, ActFailure> {
        let (bucket, key) = (self.text(&self.node.bucket_name, index)?, self.text(&self.node.file_key, index)?);
        let version = self.text(&self.node.options.version_id, index)?;
        self.store.delete(&bucket, &key, &version).await.map_err(|failure| self.failed(&failure))?;
        Ok(success())
    }

    async fn upload(&mut self, index: usize, item: &Item) -> Result<Vec<Item>, ActFailure> {
        let bucket = self.text(&self.node.bucket_name, index)?;
        let mut name = self.text(&self.node.file_name, index)?;
        let mut headers = self.headers(index)?;
        let mut source = if self.node.binary_data {
            let property = self.text(&self.node.binary_property_name, index)?;
            let file = file_of(item, &property).map_err(|error| error.in_field("binaryPropertyName"))?;
            if name.is_empty() {
                name = file.file_name.clone().unwrap_or_default();
            }
            // A media type is whatever made the item said it was.
            if !file.mime_type.is_empty() && file.mime_type.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
                headers.insert("content-type".to_owned(), file.mime_type.clone());
            }
            self.files.open(file).await?
        } else {
            headers.insert("content-type".to_owned(), "text/plain; charset=utf-8".to_owned());
            FileStream::Inline(Some(self.text(&self.node.file_content, index)?.into()))
        };
        let tags = self.node.tags_ui.header(self.step.as_ref(), index)?;
        if !tags.is_empty() {
            headers.insert("x-amz-tagging".to_owned(), tags);
        }
        let key = self.inside_parent(&name, index).map_err(|error| error.in_field("fileName"))?;
        let retried = self.node.retried();
        let mut parts = Parts::new(&mut self.store, (&bucket, &key), headers);
        let sent = async {
            while let Some(bytes) = source.next().await? {
                parts.write(bytes).await.map_err(|failure| failed(&failure, retried))?;
            }
            parts.finish().await.map_err(|failure| failed(&failure, retried))
        };
        let sent: Result<(), ActFailure> = sent.await;
        if sent.is_err() {
            parts.abandon().await;
        }
        sent.map(|()| success())
    }

    async fn download(&mut self, index: usize, item: &Item) -> Result<Vec<Item>, ActFailure> {
        let (bucket, key) = (self.text(&self.node.bucket_name, index)?, self.text(&self.node.file_key, index)?);
        if key.ends_with('/') {
            let error =
                NodeError::new("parameter", "A folder cannot be downloaded. List its files, and download each.");
            return Err(error.in_field("fileKey").finally().into());
        }
        let property = self.text(&self.node.binary_property_name, index)?;
        let got = self.store.get(&bucket, &key, Headers::new()).await;
        let mut download = got.map_err(|failure| self.failed(&failure))?;
        download.allow(MOST_KEPT);
        let mut sink = self.files.create();
        while let Some(bytes) = download.next().await.map_err(|error| self.failed(&error.into()))? {
            sink.write(bytes).await?;
        }
        let file = sink.finish(described(&download, &key)).await?;
        let kept = Item { binary: item.binary.clone(), ..Item::new(item.json.clone()) };
        Ok(vec![with_file(kept, property, file)])
    }

    /// How many of a list are taken.
    fn most(&self, index: usize) -> Result<usize, NodeError> {
        if self.node.return_all {
            return Ok(remote::MOST_ROWS);
        }
        let limit = self.node.limit.number(self.step.as_ref(), index, "limit")?;
        if limit < 1.0 {
            return Err(NodeError::new("parameter", "“At most” must be 1 or more.").in_field("limit").finally());
        }
        Ok((limit as usize).min(remote::MOST_ROWS))
    }

    fn take(&mut self, bytes: usize) -> Result<(), ActFailure> {
        self.room.take(bytes).map_err(|full| ActFailure::ending(full.into()))
    }
}

fn success() -> Vec<Item> {
    vec![Item::new([("success", true)].into_iter().collect::<Object>())]
}

/// Bucket and key of `/bucket/key`.
fn in_bucket<'a>(path: &'a str, field: &'static str) -> Result<(&'a str, &'a str), NodeError> {
    let parts =
        path.trim_start_matches('/').split_once('/').filter(|(bucket, key)| !bucket.is_empty() && !key.is_empty());
    parts.ok_or_else(|| {
        NodeError::new("parameter", format!("“{path}” must be a bucket and a key: /bucket/folder/file.pdf"))
            .in_field(field)
            .finally()
    })
}

/// Name and type of a file that came: what the server says, unless it says nothing in particular.
fn described(download: &HttpDownload, key: &str) -> BinaryRef {
    let name = key.rsplit('/').next().unwrap_or_default().to_owned();
    let said = download.head.header("content-type").and_then(|said| said.split(';').next()).map(str::trim);
    let said = said.filter(|said| !said.is_empty() && !said.ends_with("/octet-stream")).map(str::to_owned);
    let mime_type = said.or_else(|| media_type::of_name(&name));
    let mime_type = mime_type.unwrap_or_else(|| "application/octet-stream".to_owned());
    let extension = media_type::extension_of_name(&name).or_else(|| media_type::extension(&mime_type));
    let file_extension = extension.map(str::to_owned);
    BinaryRef { mime_type, file_extension, file_name: Some(name), ..BinaryRef::default() }
}
