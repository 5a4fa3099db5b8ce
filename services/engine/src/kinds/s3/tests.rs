use weft_nodes::testing::{TestStep, import};
use weft_value::from_json;

use super::*;

fn node(json: &str) -> Result<Parameters, Vec<Problem>> {
    let mut given = from_json(json).unwrap().as_object().unwrap().clone();
    given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
    parameters(&DESCRIPTOR, &given.into())
}

#[test]
fn what_is_missing_is_told() {
    for json in [
        "{}",
        r#"{"operation":"upload"}"#,
        r#"{"bucketName":"b"}"#,
        r#"{"operation":"copy","sourcePath":"/a/b"}"#,
        r#"{"operation":"search","bucketName":"b"}"#,
        r#"{"resource":"bucket"}"#,
        r#"{"resource":"bucket","operation":"upload","name":"a"}"#,
        r#"{"resource":"folder","bucketName":"b"}"#,
        r#"{"resource":"folder","operation":"delete","bucketName":"b"}"#,
        r#"{"resource":"disk"}"#,
    ] {
        assert!(node(json).is_err(), "{json}");
    }
    let unsigned = from_json(r#"{"operation":"getAll","bucketName":"b"}"#).unwrap();
    assert!(parameters::<Parameters>(&DESCRIPTOR, &unsigned).is_err(), "it needs a credential");
}

#[test]
fn only_buckets_are_made_and_deleted_once() {
    for (json, retried) in [
        (r#"{"resource":"bucket","name":"b"}"#, Retried::AtMostOnce),
        (r#"{"resource":"bucket","operation":"delete","name":"b"}"#, Retried::AtMostOnce),
        (r#"{"resource":"bucket","operation":"getAll"}"#, Retried::Idempotent),
        (r#"{"operation":"delete","bucketName":"b","fileKey":"k"}"#, Retried::Idempotent),
        (r#"{"operation":"upload","bucketName":"b"}"#, Retried::Idempotent),
    ] {
        assert_eq!(node(json).unwrap().retried(), retried, "{json}");
    }
}

#[test]
fn options_become_headers() {
    let json = r#"{"operation":"upload","bucketName":"b","additionalFields":{"acl":"bucketOwnerFullControl","storageClass":"onezoneIA",
        "requesterPays":true,"lockLegalHold":false,"lockMode":"compliance","serverSideEncryption":"aws:kms",
        "encryptionAwsKmsKeyId":"={{ $json.k }}"},
        "tagsUi":{"tagsValues":[{"key":"a b","value":"é&"},{"key":"","value":"lost"}]}}"#;
    let (node, step) = (node(json).unwrap(), TestStep::new(&[r#"[{"k":"7"}]"#]));
    let headers = node.additional_fields.headers(&step, 0).unwrap();
    let headers: Vec<String> = headers.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_eq!(
        headers,
        [
            "x-amz-acl: bucket-owner-full-control",
            "x-amz-object-lock-mode: COMPLIANCE",
            "x-amz-request-payer: requester",
            "x-amz-server-side-encryption: aws:kms",
            "x-amz-server-side-encryption-aws-kms-key-id: 7",
            "x-amz-storage-class: ONEZONE_IA",
        ]
    );
    assert_eq!(node.tags_ui.header(&step, 0).unwrap(), "a+b=%C3%A9%26");
    assert_eq!(step.input(0).len(), 1);
}

#[test]
fn a_credential_means_a_server() {
    let opened = |kind: &str, fields: &[(&str, &str)]| {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), Zeroizing::new((*value).to_owned())));
        server(&Opened { kind: kind.to_owned(), fields: fields.collect() })
    };
    let aws = opened("aws", &[("region", " eu-west-3 "), ("sessionToken", "t")]).unwrap();
    assert_eq!((aws.endpoint.is_none(), aws.region.as_str(), aws.token.as_str()), (true, "eu-west-3", "t"));
    assert_eq!(aws.addressing, Addressing::Host);
    let own = opened("aws", &[("s3Endpoint", "http://localhost:9000")]).unwrap();
    assert_eq!((own.addressing, own.region.as_str()), (Addressing::Path, "us-east-1"));
    let other = opened("s3", &[("endpoint", "https://s3.example.com"), ("addressing", "host")]).unwrap();
    assert_eq!(other.addressing, Addressing::Host);
    for endpoint in ["", "s3.example.com", "ftp://s3.example.com", "file:///etc/passwd"] {
        assert_eq!(opened("s3", &[("endpoint", endpoint)]).err().unwrap().code, "credential", "{endpoint}");
    }
}

#[test]
fn what_may_have_been_done_is_not_repeated_where_it_must_not() {
    let late = || Failure::Http(HttpError::Timeout { host: "h".into(), limit: std::time::Duration::from_secs(1) });
    assert!(failed(&late(), Retried::AtMostOnce).error.is_final);
    assert!(!failed(&late(), Retried::Idempotent).error.is_final);
    for (status, code, is_final) in [(403, "AccessDenied", true), (503, "SlowDown", false), (429, "x", false)] {
        let refused = Failure::Refused { status, code: code.into(), message: "m".into() };
        assert_eq!(failed(&refused, Retried::Idempotent).error.is_final, is_final, "{code}");
    }
}

#[test]
fn nodes_of_n8n_are_imported_as_they_are() {
    let json = r#"{"authentication":"iam","operation":"upload","bucketName":"b","additionalFields":{"acl":"Private","storageClass":
        "RecudedRedundancy","grantRead":true,"grantWriteAcp":false}}"#;
    for version in [1.0, 2.0] {
        let imported = import(&S3, version, json).unwrap();
        assert_eq!(
            imported.parameters.to_json(),
            r#"{"operation":"upload","bucketName":"b","additionalFields":{"acl":"private","storageClass":"reducedRedundancy"}}"#
        );
        assert_eq!(imported.remarks.len(), 2, "{:?}", imported.remarks);
    }
    let defaults = import(&S3, 1.0, r#"{"bucketName":"b","fileKey":"k"}"#).unwrap();
    let defaults = node(&defaults.parameters.to_json()).unwrap();
    assert!(defaults.operation == Operation::Download && defaults.resource == Resource::File);
    assert!(import(&S3, 2.0, r#"{"authentication":"assumeRole"}"#).is_err());
}
