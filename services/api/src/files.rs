//! `/files/<execution>/<key>`: a file that an item of an execution names. The execution is named by its id in the contract.
//!
//! Whoever made the file may have been a stranger: it is handed out as something to keep, under a policy that lets it run
//! nothing, and never as a page of this host.

use std::fmt::Write as _;
use std::sync::Arc;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream::{self, Stream};
use weft_engine::{StepFiles, StoredList};
use weft_event_log::{FileFault, FileKey, FileReader, Files, Log, LogFault};
use weft_graphql::GlobalId;
use weft_model::{ExecutionId, PayloadId, StreamVersion, TenantId};
use weft_tenants::{Action, Resource, can};
use weft_value::{BinaryRef, Item};

use crate::context::{Doors, logged};
use crate::problem::Problem;

/// How many events of an execution are read at once.
const EVENTS: usize = 500;
/// Nothing in the file may run, load or reach anything, should a browser show it all the same.
const LOCKED: &str = "default-src 'none'; sandbox";

/// What the handler works with.
pub struct Downloads {
    /// Hosts, tenants, sessions.
    pub doors: Doors,
    /// Where items are recorded.
    pub log: Arc<dyn Log>,
    /// Where files are.
    pub files: Arc<dyn Files>,
}

/// Everything below `/files`.
pub fn configure(config: &mut web::ServiceConfig) {
    config.route("/{execution}/{key}", web::get().to(download));
}

async fn download(
    request: HttpRequest,
    address: web::Path<(String, String)>,
    downloads: web::Data<Downloads>,
) -> Result<HttpResponse, Problem> {
    let context = downloads.doors.authenticate(&request).await?;
    can(&context, Action::ReadFiles, Resource::Tenant)
        .map_err(|forbidden| Problem::forbidden("forbidden", forbidden.to_string()))?;
    let none = || Problem::not_found("unknown_file", "This execution has no such file (any more).");
    let (execution, key) = address.into_inner();
    let (Some(GlobalId::Execution(execution)), Ok(key)) = (GlobalId::decode(&execution.into()), key.parse::<FileKey>())
    else {
        return Err(none());
    };
    let execution = ExecutionId(execution);
    let named = named_file(&downloads, context.tenant, execution, key).await.map_err(|fault| log_problem(&fault))?;
    let file = named.ok_or_else(none)?;
    let opened = downloads.files.open(context.tenant, key).await.map_err(|fault| file_problem(&fault))?;
    let reader = opened.ok_or_else(none)?;
    Ok(answer(&file, reader))
}

/// What an item of the execution says of the file. A key alone opens nothing: the execution must name it.
async fn named_file(
    downloads: &Downloads,
    tenant: TenantId,
    execution: ExecutionId,
    key: FileKey,
) -> Result<Option<BinaryRef>, LogFault> {
    let (log, key) = (&downloads.log, key.to_string());
    let lists = StepFiles::new(tenant, Some(Arc::clone(&downloads.files)));
    let mut after = StreamVersion(0);
    let mut last: Option<PayloadId> = None;
    loop {
        let events = log.read_stream(tenant, execution.into(), after, EVENTS).await?;
        for event in &events {
            after = event.version;
            let Some(payload) = event.payload.filter(|payload| last != Some(*payload)) else { continue };
            last = Some(payload);
            for part in log.read_payload(tenant, payload).await?.unwrap_or_default().0 {
                let found = match StoredList::recorded(&part).filter(|stored| stored.names(&key)) {
                    Some(stored) => file_in_chunks(&stored, &lists, &key).await,
                    None => file_in(&part, &key),
                };
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        if events.len() < EVENTS {
            return Ok(None);
        }
    }
}

/// The file of that key in a list of items. Most lists do not have it, and are not parsed.
fn file_in(part: &[u8], key: &str) -> Option<BinaryRef> {
    let wanted = key.as_bytes();
    part.windows(wanted.len()).any(|window| window == wanted).then_some(())?;
    let items: Vec<Item> = serde_json::from_slice(part).ok()?;
    let mut files = items.iter().filter_map(|item| item.binary.as_ref()).flat_map(|files| files.values());
    files.find(|file| file.key.as_deref() == Some(key)).cloned()
}

/// The same in a long list, one chunk of which is in memory at a time. One that cannot be read has no file.
async fn file_in_chunks(list: &StoredList, lists: &StepFiles, key: &str) -> Option<BinaryRef> {
    for chunk in list.chunks() {
        let found = lists.chunk(chunk).await.ok().and_then(|json| file_in(&json, key));
        if found.is_some() {
            return found;
        }
    }
    None
}

fn answer(file: &BinaryRef, reader: Box<dyn FileReader>) -> HttpResponse {
    let octets = HeaderValue::from_static("application/octet-stream");
    let media_type = HeaderValue::from_str(&file.mime_type).ok().filter(|value| !value.is_empty()).unwrap_or(octets);
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, disposition(file.file_name.as_deref().unwrap_or("file"))))
        .insert_header((CONTENT_SECURITY_POLICY, LOCKED))
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .insert_header((CONTENT_LENGTH, file.size.to_string()))
        .no_chunking(file.size)
        .streaming(pieces(reader))
}

fn pieces(reader: Box<dyn FileReader>) -> impl Stream<Item = Result<web::Bytes, FileFault>> {
    // A file that turns out to be broken ends the connection before the announced length: nobody takes half of it for the whole.
    stream::try_unfold(reader, async |mut reader| Ok(reader.next().await?.map(|bytes| (bytes, reader))))
}

/// `attachment` with a name that leads nowhere (RFC 6266): plain ASCII for old programs, the whole name in UTF-8 for others.
fn disposition(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
    let name = if name.trim_matches(['.', ' ']).is_empty() { "file".to_owned() } else { name };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' }).collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn log_problem(fault: &LogFault) -> Problem {
    if fault.is_unavailable() {
        Problem::unavailable("The database is not available right now. Try again in a moment.")
    } else {
        logged(fault)
    }
}

fn file_problem(fault: &FileFault) -> Problem {
    match fault {
        FileFault::Fault(fault) => log_problem(fault),
        FileFault::TooLarge { .. } => logged(fault),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use weft_event_log::MemoryFiles;

    use super::*;

    #[test]
    fn a_name_cannot_break_out_of_its_header_nor_lead_anywhere() {
        for (name, expected) in [
            ("a b.csv", "attachment; filename=\"a b.csv\"; filename*=UTF-8''a%20b.csv"),
            ("é\".txt", "attachment; filename=\"__.txt\"; filename*=UTF-8''%C3%A9%22.txt"),
            ("../../etc/passwd", "attachment; filename=\"passwd\"; filename*=UTF-8''passwd"),
            (
                "a\r\nset-cookie: x=1",
                "attachment; filename=\"aset-cookie_ x_1\"; filename*=UTF-8''aset-cookie%3A%20x%3D1",
            ),
            ("..", "attachment; filename=\"file\"; filename*=UTF-8''file"),
            ("", "attachment; filename=\"file\"; filename*=UTF-8''file"),
        ] {
            assert_eq!(disposition(name), expected);
        }
    }

    #[test]
    fn a_file_is_found_by_its_key_among_items_and_in_nothing_else() {
        let key = "ab".repeat(32);
        let items = format!(
            r#"[{{"json":{{"note":"{key}"}}}},{{"json":{{}},"binary":{{"data":{{"mimeType":"text/plain","size":3,"key":"{key}"}}}}}}]"#
        );
        assert_eq!(file_in(items.as_bytes(), &key).unwrap().size, 3);
        assert_eq!(file_in(items.as_bytes(), &"cd".repeat(32)), None);
        let told = format!(r#"[{{"json":{{"note":"{key}"}}}}]"#);
        assert_eq!(file_in(told.as_bytes(), &key), None, "text that holds a key names no file");
        assert_eq!(file_in(format!("log line {key}").as_bytes(), &key), None);
    }

    #[actix_web::test]
    async fn a_file_is_handed_out_to_be_kept_and_can_run_nothing() {
        let files = MemoryFiles::default();
        let tenant: TenantId = "0198f2a0-0000-7000-8000-000000000001".parse().unwrap();
        let mut writer = files.create(tenant).await.unwrap();
        writer.write(web::Bytes::from_static(b"<script>1</script>")).await.unwrap();
        let stored = writer.finish().await.unwrap();
        let mime_type = "text/html\r\nx: y".to_owned();
        let file = BinaryRef { mime_type, size: stored.size, ..BinaryRef::default() };
        let response = answer(&file, files.open(tenant, stored.key).await.unwrap().unwrap());
        let header = |name| response.headers().get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(header(CONTENT_TYPE), "application/octet-stream", "a broken type is none");
        assert_eq!(header(CONTENT_SECURITY_POLICY), LOCKED);
        assert!(header(CONTENT_DISPOSITION).starts_with("attachment; "));
        assert_eq!(header(CACHE_CONTROL), "private, no-store");
        assert_eq!(to_bytes(response.into_body()).await.unwrap(), "<script>1</script>");
    }
}
