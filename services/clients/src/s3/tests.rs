use url::Url;
use zeroize::Zeroizing;

use super::*;

fn server(endpoint: Option<&str>, addressing: Addressing) -> Server {
    Server {
        endpoint: endpoint.map(|endpoint| Url::parse(endpoint).unwrap()),
        region: "eu-west-3".to_owned(),
        access_key: "AK".to_owned(),
        secret_key: Zeroizing::new("hunter2".to_owned()),
        token: Zeroizing::default(),
        addressing,
    }
}

#[test]
fn files_have_their_address() {
    let own = Some("https://s3.example.com/base?x=y");
    for (endpoint, addressing, bucket, key, expected) in [
        (None, Addressing::Host, "b", "a b/é.txt", "https://b.s3.eu-west-3.amazonaws.com/a%20b/%C3%A9.txt"),
        (None, Addressing::Host, "b.c", "k", "https://s3.eu-west-3.amazonaws.com/b.c/k"),
        (None, Addressing::Host, "", "", "https://s3.eu-west-3.amazonaws.com/"),
        (own, Addressing::Path, "b", "//evil.example/k", "https://s3.example.com/base/b///evil.example/k"),
        (own, Addressing::Path, "b", "%2e%2e/k", "https://s3.example.com/base/b/%252e%252e/k"),
        (own, Addressing::Host, "b", "", "https://b.s3.example.com/base/"),
        (own, Addressing::Path, "", "", "https://s3.example.com/base"),
    ] {
        let url = server(endpoint, addressing).url(bucket, key, "eu-west-3").unwrap();
        assert_eq!(url.as_str(), expected);
    }
    let china = server(None, Addressing::Path).url("b", "", "cn-north-1").unwrap();
    assert_eq!(china.host_str(), Some("s3.cn-north-1.amazonaws.com.cn"));
}

#[test]
fn what_would_lead_elsewhere_has_no_address() {
    let own = server(Some("https://s3.example.com"), Addressing::Path);
    for (bucket, key) in
        [("..", "k"), ("a/b", "k"), ("b", "../c"), ("b", "a/./c"), ("b", ".."), ("a b", "k"), ("évil", "k")]
    {
        assert!(own.url(bucket, key, "").is_err(), "{bucket} {key}");
    }
    assert!(place::source("b", "").is_err() && place::source("b", "a/../b").is_err());
    let amazon = server(None, Addressing::Host);
    for region in ["", "evil.example/", "a.b", "A", "eu west"] {
        assert!(matches!(amazon.url("b", "k", region), Err(Failure::Region { .. })), "{region}");
    }
}

#[test]
fn documents_become_objects() {
    let document = xml::read(
        "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><Name>b</Name><Contents><Key>a &amp; &#233;</Key><Size>1</Size>\
         </Contents><Contents><Key>b</Key><Owner><ID>7</ID></Owner></Contents><Prefix/></ListBucketResult>"
            .as_bytes(),
    )
    .unwrap();
    assert_eq!(document.name, "ListBucketResult");
    assert_eq!(
        Value::from(document.root).to_json(),
        r#"{"Name":"b","Contents":[{"Key":"a & é","Size":"1"},{"Key":"b","Owner":{"ID":"7"}}],"Prefix":""}"#
    );
    let deep = format!("{}{}", "<a>".repeat(1000), "</a>".repeat(1000));
    let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>";
    for wrong in ["", "{}", "<a>", "<a></b>", "<a>&unknown;</a>", deep.as_str(), bomb] {
        assert!(xml::read(wrong.as_bytes()).is_none(), "{wrong}");
    }
    assert_eq!(xml::escaped("<a & \"b\">\n"), "&lt;a &amp; &quot;b&quot;&gt;&#10;");
}
