//! S3, against moto's server (<https://docs.getmoto.org>), which speaks as Amazon does.

use std::io::{BufRead, BufReader, ErrorKind};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use weft_engine::OnceReport;
use weft_event_log::MemoryFiles;
use weft_model::OnError;
use weft_model::credential::TestOutcome;
use weft_value::{BinaryRef, Item};

use super::{Signed, items, items_of, json_of};

/// A server of its own, which keeps everything in memory.
struct Server {
    process: Child,
    port: u16,
}

/// Programs of Python stand in the environment that `infra/scripts/lib.sh` makes, or in the path.
pub(super) fn python_program(name: &str) -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/test-servers/bin").join(name);
    if own.exists() { own } else { name.into() }
}

impl Server {
    /// Nothing where the program is not installed.
    fn start() -> Option<Self> {
        let process = Command::new(python_program("moto_server"))
            .args(["-H", "127.0.0.1", "-p", "0"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut process = match process {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                println!("skipped: moto_server is not installed");
                return None;
            }
            other => other.unwrap(),
        };
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let port = loop {
            let line = lines.next().expect("moto_server tells where it listens").unwrap();
            if let Some((_, port)) = line.rsplit_once("http://127.0.0.1:") {
                break port.trim().parse().unwrap();
            }
        };
        // What it says is read, so that it never waits for somebody to do it.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { process, port })
    }

    fn signed(&self) -> Signed {
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let fields = [
            ("endpoint", endpoint.as_str()),
            ("region", "eu-west-3"),
            ("accessKeyId", "AK"),
            ("secretAccessKey", "hunter2"),
            ("addressing", "path"),
        ];
        Signed::new("s3", "s3", self.port, &fields)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

const NEW: &str = r#"{"resource":"bucket","operation":"create","name":"wörk"}"#;
const BUCKET: &str = r#"{"resource":"bucket","operation":"create","name":"work"}"#;

pub(super) fn item_with(name: &str, bytes: &[u8]) -> Item {
    let file = BinaryRef {
        mime_type: "text/plain".to_owned(),
        file_name: Some(name.to_owned()),
        size: bytes.len() as u64,
        data: Some(base64(bytes)),
        ..BinaryRef::default()
    };
    let mut item = items_of(r#"[{"id":1}]"#).remove(0);
    item.binary = Some(Arc::new([("data".to_owned(), file)].into_iter().collect()));
    item
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(super) async fn bytes_of(report: &OnceReport) -> Vec<u8> {
    let file = items(report, 0)[0].binary.as_ref().unwrap()["data"].clone();
    report.files.read(&file, 1 << 30).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buckets_are_made_listed_searched_and_deleted() {
    let Some(server) = Server::start() else { return };
    let s3 = server.signed();
    assert_eq!(s3.gives(BUCKET, "[{}]").await, r#"[{"success":true}]"#);
    assert_eq!(s3.fails(BUCKET).await.0, "server_refused");
    assert_eq!(s3.fails(NEW).await.0, "parameter");
    let buckets = s3.gives(r#"{"resource":"bucket","operation":"getAll"}"#, "[{},{}]").await;
    assert_eq!(buckets.matches(r#""Name":"work""#).count(), 2, "{buckets}");
    let text = r#"{"operation":"upload","bucketName":"work","binaryData":false,"fileName":"={{ $json.k }}","fileContent":"é"}"#;
    let many: Vec<String> = (0..7).map(|n| format!(r#"{{"k":"a/{n} &<>+é.txt"}}"#)).collect();
    s3.gives(text, &format!("[{},{{\"k\":\"top\"}}]", many.join(","))).await;
    let search = |more: &str| format!(r#"{{"resource":"bucket","operation":"search","bucketName":"work",{more}}}"#);
    let found = s3.gives(&search(r#""returnAll":true"#), "[{}]").await;
    assert_eq!(
        (found.matches("\"Key\"").count(), found.matches(r#""Key":"a/3 &<>+é.txt""#).count()),
        (8, 1),
        "{found}"
    );
    let limited = s3.gives(&search(r#""limit":3"#), "[{}]").await;
    assert_eq!(limited.matches("\"Key\"").count(), 3, "{limited}");
    let folded = s3
        .gives(&search(r#""returnAll":true,"additionalFields":{"delimiter":"/","includeCommonPrefixes":true}"#), "[{}]")
        .await;
    assert!(folded.contains(r#""Key":"top""#) && folded.contains(r#"{"Prefix":"a/"}"#), "{folded}");
    assert!(!folded.contains("a/3"), "{folded}");
    assert_eq!(s3.fails(r#"{"resource":"bucket","operation":"delete","name":"work"}"#).await.0, "server_refused");
    let emptied = s3.gives(r#"{"resource":"folder","operation":"delete","bucketName":"work","folderKey":"a"}"#, "[{}]");
    assert_eq!(emptied.await.matches("\"Key\"").count(), 7);
    s3.gives(r#"{"operation":"delete","bucketName":"work","fileKey":"top"}"#, "[{}]").await;
    let gone = r#"{"resource":"bucket","operation":"delete","name":"work"}"#;
    assert_eq!(s3.gives(gone, "[{}]").await, r#"[{"success":true}]"#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_uploaded_copied_and_downloaded_in_one_piece_and_in_several() {
    let Some(server) = Server::start() else { return };
    let files = Arc::new(MemoryFiles::default());
    let s3 = Signed { files: Some(files), ..server.signed() };
    s3.gives(BUCKET, "[{}]").await;
    for length in [0, 5, 3 << 20, (8 << 20) + 1, 20 << 20] {
        let bytes: Vec<u8> = (0..length).map(|n: usize| (n % 251) as u8).collect();
        let upload = r#"{"operation":"upload","bucketName":"work","fileName":"=f/{{ $json.id }} é","additionalFields":{
            "storageClass":"standardIA","acl":"publicRead"},"tagsUi":{"tagsValues":[{"key":"a b","value":"ü"}]}}"#;
        let report = s3.run(upload, vec![item_with("é.txt", &bytes)]).await;
        assert!(report.error.is_none(), "{length}: {:?}", report.error);
        let copy = r#"{"operation":"copy","sourcePath":"/work/f/1 é","destinationPath":"/work/copy.txt"}"#;
        assert!(s3.gives(copy, "[{}]").await.contains("ETag"));
        let download = r#"{"operation":"download","bucketName":"work","fileKey":"copy.txt"}"#;
        let report = s3.run(download, items_of(r#"[{"kept":1}]"#)).await;
        assert!(report.error.is_none(), "{length}: {:?}", report.error);
        assert_eq!(json_of(&report, 0), r#"[{"kept":1}]"#);
        let item = &items(&report, 0)[0];
        let file = &item.binary.as_ref().unwrap()["data"];
        assert_eq!((file.file_name.as_deref(), file.mime_type.as_str()), (Some("copy.txt"), "text/plain"));
        assert!(bytes_of(&report).await == bytes, "{length} bytes came back otherwise");
    }
    let listed = s3.gives(r#"{"operation":"getAll","bucketName":"work","options":{"folderKey":"f/"}}"#, "[{}]").await;
    assert!(listed.contains(r#""StorageClass":"STANDARD_IA""#) && listed.contains(r#""Size":"20971520""#), "{listed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_are_made_listed_and_deleted_with_what_is_in_them() {
    let Some(server) = Server::start() else { return };
    let s3 = server.signed();
    s3.gives(BUCKET, "[{}]").await;
    let create = r#"{"resource":"folder","operation":"create","bucketName":"work","folderName":"={{ $json.n }}",
        "additionalFields":{"parentFolderKey":"x/"}}"#;
    assert_eq!(s3.gives(create, r#"[{"n":"a"},{"n":"ab"}]"#).await, r#"[{"success":true},{"success":true}]"#);
    let folders = r#"{"resource":"folder","operation":"getAll","bucketName":"work"}"#;
    let listed = s3.gives(folders, "[{}]").await;
    assert!(listed.contains(r#""Key":"x/a/""#) && listed.contains(r#""Key":"x/ab/""#), "{listed}");
    let delete =
        |key: &str| format!(r#"{{"resource":"folder","operation":"delete","bucketName":"work","folderKey":"{key}"}}"#);
    assert_eq!(s3.gives(&delete("x/a"), "[{}]").await, r#"[{"deleted":[{"Key":"x/a/"}]}]"#);
    assert!(s3.gives(folders, "[{}]").await.contains(r#""Key":"x/ab/""#), "a folder beside it is still there");
    assert_eq!(s3.gives(&delete("none"), "[{}]").await, r#"[{"deleted":[{"Key":"none/"}]}]"#);
    for empty in ["", "/"] {
        assert!(s3.run(&delete(empty), items_of("[{}]")).await.error.is_some());
    }
    let files = s3.gives(r#"{"operation":"getAll","bucketName":"work"}"#, "[{}]").await;
    assert_eq!(files, "[]", "folders are no files");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_wrong_is_said_for_its_item() {
    let Some(server) = Server::start() else { return };
    let s3 = server.signed();
    s3.gives(BUCKET, "[{}]").await;
    let get = r#"{"operation":"download","bucketName":"work","fileKey":"={{ $json.k }}"}"#;
    let some = r#"[{"k":"none"},{"k":"a/../b"},{"k":"a/"}]"#;
    let report = s3.run_with(get, items_of(some), OnError::ErrorOutput).await;
    let said = json_of(&report, 1);
    assert_eq!((items(&report, 0).len(), items(&report, 1).len()), (0, 3));
    assert!(said.contains("NoSuchKey") && said.contains("cannot be the key") && said.contains("folder"), "{said}");
    let (code, message) = s3.fails(r#"{"operation":"getAll","bucketName":"other"}"#).await;
    assert!(code == "server_refused" && message.contains("NoSuchBucket") && !message.contains("hunter2"), "{message}");
    let list = r#"{"operation":"getAll","bucketName":"work"}"#;
    assert_eq!(s3.with("endpoint", "ftp://127.0.0.1").fails(list).await.0, "credential");
    let closed = Signed { allow: String::new(), ..s3.clone() };
    assert_eq!(closed.fails(list).await.0, "egress_refused");
    assert_eq!(s3.tried().await, (TestOutcome::Accepted, "trial_signed_in".to_owned()));
    assert_eq!(closed.tried().await, (TestOutcome::Unreachable, "egress_refused".to_owned()));
    assert_eq!(s3.with("endpoint", "nowhere").tried().await, (TestOutcome::Refused, "credential".to_owned()));
    assert_eq!(s3.fails(r#"{"operation":"getAll","bucketName":"work","limit":0}"#).await.0, "parameter");
    let nothing = s3.run(list, Vec::new()).await;
    assert!(nothing.error.is_none());
    let upload = r#"{"operation":"upload","bucketName":"work"}"#;
    assert_eq!(s3.fails(upload).await.0, "file_missing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_of_amazon_signs_in_to_an_endpoint_of_its_own() {
    let Some(server) = Server::start() else { return };
    let endpoint = format!("http://127.0.0.1:{}", server.port);
    let fields = [
        ("s3Endpoint", endpoint.as_str()),
        ("accessKeyId", "AK"),
        ("secretAccessKey", "hunter2"),
        ("sessionToken", "t/="),
    ];
    let aws = Signed::new("s3", "aws", server.port, &fields);
    assert_eq!(aws.gives(BUCKET, "[{}]").await, r#"[{"success":true}]"#);
    let far = aws.with("s3Endpoint", "").with("region", "evil.example/");
    assert_eq!(far.fails(BUCKET).await.0, "credential");
}
