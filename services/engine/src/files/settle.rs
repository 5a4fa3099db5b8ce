//! Bytes that stand in items as base64 and are too many for that go to the store.

use std::sync::Arc;

use bytes::Bytes;
use weft_event_log::FileKey;
use weft_nodes::NodeError;
use weft_value::{BinaryRef, Item};

use super::{INLINE, StepFiles};

impl StepFiles {
    /// The same items, in which no file holds more than [`INLINE`] bytes itself. Items that need nothing are shared.
    pub async fn settle(&self, mut items: Arc<Vec<Item>>) -> Result<Arc<Vec<Item>>, NodeError> {
        for index in 0..items.len() {
            let Some(files) = &items[index].binary else { continue };
            let large: Vec<String> =
                files.iter().filter(|(_, file)| is_large(file)).map(|(name, _)| name.clone()).collect();
            for name in large {
                let Some(file) = items[index].binary.as_ref().and_then(|files| files.get(&name)).cloned() else {
                    continue;
                };
                let settled = self.settled(file).await.map_err(|error| error.at_item(index))?;
                let files = Arc::make_mut(&mut items)[index].binary.get_or_insert_default();
                Arc::make_mut(files).insert(name, settled);
            }
        }
        Ok(items)
    }

    async fn settled(&self, file: BinaryRef) -> Result<BinaryRef, NodeError> {
        let bytes = Bytes::from(super::inline(&file)?);
        self.keep(bytes, file).await
    }
}

fn is_large(file: &BinaryRef) -> bool {
    file.key.is_none() && file.data.as_ref().is_some_and(|data| data.len() / 4 * 3 > INLINE + 3)
}

/// The addresses of the stored files that items name.
pub(crate) fn named_files(items: &[Item]) -> impl Iterator<Item = FileKey> {
    let files = items.iter().filter_map(|item| item.binary.as_ref()).flat_map(|files| files.values());
    files.filter_map(|file| file.key.as_deref()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use weft_event_log::MemoryFiles;
    use weft_model::TenantId;

    use super::super::{BASE64, with_file};
    use super::*;

    fn inline(length: usize) -> BinaryRef {
        let data = Some(BASE64.encode(vec![7; length]));
        BinaryRef { mime_type: "image/png".into(), data, size: length as u64, ..BinaryRef::default() }
    }

    #[tokio::test]
    async fn large_bytes_in_items_go_to_the_store_and_small_ones_stay() {
        let tenant = TenantId(uuid::Uuid::from_u128(1));
        let files = StepFiles::new(tenant, Some(Arc::new(MemoryFiles::default())));
        let small = Arc::new(vec![with_file(Item::default(), "a", inline(INLINE)), Item::default()]);
        assert!(Arc::ptr_eq(&files.settle(Arc::clone(&small)).await.unwrap(), &small), "nothing was copied");
        assert_eq!(named_files(&small).count(), 0);
        let large = with_file(with_file(Item::default(), "a", inline(10_000)), "b", inline(10));
        let settled = files.settle(Arc::new(vec![large])).await.unwrap();
        let [a, b] = ["a", "b"].map(|name| settled[0].binary.as_ref().unwrap()[name].clone());
        assert_eq!((a.data.as_ref(), a.size, a.mime_type.as_str()), (None, 10_000, "image/png"));
        assert_eq!(files.read(&a, 10_000).await.unwrap(), vec![7; 10_000]);
        assert_eq!(b, inline(10));
        assert_eq!(named_files(&settled).map(|key| key.to_string()).collect::<Vec<_>>(), [a.key.unwrap()]);
    }

    #[tokio::test]
    async fn what_is_no_base64_fails_and_says_at_which_item() {
        let files = StepFiles::new(TenantId(uuid::Uuid::from_u128(1)), None);
        let broken = BinaryRef { data: Some("%".repeat(10_000)), ..BinaryRef::default() };
        let items = vec![Item::default(), with_file(Item::default(), "a", broken)];
        let error = files.settle(Arc::new(items)).await.unwrap_err();
        assert_eq!((&*error.code, error.item), ("file_invalid", Some(1)));
    }
}
