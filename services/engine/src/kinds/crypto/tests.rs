use std::collections::BTreeMap;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use rsa::pkcs8::DecodePublicKey;
use weft_nodes::testing::{import, items};
use weft_value::from_json;

use super::*;
use crate::files::testing::{Given, execute, execute_with, item_with};
use crate::{CredentialUse, Credentials, NotOpened};

const RSA: &str = include_str!("test_keys/rsa.pem");
const RSA_PKCS1: &str = include_str!("test_keys/rsa_pkcs1.pem");
const RSA_LOCKED: &str = include_str!("test_keys/rsa_locked.pem");
const RSA_PUBLIC: &str = include_str!("test_keys/rsa_public.pem");
const RSA_SHORT: &str = include_str!("test_keys/rsa_512.pem");
const EC: &str = include_str!("test_keys/ec_sec1.pem");
const EC_PUBLIC: &str = include_str!("test_keys/ec_public.pem");
const HUNTER: &[(&str, &str)] = &[("secret", "hunter2 é")];

/// A credential that everybody is given.
struct Has(&'static str, BTreeMap<String, String>);

#[async_trait]
impl Credentials for Has {
    async fn open(&self, _asked: CredentialUse) -> Result<Opened, NotOpened> {
        let fields = self.1.iter().map(|(name, value)| (name.clone(), Zeroizing::new(value.clone())));
        Ok(Opened { kind: self.0.to_owned(), fields: fields.collect() })
    }
}

async fn with(
    (kind, fields): (&'static str, &[(&str, &str)]),
    parameters: &str,
    items: Vec<Item>,
) -> Result<Given, String> {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let services = Services { credentials: Some(Arc::new(Has(kind, fields))), ..Services::default() };
    let mut given = from_json(parameters).unwrap().as_object().unwrap().clone();
    given.insert("credential", "0198f2a0-0000-7000-8000-000000000007");
    execute_with("crypto", &Value::from(given).to_json(), items, services).await
}

/// What one item becomes.
async fn data(credential: (&'static str, &[(&str, &str)]), parameters: &str) -> Result<String, String> {
    let given = with(credential, parameters, items(r#"[{"t":"Zoë"}]"#)).await?;
    Ok(given.items[0].json.get("data").as_str().unwrap().to_owned())
}

/// The examples of RFC 1321, FIPS 180-4 and FIPS 202.
#[tokio::test]
async fn texts_are_hashed() {
    for (node, expected) in [
        (r#"{"type":"MD5","value":"={{ $json.t }}"}"#, "900150983cd24fb0d6963f7d28e17f72"),
        (r#"{"type":"SHA1","value":"={{ $json.t }}"}"#, "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (r#"{"value":"abc"}"#, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (r#"{"type":"SHA3-256","value":"abc"}"#, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
        (r#"{"type":"MD5","value":"abc","encoding":"base64"}"#, "kAFQmDzST7DWlj99KOF/cg=="),
        (r#"{"type":"MD5"}"#, "d41d8cd98f00b204e9800998ecf8427e"),
    ] {
        let given = execute("crypto", node, items(r#"[{"t":"abc"}]"#)).await.unwrap();
        assert_eq!(given.json(), format!(r#"[{{"t":"abc","data":"{expected}"}}]"#), "{node}");
    }
    let nested = r#"{"type":"MD5","value":"abc","dataPropertyName":"h.md5"}"#;
    let given = execute("crypto", nested, items("[{}]")).await.unwrap();
    assert_eq!(given.json(), r#"[{"h":{"md5":"900150983cd24fb0d6963f7d28e17f72"}}]"#);
}

/// RFC 2202; a key longer than a block is hashed first.
#[tokio::test]
async fn texts_are_signed_with_a_secret() {
    let text = r#""value":"what do ya want for nothing?""#;
    for (name, expected) in
        [("MD5", "750c783e6ab0b503eaa86e310a5db738"), ("SHA1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")]
    {
        let jefe: &[_] = &[("secret", "Jefe")];
        let node = format!(r#"{{"action":"hmac","type":"{name}",{text}}}"#);
        assert_eq!(data((SECRET, jefe), &node).await.unwrap(), expected);
        let derived = node.replace("\"value\"", r#""secret":"={{ $json.t.replace('abc', 'Jefe') }}","value""#);
        let given = execute("crypto", &derived, items(r#"[{"t":"abc"}]"#)).await.unwrap();
        assert_eq!(given.items[0].json.get("data").as_str(), Some(expected));
    }
    let long = "k".repeat(1_000);
    for (algorithm, length) in crate::digest::HASHES.into_iter().zip([32, 40, 64, 96, 128, 64, 96, 128]) {
        let node = format!(r#"{{"action":"hmac","type":"{algorithm}","value":"é"}}"#);
        assert_eq!(data((SECRET, &[("secret", long.as_str())]), &node).await.unwrap().len(), length, "{algorithm}");
    }
}

#[tokio::test]
async fn files_are_hashed_piece_by_piece() {
    for size in [3, 300_000] {
        let bytes = vec![b'a'; size];
        let item = item_with("a.txt", "text/plain", &bytes);
        let node = r#"{"binaryData":true}"#;
        let given = execute("crypto", node, vec![item.clone()]).await.unwrap();
        let expected = hex::encode(Algorithm::Sha256.of(None, &bytes));
        assert_eq!(given.items[0].json.get("data").as_str(), Some(expected.as_str()));
        assert_eq!(given.bytes(0, "data").await, bytes);
        let keyed = r#"{"action":"hmac","binaryData":true}"#;
        let given = with((SECRET, HUNTER), keyed, vec![item]).await.unwrap();
        let text = format!(r#"{{"action":"hmac","value":"={{{{ 'a'.repeat({size}) }}}}"}}"#);
        assert_eq!(given.items[0].json.get("data").as_str().unwrap(), data((SECRET, HUNTER), &text).await.unwrap());
    }
    let error = execute("crypto", r#"{"binaryData":true}"#, items("[{}]")).await.err().unwrap();
    assert!(error.contains("no file “data”"), "{error}");
}

/// What OpenSSL 3 signs of the same text with the same key.
#[tokio::test]
async fn signatures_are_those_of_openssl() {
    let sign =
        |algorithm: &str| format!(r#"{{"action":"sign","algorithm":"{algorithm}","value":"={{{{ $json.t }}}}"}}"#);
    for (algorithm, begins) in [
        ("SHA256", "35d4a2891c0496737df76e54"),
        ("SHA384", "71c3b30609a964ebda6c5a9d"),
        ("SHA512", "54b08cbfd09e2abea8490b65"),
        ("SHA224", "0b1ee60349b8eceb67cec113"),
        ("SHA512/224", "84ab1eb51ff98d208aa58f26"),
        ("SHA512/256", "9706884a65f3225d37235f10"),
        ("SHA3-224", "5989a8eb2615776bc956081b"),
        ("SHA3-256", "033da811bad46677c6548c2d"),
        ("SHA3-384", "4a37500a8dfad47f24940ff2"),
        ("SHA3-512", "9568d7cab70516c9ce398f7c"),
        ("SHA1", "801cdee47213ce3a5e86644f"),
        ("MD5", "374ae0a483154979f664ae6d"),
    ] {
        let signature = data((KEY_PAIR, &[("privateKey", RSA)]), &sign(algorithm)).await.unwrap();
        assert!(signature.starts_with(begins) && signature.len() == 512, "{algorithm}: {signature}");
    }
    let expected = data((KEY_PAIR, &[("privateKey", RSA)]), &sign("SHA256")).await.unwrap();
    let one_line = RSA.replace('\n', "\\n");
    let locked: &[_] = &[("privateKey", RSA_LOCKED), ("passphrase", "open-sesame")];
    for fields in [&[("privateKey", RSA_PKCS1)][..], &[("privateKey", one_line.as_str())], locked] {
        assert_eq!(data((KEY_PAIR, fields), &sign("SHA256")).await.unwrap(), expected);
    }
    let signature = data((KEY_PAIR, &[("privateKey", EC)]), &sign("SHA256")).await.unwrap();
    let der = p256_point();
    let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, der);
    key.verify("Zoë".as_bytes(), &hex::decode(signature).unwrap()).unwrap();
}

/// The point at the end of a `SubjectPublicKeyInfo` of P-256.
fn p256_point() -> Vec<u8> {
    let body: String = EC_PUBLIC.lines().filter(|line| !line.starts_with('-')).collect();
    let der = BASE64.decode(body).unwrap();
    der[der.len() - 65..].to_vec()
}

/// Made by Node.js with the layout and the derivation that the documentation tells.
#[tokio::test]
async fn what_others_encrypted_is_decrypted() {
    for (cipher, sealed) in [
        ("aes-256-gcm", "AT7ZZCOPz5W71v5TkqLR/yrOH6FBW3WiAAIFXhmajByXramHSSzi5/jT082kHxo53Q=="),
        ("aes-192-gcm", "AXSMDT7V6HNStYmfqdZK1ViBmsSV+lW/gLVse4XfarU2U6K3zALMAaSTq6rqr/yFVA=="),
        ("aes-128-gcm", "AcVKk6FZ9uisVDY2/qOS4IsB9tHcU6pPYJTx5rHS17C6+m5VG2pIHEjhWSaJpOaVoA=="),
        ("chacha20-poly1305", "AbYl3vrs4W3G38pvOxLNWOUgJMG0kSkcYKrR2vQ9lhUW4INirOHVZuto2i8Bm09L2g=="),
    ] {
        let node = format!(r#"{{"action":"decrypt","cipher":"{cipher}","value":"{sealed}"}}"#);
        assert_eq!(data((SECRET, HUNTER), &node).await.unwrap(), "Zoë", "{cipher}");
    }
    let sealed = "ih5Bh8oPDVG/w+NwdbYTQauLcUgnYlhvOa7hQXlTXDI4gRjiuTRz3uf/fslUb1JlPdxBBQloLvPpXBXdevRFTH5qKrUp65IeL2Ahx5461uojK+jCXYBfFCa0QW11Yjlb5jfMN7joRbtBYezoLMyxtCr9i7u+Iv+t/yHDaGwYHxUlQPD9IkrSOGhuhDPiyKP4/oPrWBzVG+sgAlJjBg7rvCkX6sAGHXqGEvsP5YOouRWMuHvDtS9HhXEFHfB8wOGLrdlJrnLwtoko4qMnuNzy95dGH294brQCLBnD7sf7bhOdv2ZnApKp3VJbOS2f+cmfqLvu/VwMf/dAu5Dp/xvzgw==";
    let node = format!(r#"{{"action":"decrypt","mode":"asymmetric","value":"{sealed}"}}"#);
    assert_eq!(data((KEY_PAIR, &[("privateKey", RSA)]), &node).await.unwrap(), "Zoë");
}

#[tokio::test]
async fn what_is_encrypted_is_decrypted_again() {
    let long = items(&format!(r#"[{{"t":"{}"}},{{"t":"a"}},{{"t":""}},{{"t":"a"}}]"#, "é".repeat(50_000)));
    let encrypt = r#"{"action":"encrypt","value":"={{ $json.t }}","dataPropertyName":"e"}"#;
    let sealed = with((SECRET, HUNTER), encrypt, long.clone()).await.unwrap().items;
    assert_ne!(sealed[1].json.get("e"), sealed[3].json.get("e"), "each text has its own nonce");
    let decrypt = r#"{"action":"decrypt","value":"={{ $json.e }}","dataPropertyName":"d"}"#;
    for (item, given) in with((SECRET, HUNTER), decrypt, sealed).await.unwrap().items.iter().zip(&long) {
        assert_eq!(item.json.get("d"), given.json.get("t"));
    }
    let pair: &[_] = &[("privateKey", RSA), ("publicKey", RSA_PUBLIC)];
    let encrypt = r#"{"action":"encrypt","mode":"asymmetric","value":"={{ $json.t }}"}"#;
    for fields in [pair, &pair[..1]] {
        let sealed = data((KEY_PAIR, fields), encrypt).await.unwrap();
        let decrypt = format!(r#"{{"action":"decrypt","mode":"asymmetric","value":"{sealed}"}}"#);
        assert_eq!(data((KEY_PAIR, pair), &decrypt).await.unwrap(), "Zoë");
    }
}

#[tokio::test]
async fn what_is_wrong_is_said_and_no_secret_is_repeated() {
    let pair = |key| (KEY_PAIR, [("privateKey", key)]);
    let sealed = "AT7ZZCOPz5W71v5TkqLR/yrOH6FBW3WiAAIFXhmajByXramHSSzi5/jT082kHxo53Q==";
    let decrypt = |value: &str| format!(r#"{{"action":"decrypt","value":"{value}"}}"#);
    let (sign, sealing) = (r#"{"action":"sign"}"#.to_owned(), r#""mode":"asymmetric""#);
    let encrypt = |value: &str| format!(r#"{{"action":"encrypt",{sealing},"value":"{value}"}}"#);
    let wrong = (SECRET, [("secret", "hunter3")]);
    let right = (SECRET, [("secret", "hunter2 é")]);
    for ((kind, fields), node, said) in [
        (wrong, decrypt(sealed), "cannot be decrypted"),
        (right, decrypt(&sealed.replace("Ht", "Hu").replace("53Q", "52Q")), "cannot be decrypted"),
        (right, decrypt("AAAA"), "nothing that was encrypted"),
        (right, decrypt("é"), "nothing that was encrypted"),
        (right, sign.clone(), "credential of type “Key pair”"),
        (pair(RSA), decrypt(sealed), "credential of type “Secret”"),
        (pair("hunter2"), sign.clone(), "no PEM that can be read"),
        (pair(RSA_LOCKED), sign.clone(), "is locked"),
        (pair(RSA_SHORT), r#"{"action":"sign","algorithm":"SHA512"}"#.into(), "too short"),
        (pair(EC), r#"{"action":"sign","algorithm":"MD5"}"#.into(), "cannot sign with this algorithm"),
        (pair(EC), encrypt("x"), "no RSA key in PEM"),
        (pair(EC), format!(r#"{{"action":"decrypt",{sealing},"value":"AAAA"}}"#), "not one of RSA"),
        (pair(RSA), format!(r#"{{"action":"decrypt",{sealing},"value":"AAAA"}}"#), "cannot be decrypted"),
        (pair(RSA_SHORT), encrypt("x"), "2,048 to 8,192 bits"),
        (pair(RSA), encrypt(&"x".repeat(191)), "up to 190 bytes, but the text has 191"),
    ] {
        let error = data((kind, &fields), &node).await.unwrap_err();
        assert!(error.contains(said) && !error.contains("hunter"), "{node}: {error}");
    }
}

#[test]
fn a_secret_is_not_written_out() {
    let problem = |json: &str| Crypto.prepare(&from_json(json).unwrap()).err().map(|problems| problems[0].clone());
    for secret in ["s", "=s", "={{ 's' }}", "={{ $vars.key }}", "={{ $variables.key }}"] {
        let found = problem(&format!(r#"{{"action":"hmac","secret":"{secret}"}}"#)).unwrap();
        assert_eq!((found.code, found.field.as_deref()), ("secret_in_parameter", Some("secret")), "{secret}");
    }
    assert!(problem(r#"{"action":"hmac","secret":"={{ $json.key }}"}"#).is_none());
    for action in ["hmac", "sign", "encrypt", "decrypt"] {
        let found = problem(&format!(r#"{{"action":"{action}"}}"#)).unwrap();
        assert_eq!((found.code, found.field.as_deref()), ("parameter_required", Some("credential")), "{action}");
    }
    for wrong in [
        r#"{"type":"SHA7"}"#,
        r#"{"action":"sing"}"#,
        r#"{"action":"encrypt","cipher":"rot13","credential":"0198f2a0-0000-7000-8000-000000000007"}"#,
    ] {
        assert!(problem(wrong).is_some_and(|found| found.code != "parameter_required"), "{wrong}");
    }
}

#[test]
fn an_n8n_node_is_imported_without_its_secrets() {
    for (version, old, new, remarks) in [
        (1.0, r#"{"value":"abc"}"#, r#"{"value":"abc","type":"MD5"}"#, 0),
        (2.0, r#"{"binaryData":true}"#, r#"{"binaryData":true}"#, 0),
        (1.0, r#"{"action":"hmac","secret":"s"}"#, r#"{"action":"hmac","type":"MD5"}"#, 2),
        (1.0, r#"{"action":"hmac","secret":"={{ $vars.k }}"}"#, r#"{"action":"hmac","type":"MD5"}"#, 2),
        (
            1.0,
            r#"{"action":"hmac","secret":"={{ $json.k }}","type":"SHA256"}"#,
            r#"{"action":"hmac","secret":"={{ $json.k }}","type":"SHA256"}"#,
            0,
        ),
        (2.0, r#"{"action":"hmac"}"#, r#"{"action":"hmac"}"#, 1),
        (
            1.0,
            r#"{"action":"sign","algorithm":"RSA-SHA256","privateKey":"x"}"#,
            r#"{"action":"sign","algorithm":"SHA256"}"#,
            2,
        ),
        (2.0, r#"{"action":"encrypt"}"#, r#"{"action":"encrypt"}"#, 1),
        (2.0, r#"{"action":"decrypt","mode":"asymmetric"}"#, r#"{"action":"decrypt","mode":"asymmetric"}"#, 1),
    ] {
        let imported = import(&Crypto, version, old).unwrap();
        assert_eq!((imported.parameters.to_json().as_str(), imported.remarks.len()), (new, remarks), "{old}");
    }
    assert!(import(&Crypto, 2.0, r#"{"action":"generate"}"#).unwrap_err().is_elsewhere());
}

#[test]
fn the_names_of_openssl_are_known() {
    for (old, new) in [
        ("sha256WithRSAEncryption", "SHA256"),
        ("RSA-SHA1-2", "SHA1"),
        ("ssl3-md5", "MD5"),
        ("sha512-256WithRSAEncryption", "SHA512/256"),
        ("id-rsassa-pkcs1-v1_5-with-sha3-384", "SHA3-384"),
    ] {
        let imported = import(&Crypto, 2.0, &format!(r#"{{"action":"sign","algorithm":"{old}"}}"#)).unwrap();
        assert_eq!(imported.parameters.get("algorithm").as_str(), Some(new), "{old}");
    }
    for unknown in ["RSA-SM3", "ripemd160", "blake2b512", "shake128"] {
        let refused = import(&Crypto, 2.0, &format!(r#"{{"action":"sign","algorithm":"{unknown}"}}"#)).unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("algorithm"));
    }
}

#[tokio::test]
async fn a_hundred_thousand_items_are_hashed() {
    let many = (0..100_000).map(|number| Item::new([("n", number)].into_iter().collect::<weft_value::Object>()));
    let given = execute("crypto", r#"{"type":"MD5","value":"={{ $json.n }}"}"#, many.collect()).await.unwrap();
    assert_eq!(given.items.len(), 100_000);
    let last = &given.items[99_999];
    assert_eq!(last.json.get("data").as_str(), Some(hex::encode(Algorithm::Md5.of(None, b"99999")).as_str()));
    assert_eq!(last.pairing, Item::default().paired_with(99_999).pairing);
}

#[test]
fn the_public_key_is_that_of_the_private_one() {
    let fields = [("privateKey".to_owned(), Zeroizing::new(RSA.to_owned()))];
    let opened = Opened { kind: KEY_PAIR.into(), fields: fields.into() };
    let expected = rsa::RsaPublicKey::from_public_key_pem(RSA_PUBLIC).unwrap();
    assert_eq!(rsa::RsaPublicKey::from_public_key_der(&keys::public_rsa(&opened).unwrap()).unwrap(), expected);
}
