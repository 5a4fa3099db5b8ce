use weft_file_formats::pictures::{Colour, blank, decode};
use weft_nodes::testing::{import, items};

use super::*;
use crate::files::testing::{execute, item_with};

fn png(width: f64, height: f64) -> Vec<u8> {
    encode(&blank(width, height, Colour([255, 0, 0, 255])).unwrap(), PictureFormat::Png, 100).unwrap()
}

fn photo() -> Vec<Item> {
    let item = item_with("photo é.png", "image/png", &png(40.0, 20.0));
    let other = item_with("logo.png", "image/png", &png(4.0, 4.0)).binary.unwrap()["data"].clone();
    vec![with_file(item, "logo", other)]
}

#[tokio::test]
async fn each_operation_makes_another_picture() {
    for (parameters, size) in [
        (r#"{"operation":"resize","width":50,"height":50,"resizeOption":"percent"}"#, (20, 10)),
        (r#"{"operation":"resize","width":10,"height":10}"#, (10, 5)),
        (r#"{"operation":"crop","width":10,"height":8,"positionX":35}"#, (5, 8)),
        (r#"{"operation":"rotate","rotate":"={{ 45 * 2 }}"}"#, (20, 40)),
        (r#"{"operation":"border","borderWidth":1,"borderHeight":2}"#, (42, 24)),
        (r#"{"operation":"blur"}"#, (40, 20)),
        (r#"{"operation":"composite","dataPropertyNameComposite":"logo"}"#, (40, 20)),
        (r#"{"operation":"draw","primitive":"circle"}"#, (40, 20)),
        (r#"{"operation":"transparent"}"#, (40, 20)),
        (r#"{"operation":"create","width":3,"height":7}"#, (3, 7)),
        (
            r#"{"operation":"multiStep","operations":{"operations":[{"operation":"create","width":8,"height":8},
                {"operation":"border"},{"operation":"crop","width":9,"height":28}]}}"#,
            (9, 28),
        ),
    ] {
        let made = execute("editImage", parameters, photo()).await.unwrap();
        assert_eq!(made.json(), r#"[{"id":1}]"#, "{parameters}");
        let (picture, format) = decode(&made.bytes(0, "data").await).unwrap();
        assert_eq!((picture.size(), format), (size, PictureFormat::Png), "{parameters}");
        assert_eq!(made.items[0].binary.as_ref().unwrap().len(), 2, "{parameters}");
    }
}

#[tokio::test]
async fn a_picture_gets_another_format_name_and_place() {
    let jpeg = r#"{"operation":"rotate","rotate":0,"options":{"format":"jpeg","quality":50,"destinationKey":"small"}}"#;
    let made = execute("editImage", jpeg, photo()).await.unwrap();
    let file = made.file(0, "small");
    assert_eq!((file.file_name.as_deref(), file.mime_type.as_str()), (Some("photo é.jpeg"), "image/jpeg"));
    assert_eq!(decode(&made.bytes(0, "small").await).unwrap().1, PictureFormat::Jpeg);
    let named = r#"{"operation":"blur","options":{"fileName":"b.png"}}"#;
    let made = execute("editImage", named, photo()).await.unwrap();
    assert_eq!(made.file(0, "data").file_name.as_deref(), Some("b.png"));
    let blank = execute("editImage", r#"{"operation":"create"}"#, items("[{}]")).await.unwrap();
    assert_eq!(blank.file(0, "data").file_name.as_deref(), Some("image.png"));
    let told = execute("editImage", r#"{"operation":"information"}"#, photo()).await.unwrap();
    let json = told.items[0].json.clone();
    assert_eq!(json.get("size").to_json(), r#"{"width":40,"height":20}"#);
    assert_eq!((json.get("format").as_str(), json.get("Geometry").as_str()), (Some("PNG"), Some("40x20")));
    assert!(told.items[0].binary.is_some());
}

#[tokio::test]
async fn what_cannot_be_done_says_why() {
    for (parameters, given, says) in [
        (r#"{"operation":"blur"}"#, items("[{}]"), "no file “data”"),
        (r#"{"operation":"blur"}"#, vec![item_with("a.png", "image/png", b"no picture")], "no picture file"),
        (r#"{"operation":"composite","dataPropertyNameComposite":"nope"}"#, photo(), "no file “nope”"),
        (r#"{"operation":"border","borderColor":"red"}"#, photo(), "“red” is no colour"),
        (r#"{"operation":"resize","width":"={{ 'x' }}"}"#, photo(), "“width” must be a number"),
        (r#"{"operation":"crop","positionX":99}"#, photo(), "outside of the picture"),
        (r#"{"operation":"create","width":100000}"#, photo(), "cannot be made"),
        (r#"{"operation":"create","width":30000,"height":30000}"#, photo(), "its pixels"),
        (
            r#"{"operation":"multiStep","operations":{"operations":[{"operation":"information"}]}}"#,
            photo(),
            "has no choice",
        ),
    ] {
        let error = execute("editImage", parameters, given).await.err().unwrap();
        assert!(error.contains(says), "{parameters}: {error}");
    }
}

#[test]
fn nodes_of_n8n_are_taken_over_with_their_own_defaults() {
    for (given, expected) in [
        ("{}", r##"{"borderWidth":10,"borderHeight":10,"borderColor":"#000000","operation":"border"}"##),
        (
            r#"{"operation":"resize","width":9}"#,
            r#"{"operation":"resize","width":9,"height":500,"resizeOption":"maximumArea"}"#,
        ),
        (
            r#"{"operation":"rotate","rotate":5}"#,
            r##"{"operation":"rotate","rotate":5,"backgroundColor":"#ffffff00"}"##,
        ),
        (
            r##"{"operation":"draw","color":"#0000ff40"}"##,
            r##"{"operation":"draw","color":"#0000ffbf","primitive":"rectangle"}"##,
        ),
        (
            r#"{"operation":"multiStep","operations":{"operations":[{"operation":"blur"}]}}"#,
            r#"{"operation":"multiStep","operations":{"operations":[{"operation":"blur","sigma":2}]}}"#,
        ),
        (r#"{"operation":"information"}"#, r#"{"operation":"information"}"#),
    ] {
        for version in [1.0, 1.1] {
            let imported = import(&EditImage, version, given).unwrap();
            assert_eq!(imported.parameters.to_json(), expected, "{given}");
            assert!(EditImage.prepare(&imported.parameters).is_ok(), "{given}");
        }
    }
    for given in
        [r#"{"operation":"text"}"#, r#"{"operation":"shear"}"#, r#"{"operation":"composite","operator":"Xor"}"#]
    {
        assert_eq!(import(&EditImage, 1.0, given).unwrap_err().field.as_deref(), Some("operation"), "{given}");
    }
}
