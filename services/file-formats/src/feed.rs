//! Feeds: RSS 0.9 to 2.0, Atom (RFC 4287) and JSON Feed, with the names that n8n gives to what is in them.

use feed_rs::model::{Category, Entry, FeedType, MediaObject};
use feed_rs::parser::Builder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use weft_value::{Object, Text, Value};

use crate::FormatError;
use crate::rows::Bound;

/// How long the plain text beside HTML may be, in characters.
const MOST_SNIPPET: usize = 10_000;

/// The entries of the feed that was found at `address`. Elements named in `more` are taken as they are; JSON Feed has none.
pub fn read(bytes: &[u8], address: &str, more: &[Text]) -> Result<Vec<Object>, FormatError> {
    // Without a generator of its own the library makes up a random id for each entry that has none.
    let parser = Builder::new().base_uri(Some(address)).sanitize_content(false).id_generator(|_, _, _| String::new());
    let feed = parser.build().parse(bytes).map_err(|error| FormatError::broken("feed", error))?;
    let kind = feed.feed_type;
    let mut bound = Bound::default();
    let mut entries = Vec::with_capacity(feed.entries.len());
    for read in feed.entries {
        let entry = Named::of(read, kind == FeedType::Atom);
        bound.add(entry.0.iter().filter_map(|(_, value)| value.as_str()).map(str::len).sum())?;
        entries.push(entry.0);
    }
    if !more.is_empty() && kind != FeedType::JSON {
        let found = elements(bytes, more)?;
        // The two readers agree on what an entry is, or nothing is said about any of them.
        if found.len() == entries.len() {
            for (entry, found) in entries.iter_mut().zip(found) {
                found.iter().for_each(|(name, value)| entry.insert(name.clone(), value.clone()));
            }
        }
    }
    Ok(entries)
}

/// An entry; what a feed does not say is left out.
struct Named(Object);

impl Named {
    fn of(entry: Entry, is_atom: bool) -> Self {
        let mut named = Self(Object::new());
        let alternate = entry.links.iter().find(|link| link.rel.as_deref().unwrap_or("alternate") == "alternate");
        let link = alternate.or(entry.links.first()).map(|link| link.href.clone());
        let author = entry.authors.into_iter().filter_map(|author| author.name).find(|name| !name.is_empty());
        let moment = entry.published.or(entry.updated);
        named.put("title", entry.title.map(|title| title.content));
        named.put("link", link);
        let iso = moment.map(|at| at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string());
        let plain = moment.map(|at| at.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
        named.put("pubDate", if is_atom { iso.clone() } else { plain });
        named.put(if is_atom { "author" } else { "creator" }, author);
        let summary = entry.summary.map(|text| text.content);
        let body = entry.content.and_then(|content| content.body);
        named.texts(is_atom, summary, body);
        named.put(if is_atom { "id" } else { "guid" }, Some(entry.id));
        named.put("isoDate", iso);
        named.lists(entry.categories, entry.media);
        named
    }

    /// RSS has a description and perhaps the whole text beside it; Atom has the text and perhaps a summary beside it.
    fn texts(&mut self, is_atom: bool, summary: Option<String>, body: Option<String>) {
        if is_atom {
            self.with_snippet("content", "contentSnippet", body);
            return self.put("summary", summary);
        }
        let (content, whole) = if summary.is_some() { (summary, body) } else { (body, None) };
        self.with_snippet("content:encoded", "content:encodedSnippet", whole);
        self.with_snippet("content", "contentSnippet", content);
    }

    fn with_snippet(&mut self, name: &str, snippet_name: &str, html: Option<String>) {
        let short = html.as_deref().map(snippet);
        self.put(name, html);
        self.put(snippet_name, short);
    }

    fn lists(&mut self, categories: Vec<Category>, media: Vec<MediaObject>) {
        let categories: Vec<Value> =
            categories.into_iter().map(|category| Value::from(category.label.unwrap_or(category.term))).collect();
        if !categories.is_empty() {
            self.0.insert("categories", categories);
        }
        let Some(file) = media.into_iter().flat_map(|media| media.content).find(|content| content.url.is_some()) else {
            return;
        };
        let mut enclosure = Self(Object::new());
        enclosure.put("url", file.url.map(|url| url.to_string()));
        enclosure.put("type", file.content_type.map(|kind| kind.to_string()));
        if let Some(size) = file.size {
            enclosure.0.insert("length", size as f64);
        }
        self.0.insert("enclosure", enclosure.0);
    }

    fn put(&mut self, name: &str, value: Option<String>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.insert(name, value);
        }
    }
}

/// The text without its tags, as far as a glance goes.
fn snippet(html: &str) -> String {
    let (mut text, mut is_tag) = (String::new(), false);
    for c in html.chars().take(MOST_SNIPPET * 4) {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            c if !is_tag => text.push(c),
            _ => {}
        }
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", " ");
    text.replace("&#39;", "'").replace("&amp;", "&").trim().chars().take(MOST_SNIPPET).collect()
}

fn broken(error: impl ToString) -> FormatError {
    FormatError::broken("feed", error)
}

/// The named elements of each entry: their text, or their attributes where they have none.
fn elements(bytes: &[u8], names: &[Text]) -> Result<Vec<Object>, FormatError> {
    let mut reader = Reader::from_reader(bytes);
    let (mut entries, mut buffer, mut bound) = (Vec::new(), Vec::new(), Bound::default());
    let mut open: Option<Object> = None;
    loop {
        buffer.clear();
        let (tag, is_empty) = match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(tag) => (tag.into_owned(), false),
            Event::Empty(tag) => (tag.into_owned(), true),
            Event::End(tag) => {
                if is_entry(tag.name().0) {
                    entries.extend(open.take());
                }
                continue;
            }
            Event::Eof => return Ok(entries),
            _ => continue,
        };
        let Some(entry) = &mut open else {
            open = (is_entry(tag.name().0) && !is_empty).then(Object::new);
            continue;
        };
        let text = if is_empty { String::new() } else { content(&mut reader, &tag)? };
        if let Some(name) = names.iter().find(|name| name.as_str() == tag.name().0)
            && entry.get(name).is_none()
        {
            bound.add(text.len())?;
            let value = if text.is_empty() { attributes(&tag)? } else { Value::from(text) };
            entry.insert(name.clone(), value);
        }
    }
}

fn is_entry(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

/// The text of an element and of what is in it, up to its end.
fn content(reader: &mut Reader<&[u8]>, tag: &BytesStart<'_>) -> Result<String, FormatError> {
    let (mut text, mut depth, mut buffer) = (String::new(), 0_usize, Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(broken)? {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return Ok(text.trim().to_owned()),
            Event::End(_) => depth -= 1,
            Event::Text(content) => text.push_str(&content),
            Event::CData(content) => text.push_str(&content),
            Event::GeneralRef(reference) => text.extend(match &*reference {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                _ => reference.resolve_char_ref().map_err(broken)?,
            }),
            Event::Eof => return Err(broken(format!("“{}” has no end", tag.name().0))),
            _ => {}
        }
    }
}

fn attributes(tag: &BytesStart<'_>) -> Result<Value, FormatError> {
    let mut object = Object::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(broken)?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).map_err(broken)?;
        object.insert(attribute.key.0, value.into_owned());
    }
    Ok([("$", Value::from(object))].into_iter().collect::<Object>().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(feed: &str, more: &[&str]) -> String {
        let more: Vec<Text> = more.iter().map(|name| Text::from(*name)).collect();
        let entries = read(feed.as_bytes(), "https://example.com/feed", &more).unwrap();
        Value::from(entries.into_iter().map(Value::from).collect::<Vec<_>>()).to_json()
    }

    const RSS: &str = r#"<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:x="urn:x"><channel><title>T</title>
        <item><title>Café &amp; thé</title><link>https://example.com/1</link><guid>g1</guid><dc:creator>Zoë</dc:creator>
        <pubDate>Tue, 01 Oct 2024 10:00:00 +0200</pubDate><description>&lt;p&gt;Hi &amp;amp; bye&lt;/p&gt;</description>
        <content:encoded><![CDATA[<b>All</b>]]></content:encoded>
        <category>a</category><category>b</category><x:rank>1 &lt; <i>2</i></x:rank><x:rank>second</x:rank><x:at place="é"/>
        <enclosure url="https://example.com/a.mp3" type="audio/mpeg" length="7"/></item><item><title>Two</title></item></channel></rss>"#;

    #[test]
    fn rss_has_the_names_that_n8n_gives_it() {
        assert_eq!(
            json(RSS, &[]),
            r#"[{"title":"Café & thé","link":"https://example.com/1","pubDate":"Tue, 01 Oct 2024 08:00:00 GMT","creator":"Zoë","content:encoded":"<b>All</b>","content:encodedSnippet":"All","content":"<p>Hi &amp; bye</p>","contentSnippet":"Hi & bye","guid":"g1","isoDate":"2024-10-01T08:00:00.000Z","categories":["a","b"],"enclosure":{"url":"https://example.com/a.mp3","type":"audio/mpeg","length":7}},{"title":"Two"}]"#
        );
        assert_eq!(json(r#"<rss version="2.0"><channel><title>Empty</title></channel></rss>"#, &["x"]), "[]");
    }

    #[test]
    fn other_elements_are_taken_where_they_are_named() {
        let read = json(RSS, &["x:rank", "x:at", "nothing"]);
        assert!(read.contains(r#""x:rank":"1 < 2","x:at":{"$":{"place":"é"}}},{"title":"Two"}]"#), "{read}");
    }

    #[test]
    fn atom_and_json_feed_are_read() {
        let atom = r#"<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>f</id><updated>2024-10-01T08:00:00Z</updated>
            <entry><title>One</title><id>e1</id><link rel="self" href="https://example.com/s"/><link href="https://example.com/1"/>
            <updated>2024-10-01T08:00:00Z</updated><author><name>Ada</name></author><summary>s</summary>
            <content type="html">&lt;b&gt;x&lt;/b&gt;</content></entry></feed>"#;
        assert_eq!(
            json(atom, &[]),
            r#"[{"title":"One","link":"https://example.com/1","pubDate":"2024-10-01T08:00:00.000Z","author":"Ada","content":"<b>x</b>","contentSnippet":"x","summary":"s","id":"e1","isoDate":"2024-10-01T08:00:00.000Z"}]"#
        );
        let feed = r#"{"version":"https://jsonfeed.org/version/1","title":"T","items":[{"id":"j1","url":"https://example.com/j","title":"J","content_text":"text"}]}"#;
        assert_eq!(
            json(feed, &["x"]),
            r#"[{"title":"J","link":"https://example.com/j","content":"text","contentSnippet":"text","guid":"j1"}]"#
        );
    }

    #[test]
    fn what_is_no_feed_is_refused() {
        for text in ["", "<html><body>x</body></html>", "{\"a\":1}", "<rss", "\u{0}"] {
            assert!(read(text.as_bytes(), "https://example.com", &[]).is_err(), "{text}");
        }
    }

    #[test]
    fn a_large_feed_is_read() {
        let items: String = std::iter::repeat_n("<item><title>é</title></item>", 100_000).collect();
        let feed = format!("<rss version=\"2.0\"><channel>{items}</channel></rss>");
        assert_eq!(read(feed.as_bytes(), "https://example.com", &[]).unwrap().len(), 100_000);
    }
}
