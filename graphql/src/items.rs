//! The items that flowed, paged.

use async_graphql::{Context, Result, SimpleObject};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use weft_model::PayloadId;
use weft_model::execution::Part;

use crate::fault::{mask, refused};
use crate::loaders::{PayloadOf, load};
use crate::paging::MAX_PAGE;
use crate::ports::{Chunk, Fault};
use crate::scalars::Json;
use crate::session::{ports, request};
use crate::step::LogLine;

/// Where a list lies.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub payload: PayloadId,
    pub part: Part,
}

/// Which items are wanted.
pub(crate) struct Span {
    first: usize,
    from: usize,
}

impl Span {
    pub(crate) fn new(first: i32, after: Option<i32>) -> Result<Self> {
        if !(0..=MAX_PAGE).contains(&first) {
            return Err(refused("BAD_PAGE", format!("first must be between 0 and {MAX_PAGE}; this is {first}.")));
        }
        let from = after.map_or(0, |after| usize::try_from(after).map_or(0, |after| after.saturating_add(1)));
        Ok(Self { first: first as usize, from })
    }

    fn end(&self) -> usize {
        self.from.saturating_add(self.first)
    }

    /// The same span in what begins after so many items.
    fn within(&self, before: usize) -> Self {
        let from = self.from.saturating_sub(before);
        Self { first: self.end().saturating_sub(before + from), from }
    }
}

/// Items by number; `after` is the number of the last item of the page before.
#[derive(SimpleObject)]
pub(crate) struct ItemPage {
    items: Vec<ItemValue>,
    total_count: i32,
    has_next_page: bool,
}

/// One item.
#[derive(SimpleObject)]
struct ItemValue {
    index: i32,
    json: Json,
    binary: Option<Json>,
    paired_item: Option<Json>,
}

/// An item as payloads hold it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    #[serde(default)]
    json: Value,
    binary: Option<Value>,
    paired_item: Option<Value>,
}

/// A page of the items at `place`; nothing when there are none, or when their time is over.
pub(crate) async fn page(context: &Context<'_>, place: Option<Place>, span: Span) -> Result<Option<ItemPage>> {
    let Some(place) = place else { return Ok(None) };
    let Some(text) = part(context, place).await? else { return Ok(None) };
    let broken = |error: serde_json::Error| mask(context, &Fault::Internal(error.into()));
    if text.first() != Some(&b'{') {
        return read_page(&text, &span).map(Some).map_err(broken);
    }
    let list: LongList = serde_json::from_slice(&text).map_err(broken)?;
    let mut items = Vec::new();
    for (before, chunk) in list.chunks_of(&span) {
        let chunk = ports(context)?.payloads.chunk(request(context)?, chunk).await;
        let Some(text) = chunk.map_err(|fault| mask(context, &fault))? else { return Ok(None) };
        let part = span.within(before);
        let page = read_page(&text, &part).map_err(broken)?;
        items.extend(page.items.into_iter().map(|item| ItemValue { index: item.index + before as i32, ..item }));
    }
    let count = list.count();
    let has_next_page = span.end() < count;
    Ok(Some(ItemPage { items, total_count: count as i32, has_next_page }))
}

/// A list that is too long for its payload.
#[derive(Deserialize)]
struct LongList {
    chunks: Vec<Chunk>,
}

impl LongList {
    fn count(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.count as usize).sum()
    }

    /// The chunks that have items of the page, each with how many items come before it.
    fn chunks_of(&self, span: &Span) -> impl Iterator<Item = (usize, &Chunk)> {
        let mut before = 0;
        let placed = self.chunks.iter().map(move |chunk| {
            let place = before;
            before += chunk.count as usize;
            (place, chunk)
        });
        let (from, end) = (span.from, span.end());
        placed.filter(move |(place, chunk)| *place < end && from < place + chunk.count as usize)
    }
}

/// Only the items of the page are parsed; the others are only told apart.
fn read_page(text: &[u8], span: &Span) -> Result<ItemPage, serde_json::Error> {
    let all: Vec<&RawValue> = serde_json::from_slice(text)?;
    let end = span.from.saturating_add(span.first).min(all.len());
    let numbered = all.iter().enumerate().take(end).skip(span.from);
    let items = numbered.map(|(index, text)| item(index, text.get())).collect::<Result<_, _>>()?;
    Ok(ItemPage { items, total_count: all.len() as i32, has_next_page: end < all.len() })
}

fn item(index: usize, text: &str) -> Result<ItemValue, serde_json::Error> {
    let stored: Stored = serde_json::from_str(text)?;
    let json = Json(stored.json);
    Ok(ItemValue {
        index: index as i32,
        json,
        binary: stored.binary.map(Json),
        paired_item: stored.paired_item.map(Json),
    })
}

/// The lines at `place`, each a text or an object of level and text.
pub(crate) async fn lines(context: &Context<'_>, place: Option<Place>) -> Result<Vec<LogLine>> {
    let Some(place) = place else { return Ok(Vec::new()) };
    let Some(text) = part(context, place).await? else { return Ok(Vec::new()) };
    let lines: Vec<Line> =
        serde_json::from_slice(&text).map_err(|error| mask(context, &Fault::Internal(error.into())))?;
    Ok(lines.into_iter().map(LogLine::from).collect())
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Text(String),
    Levelled {
        #[serde(default)]
        level: Option<String>,
        text: String,
    },
}

impl From<Line> for LogLine {
    fn from(line: Line) -> Self {
        let (level, text) = match line {
            Line::Text(text) => (None, text),
            Line::Levelled { level, text } => (level, text),
        };
        Self { level: level.unwrap_or_else(|| "log".to_owned()), text }
    }
}

async fn part(context: &Context<'_>, place: Place) -> Result<Option<bytes::Bytes>> {
    let parts = load(context, PayloadOf(place.payload)).await?;
    Ok(parts.and_then(|parts| parts.get(place.part.part as usize).cloned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THREE: &[u8] = br#"[{"json":{"a":1}},{"json":{"a":2},"pairedItem":{"item":0}},{"json":{"a":3}}]"#;

    #[test]
    fn of_a_long_list_only_the_chunks_of_the_page_are_read() {
        let chunk = |count: u32| Chunk { key: count.to_string(), count, bytes: 0 };
        let list = LongList { chunks: [3, 1, 4].map(chunk).to_vec() };
        for (first, after, expected) in [
            (2, None, &[(0, 0, 2)][..]),
            (2, Some(1), &[(0, 2, 2), (3, 0, 1)]),
            (4, Some(2), &[(3, 0, 4), (4, 0, 3)]),
            (9, Some(6), &[(4, 3, 9)]),
            (9, Some(7), &[]),
            (0, None, &[]),
        ] {
            let span = Span::new(first, after).unwrap();
            let read: Vec<_> = list.chunks_of(&span).map(|(before, _)| (before, span.within(before))).collect();
            let read: Vec<_> = read.iter().map(|(before, part)| (*before, part.from, part.first)).collect();
            assert_eq!(read, expected, "{first} after {after:?}");
        }
        assert_eq!(list.count(), 8);
    }

    #[test]
    fn pages_are_cut_by_number() {
        let page = read_page(THREE, &Span::new(2, None).unwrap()).unwrap();
        assert_eq!((page.items.len(), page.total_count, page.has_next_page), (2, 3, true));
        assert_eq!(page.items[1].paired_item, Some(Json(serde_json::json!({ "item": 0 }))));
        let page = read_page(THREE, &Span::new(2, Some(1)).unwrap()).unwrap();
        assert_eq!((page.items.len(), page.items[0].index, page.has_next_page), (1, 2, false));
        let page = read_page(THREE, &Span::new(2, Some(9)).unwrap()).unwrap();
        assert_eq!((page.items.len(), page.has_next_page), (0, false));
        assert!(Span::new(-1, None).is_err());
    }
}
