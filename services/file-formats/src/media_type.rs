//! Which media type a file name stands for, and the other way round.

/// What is met often, the usual extension first; `mime_guess` knows the rest, but not which extension is usual.
const USUAL: [(&str, &str); 26] = [
    ("text/plain", "txt"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("text/css", "css"),
    ("text/xml", "xml"),
    ("text/calendar", "ics"),
    ("text/markdown", "md"),
    ("application/json", "json"),
    ("application/xml", "xml"),
    ("application/pdf", "pdf"),
    ("application/zip", "zip"),
    ("application/gzip", "gz"),
    ("application/x-tar", "tar"),
    ("application/javascript", "js"),
    ("application/octet-stream", "bin"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.ms-excel", "xls"),
    ("image/png", "png"),
    ("image/jpeg", "jpg"),
    ("image/gif", "gif"),
    ("image/svg+xml", "svg"),
    ("image/webp", "webp"),
    ("audio/mpeg", "mp3"),
    ("audio/wav", "wav"),
    ("video/mp4", "mp4"),
];

/// The media type that a file of that name has.
pub fn of_name(name: &str) -> Option<String> {
    let extension = extension_of_name(name)?.to_ascii_lowercase();
    let usual = USUAL.iter().find(|(_, known)| *known == extension).map(|(mime, _)| (*mime).to_owned());
    usual.or_else(|| mime_guess::from_ext(&extension).first().map(|mime| mime.essence_str().to_owned()))
}

/// What files of that media type usually end with, without the dot. Parameters of the type do not matter.
pub fn extension(media_type: &str) -> Option<&'static str> {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let usual = USUAL.iter().find(|(mime, _)| *mime == essence).map(|(_, extension)| *extension);
    usual.or_else(|| mime_guess::get_mime_extensions_str(&essence)?.first().copied())
}

/// What a file name ends with, without the dot.
pub fn extension_of_name(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty() && !extension.contains(['/', '\\'])).then_some(extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_types_find_each_other() {
        for (name, mime) in [
            ("a.csv", "text/csv"),
            ("A.JSON", "application/json"),
            ("x.tar.gz", "application/gzip"),
            ("p.jpeg", "image/jpeg"),
        ] {
            assert_eq!(of_name(name).as_deref(), Some(mime), "{name}");
        }
        for name in ["", ".bashrc", "name", "name.", "a.b/c"] {
            assert_eq!(of_name(name), None, "{name}");
        }
        assert_eq!(extension("text/plain; charset=utf-8"), Some("txt"));
        assert_eq!(extension("application/unheard-of"), None);
    }
}
