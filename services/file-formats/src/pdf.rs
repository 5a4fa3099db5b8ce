//! The text of a PDF (ISO 32000), page by page, and what it says of itself.
//!
//! A PDF is packed in pieces, some of which are unpacked when it is opened and the others when a page is read. Each kind has a bound of
//! its own: the pieces of the first kind are counted in the bytes of the file before anything is unpacked.

use lopdf::{DecompressError, Document, Error, LoadOptions, Object as PdfObject, decode_text_string};
use weft_value::{Object, Value};

use crate::FormatError;

/// The most bytes that the pieces come to which are unpacked when a file is opened.
const MOST_OPENED: usize = 128 << 20;
/// The most and the fewest bytes of one of these pieces.
const PIECE: (usize, usize) = (64 << 10, 16 << 20);
/// The most bytes of the drawing of one page, unpacked.
const MOST_PAGE: usize = 16 << 20;
/// The most bytes of the drawings of all pages.
const MOST_PAGES: usize = 256 << 20;
/// The most bytes of text.
const MOST_TEXT: usize = 64 << 20;

/// What a PDF holds.
#[derive(Debug, PartialEq)]
pub struct Pdf {
    /// How many pages it has.
    pub page_count: usize,
    /// The text of each page that was read.
    pub pages: Vec<String>,
    /// The version of the format: `1.7`.
    pub version: String,
    /// Title, author, …, under their names in the format.
    pub info: Object,
}

/// Reads the first `most` pages, or all of them. Without a password the empty one is tried.
pub fn read(bytes: &[u8], password: &str, most: Option<usize>) -> Result<Pdf, FormatError> {
    let options = LoadOptions {
        password: (!password.is_empty()).then(|| password.to_owned()),
        max_decompressed_size: Some(piece_limit(bytes)?),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options).map_err(refused)?;
    if document.is_encrypted() {
        return Err(locked());
    }
    let all = document.get_pages();
    let (mut pages, mut drawn, mut written) = (Vec::new(), 0, 0);
    for (number, id) in all.iter().take(most.unwrap_or(usize::MAX)) {
        let left = MOST_PAGE.min(MOST_PAGES - drawn);
        drawn += document.get_page_content_with_limit(*id, left).map_err(refused)?.len().min(left);
        let text = text_of(&document, *number)?;
        written += text.len();
        if written > MOST_TEXT {
            return Err(FormatError::TooMuch { what: "the bytes of its text", limit: MOST_TEXT as u64 });
        }
        pages.push(text);
    }
    Ok(Pdf { page_count: all.len(), pages, info: info(&document), version: document.version })
}

/// The text of a page, without what cannot be read of it: a font that nobody knows is no reason to have nothing.
fn text_of(document: &Document, number: u32) -> Result<String, FormatError> {
    let mut text = String::new();
    for chunk in document.extract_text_chunks_with_limit(&[number], MOST_PAGE) {
        match chunk {
            Ok(chunk) => text.push_str(&chunk),
            Err(error @ Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => return Err(refused(error)),
            Err(_) => {}
        }
    }
    Ok(text.trim_end().to_owned())
}

fn info(document: &Document) -> Object {
    let mut info = Object::new();
    info.insert("PDFFormatVersion", document.version.as_str());
    let found = document.trailer.get(b"Info").ok().and_then(|found| document.dereference(found).ok());
    let Some((_, PdfObject::Dictionary(said))) = found else { return info };
    for (name, value) in said {
        if let (Ok(name), Some(value)) = (std::str::from_utf8(name), plain(document, value)) {
            info.insert(name, value);
        }
    }
    info
}

fn plain(document: &Document, value: &PdfObject) -> Option<Value> {
    match document.dereference(value).ok()?.1 {
        text @ PdfObject::String(..) => decode_text_string(text).ok().map(Value::from),
        PdfObject::Name(name) => std::str::from_utf8(name).ok().map(Value::from),
        PdfObject::Boolean(truth) => Some(Value::Bool(*truth)),
        PdfObject::Integer(number) => Some(Value::Number(*number as f64)),
        PdfObject::Real(number) => Some(Value::Number(f64::from(*number))),
        _ => None,
    }
}

/// How large a piece may become that is unpacked when the file is opened. Such a piece has `First` and `N` in its dictionary (ISO
/// 32000-2, section 7.5.7), which is never packed itself, so that there are no more of them than of either name.
fn piece_limit(bytes: &[u8]) -> Result<usize, FormatError> {
    let (mut firsts, mut counts) = (0, 0);
    for (place, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'/') {
        match name_at(&bytes[place + 1..]).as_slice() {
            b"First" => firsts += 1,
            b"N" => counts += 1,
            _ => {}
        }
    }
    let pieces = firsts.min(counts).max(1);
    let limit = MOST_OPENED / pieces;
    if limit < PIECE.0 {
        return Err(FormatError::TooMuch { what: "its packed pieces", limit: (MOST_OPENED / PIECE.0) as u64 });
    }
    Ok(limit.min(PIECE.1))
}

/// The first letters of a name, which may be written as `#4E`.
fn name_at(bytes: &[u8]) -> Vec<u8> {
    const LONGEST: usize = 6;
    let mut name = Vec::with_capacity(LONGEST);
    let mut rest = bytes;
    while let [byte, behind @ ..] = rest
        && name.len() < LONGEST
    {
        let escaped = behind.get(..2).filter(|_| *byte == b'#').and_then(|two| std::str::from_utf8(two).ok());
        let escaped = escaped.and_then(|two| u8::from_str_radix(two, 16).ok());
        if let Some(letter) = escaped {
            name.push(letter);
            rest = &behind[2..];
            continue;
        }
        if !byte.is_ascii_alphanumeric() {
            break;
        }
        name.push(*byte);
        rest = behind;
    }
    name
}

fn locked() -> FormatError {
    FormatError::Unknown("The PDF is locked: give its password.".to_owned())
}

fn refused(error: Error) -> FormatError {
    match error {
        Error::Decompress(DecompressError::MemoryLimitExceeded { limit }) => {
            FormatError::TooMuch { what: "the bytes of one of its pieces", limit: limit as u64 }
        }
        Error::InvalidPassword | Error::Decryption(_) => locked(),
        other => FormatError::broken("PDF", other),
    }
}

#[cfg(test)]
mod tests {
    use lopdf::content::{Content, Operation};
    use lopdf::{EncryptionState, EncryptionVersion, Permissions, Stream, StringFormat, dictionary, text_string};

    use super::*;

    /// A document with a page for each of these texts.
    fn document(pages: &[&str]) -> Document {
        let mut document = Document::with_version("1.5");
        let tree = document.new_object_id();
        let font = document
            .add_object(dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier", "Encoding" => "WinAnsiEncoding"});
        let resources = document.add_object(dictionary! {"Font" => dictionary! {"F1" => font}});
        let mut kids = Vec::new();
        for text in pages {
            let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
            let operations = vec![
                Operation::new("BT", vec![]),
                Operation::new("Tf", vec!["F1".into(), 12.into()]),
                Operation::new("Tj", vec![PdfObject::String(latin, StringFormat::Literal)]),
                Operation::new("ET", vec![]),
            ];
            let mut drawn = Stream::new(dictionary! {}, Content { operations }.encode().unwrap());
            drawn.compress().unwrap();
            let contents = document.add_object(drawn);
            kids.push(
                document.add_object(dictionary! {"Type" => "Page", "Parent" => tree, "Contents" => contents}).into(),
            );
        }
        let count = kids.len() as i64;
        let pages = dictionary! {"Type" => "Pages", "Kids" => kids, "Count" => count, "Resources" => resources,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()]};
        document.objects.insert(tree, PdfObject::Dictionary(pages));
        let root = document.add_object(dictionary! {"Type" => "Catalog", "Pages" => tree});
        document.trailer.set("Root", root);
        let info =
            document.add_object(dictionary! {"Title" => text_string("Bericht – Grün"), "Author" => text_string("Ada")});
        document.trailer.set("Info", info);
        let id = || PdfObject::String(b"0123456789abcdef".to_vec(), StringFormat::Literal);
        document.trailer.set("ID", vec![id(), id()]);
        document
    }

    fn bytes(mut document: Document) -> Vec<u8> {
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn text_is_read_page_by_page_with_what_the_file_says_of_itself() {
        let file = bytes(document(&["Hello caf\u{e9}", "", "Page 3"]));
        let pdf = read(&file, "", None).unwrap();
        assert_eq!((pdf.page_count, pdf.version.as_str()), (3, "1.5"));
        assert_eq!(pdf.pages, ["Hello café", "", "Page 3"]);
        let info = Value::from(pdf.info);
        assert_eq!(info.to_json(), r#"{"PDFFormatVersion":"1.5","Title":"Bericht – Grün","Author":"Ada"}"#);
        let two = read(&file, "not needed", Some(2)).unwrap();
        assert_eq!((two.page_count, two.pages.len()), (3, 2));
    }

    #[test]
    fn a_locked_file_wants_its_password() {
        let mut document = document(&["secret"]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: "hunter2",
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let file = bytes(document);
        assert_eq!(read(&file, "hunter2", None).unwrap().pages, ["secret"]);
        for password in ["", "wrong"] {
            let error = read(&file, password, None).unwrap_err().to_string();
            assert_eq!(error, "The PDF is locked: give its password.", "{password:?}");
        }
    }

    #[test]
    fn what_is_no_pdf_says_so() {
        let file = bytes(document(&["x"]));
        for broken in [&b""[..], b"plain text", b"%PDF-1.5\n", &file[..file.len() / 3]] {
            assert!(read(broken, "", None).is_err(), "{} bytes", broken.len());
        }
    }

    #[test]
    fn a_few_bytes_that_stand_for_many_are_refused() {
        let mut document = document(&["x"]);
        let page = document.get_pages()[&1];
        let mut bomb = Stream::new(dictionary! {}, vec![b' '; MOST_PAGE + 1]);
        bomb.compress().unwrap();
        let bomb = document.add_object(bomb);
        document.get_object_mut(page).unwrap().as_dict_mut().unwrap().set("Contents", bomb);
        let file = bytes(document);
        assert!(file.len() < 1 << 20);
        assert!(matches!(read(&file, "", None), Err(FormatError::TooMuch { .. })));
    }

    #[test]
    fn pieces_that_are_unpacked_at_once_are_counted_before() {
        assert_eq!(piece_limit(b"<</Type/ObjStm/First 1/N 2>>").unwrap(), PIECE.1);
        let some = b"<</Fir#73t 1/#4E 2>>".repeat(1_000);
        assert_eq!(piece_limit(&some).unwrap(), MOST_OPENED / 1_000);
        let many = b"<</First 1/N 2>>".repeat(3_000);
        assert!(matches!(piece_limit(&many), Err(FormatError::TooMuch { .. })));
        assert!(piece_limit(&b"<</First 1/Next 2>>".repeat(3_000)).is_ok(), "outlines are no pieces");
    }
}
