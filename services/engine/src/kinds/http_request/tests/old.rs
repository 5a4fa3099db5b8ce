//! Nodes of n8n's versions 1 and 2.

use super::*;

fn imported(version: f64, json: &str) -> String {
    let imported = import(&HttpRequest, version, json).unwrap();
    assert!(imported.remarks.is_empty(), "{json}: {:?}", imported.remarks);
    assert!(HttpRequest.prepare(&imported.parameters).is_ok(), "{json}");
    imported.parameters.to_json()
}

#[test]
fn a_node_of_versions_1_and_2_does_the_same_here() {
    const PLAIN: &str = r#""options":{"splitIntoItems":false,"responseFormat":"json"}"#;
    const SENT: &str =
        r#""options":{"splitIntoItems":false,"responseFormat":"json","maxRedirects":0,"failOnRedirect":true}"#;
    for (old, new) in [
        (r#"{"url":"x"}"#, format!(r#"{{"url":"x",{PLAIN},"authentication":"none"}}"#)),
        (
            r#"{"url":"x","queryParametersUi":{"parameter":[{"name":"a","value":"é"}]},"headerParametersUi":{"parameter":[]}}"#,
            format!(
                r#"{{"url":"x","sendQuery":true,"queryParameters":{{"parameters":[{{"name":"a","value":"é"}}]}},{},"authentication":"none"}}"#,
                PLAIN.replace(":{", r#":{"queryParameterArrays":"indices","#)
            ),
        ),
        (
            r#"{"requestMethod":"POST","url":"x","bodyParametersUi":{"parameter":[{"name":"a","value":"1"}]},"options":{"bodyContentType":"form-urlencoded"}}"#,
            format!(
                r#"{{"method":"POST","url":"x","sendBody":true,"contentType":"form-urlencoded","bodyParameters":{{"parameters":[{{"name":"a","value":"1"}}]}},{SENT},"authentication":"none"}}"#
            ),
        ),
        (
            r#"{"requestMethod":"PUT","url":"x","jsonParameters":true,"bodyParametersJson":"={{ $json }}","headerParametersJson":"{\"a\":1}","queryParametersJson":""}"#,
            format!(
                r#"{{"method":"PUT","url":"x","sendHeaders":true,"specifyHeaders":"json","jsonHeaders":"{{\"a\":1}}","sendBody":true,"contentType":"json","specifyBody":"json","jsonBody":"={{{{ $json }}}}",{SENT},"authentication":"none"}}"#
            ),
        ),
        (
            r#"{"requestMethod":"POST","url":"x","jsonParameters":true,"bodyParametersJson":"<a/>","options":{"bodyContentType":"raw","bodyContentCustomMimeType":"text/xml"}}"#,
            format!(
                r#"{{"method":"POST","url":"x","sendBody":true,"contentType":"raw","body":"<a/>","rawContentType":"text/xml",{SENT},"authentication":"none"}}"#
            ),
        ),
        (
            r#"{"requestMethod":"POST","url":"x","jsonParameters":true,"sendBinaryData":true,"binaryPropertyName":"f","options":{"bodyContentType":"raw"}}"#,
            format!(
                r#"{{"method":"POST","url":"x","sendBody":true,"contentType":"binaryData","inputDataFieldName":"f",{SENT},"authentication":"none"}}"#
            ),
        ),
        (
            r#"{"url":"x","responseFormat":"file","dataPropertyName":"d","options":{"batchSize":1,"batchInterval":9,"fullResponse":true,"ignoreResponseCode":true,"timeout":5,"followRedirect":false,"splitIntoItems":true,"useQueryString":true}}"#,
            r#"{"url":"x","options":{"timeout":5,"queryParameterArrays":"repeat","responseFormat":"file","outputPropertyName":"d","fullResponse":true,"neverError":true,"maxRedirects":0,"failOnRedirect":true,"batching":{"batchSize":1,"batchInterval":9}},"authentication":"none"}"#.to_owned(),
        ),
        (
            r#"{"url":"x","responseFormat":"string","options":{"batchSize":1}}"#,
            r#"{"url":"x","options":{"responseFormat":"text"},"authentication":"none"}"#.to_owned(),
        ),
    ] {
        for version in [1.0, 2.0] {
            assert_eq!(imported(version, old), new, "{version}");
        }
    }
}

#[test]
fn old_nodes_follow_redirects_where_they_did() {
    for (json, follows) in [
        (r#"{"url":"x"}"#, true),
        (r#"{"url":"x","requestMethod":"HEAD"}"#, true),
        (r#"{"url":"x","options":{"followRedirect":false}}"#, false),
        (r#"{"url":"x","options":{"followRedirect":false,"followAllRedirects":true}}"#, true),
        (r#"{"url":"x","requestMethod":"POST"}"#, false),
        (r#"{"url":"x","requestMethod":"POST","options":{"followAllRedirects":true}}"#, true),
    ] {
        let read = from_json(&imported(1.0, json)).unwrap();
        let most = read.get("options").get("maxRedirects").as_f64();
        assert_eq!(most.is_none(), follows, "{json}");
        assert_eq!(read.get("options").get("failOnRedirect").as_bool() == Some(true), !follows, "{json}");
    }
    let split = imported(2.0, r#"{"url":"x","options":{"splitIntoItems":true}}"#);
    assert!(!split.contains("splitIntoItems"), "{split}");
    let listed = imported(2.0, r#"{"url":"x","jsonParameters":true,"queryParametersJson":"{\"a\":[1]}"}"#);
    assert!(listed.contains(r#""queryParameterArrays":"indices""#), "{listed}");
}

#[test]
fn what_an_old_node_signs_in_with_is_said_and_what_it_cannot_be_here_is_refused() {
    for (version, json, wanted) in [
        (1.0, r#"{"url":"x","authentication":"basicAuth"}"#, "“Basic”"),
        (1.0, r#"{"url":"x","authentication":"headerAuth"}"#, "“Header”"),
        (2.0, r#"{"url":"x","authentication":"genericCredentialType","genericAuthType":"httpDigestAuth"}"#, "“Digest”"),
        (2.0, r#"{"url":"x","options":{"proxy":"p"}}"#, "“proxy”"),
        (2.0, r#"{"url":"x","allowUnauthorizedCerts":true}"#, "“allowUnauthorizedCerts”"),
    ] {
        let remarks = import(&HttpRequest, version, json).unwrap().remarks;
        assert!(remarks.len() == 1 && remarks[0].contains(wanted), "{json}: {remarks:?}");
    }
    for json in [
        r#"{"url":"x","authentication":"oAuth1"}"#,
        r#"{"url":"x","requestMethod":"POST","bodyParametersUi":{"parameter":[{"name":"a"}]},"options":{"bodyContentType":"raw"}}"#,
        r#"{"url":"x","requestMethod":"POST","jsonParameters":true,"bodyParametersJson":"{}","options":{"bodyContentType":"form-urlencoded"}}"#,
        r#"{"url":"x","requestMethod":"POST","jsonParameters":true,"sendBinaryData":true,"options":{"bodyContentType":"multipart-form-data"}}"#,
    ] {
        assert!(import(&HttpRequest, 1.0, json).is_err(), "{json}");
    }
}
