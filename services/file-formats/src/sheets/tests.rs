use std::io::{Cursor, Write};

use weft_value::{Value, from_json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::rows::table;

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn options() -> SheetOptions {
    let (sheet, range) = (String::new(), String::new());
    SheetOptions { sheet, range, header: Header::First, empty: Empty::LeftOut, dates: Dates::Numbers }
}

fn json(bytes: &[u8], format: SheetFormat, options: &SheetOptions) -> String {
    let objects = read(bytes, format, options).unwrap();
    Value::from(objects.into_iter().map(Value::from).collect::<Vec<_>>()).to_json()
}

fn written(items: &str, header: Header, sheet: &str) -> Result<Vec<u8>, FormatError> {
    let list = from_json(items).unwrap();
    let table = table(list.as_array().unwrap().iter().filter_map(Value::as_object));
    write_xlsx(&table, header, sheet, 1_700_000_000)
}

const ITEMS: &str = r#"[{"a":1.5,"é":"=1+1","n":{"x":true}},{"a":null,"é":""},{"a":-2,"b":"z\n&<"}]"#;

#[test]
fn xlsx_is_read_as_it_is_written() {
    let bytes = written(ITEMS, Header::First, "Blatt é").unwrap();
    let read = |options: &SheetOptions| json(&bytes, SheetFormat::Xlsx, options);
    assert_eq!(read(&options()), r#"[{"a":1.5,"é":"=1+1","n.x":true},{"a":-2,"b":"z\n&<"}]"#);
    let kept = SheetOptions { empty: Empty::Kept, sheet: "Blatt é".into(), ..options() };
    assert_eq!(read(&kept), r#"[{"a":1.5,"é":"=1+1","n.x":true,"b":""},{"a":-2,"é":"","n.x":"","b":"z\n&<"}]"#);
    let rows = SheetOptions { header: Header::None, range: "A1:B2".into(), ..options() };
    assert_eq!(read(&rows), r#"[{"row":["a","é"]},{"row":[1.5,"=1+1"]}]"#);
    let from = SheetOptions { range: "1".into(), ..options() };
    assert_eq!(read(&from), r#"[{"1.5":-2,"__EMPTY":"z\n&<"}]"#);
    assert_eq!(read(&SheetOptions { range: "H8:I9".into(), ..options() }), "[]");
    let missing = super::read(&bytes, SheetFormat::Xlsx, &SheetOptions { sheet: "No".into(), ..options() });
    assert_eq!(missing.unwrap_err().to_string(), "The file has no sheet named “No”.");
    assert_eq!(written(ITEMS, Header::First, "Blatt é").unwrap(), bytes, "the same table is the same file");
    let bare = written(r#"[{"a":1}]"#, Header::None, "S").unwrap();
    assert_eq!(json(&bare, SheetFormat::Xlsx, &SheetOptions { header: Header::None, ..options() }), r#"[{"row":[1]}]"#);
}

#[test]
fn what_xlsx_cannot_hold_is_refused() {
    for sheet in ["", "a/b", &"x".repeat(32)] {
        assert!(written(ITEMS, Header::First, sheet).is_err(), "{sheet:?}");
    }
    let long = format!(r#"[{{"a":"{}"}}]"#, "x".repeat(32_768));
    assert!(written(&long, Header::First, "S").unwrap_err().to_string().contains("32767"));
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"One\"><table:table-column/>{rows}</table:table>\
         <table:table table:name=\"Two\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>t</text:p>\
         </table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type=\"float\" office:value=\"7\"/>\
         </table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[("content.xml", content.as_bytes())])
}

fn text(text: &str) -> String {
    format!("<table:table-cell office:value-type=\"string\">{text}</table:table-cell>")
}

#[test]
fn ods_is_read_with_its_types_and_its_repetitions() {
    let heads = ["s", "f", "b", "d", "t"].map(|name| text(&format!("<text:p>{name}</text:p>"))).concat();
    let rows = format!(
        "<table:table-header-rows><table:table-row>{heads}<table:table-cell table:number-columns-repeated=\"1019\"/>\
         </table:table-row></table:table-header-rows>\
         <table:table-row table:number-rows-repeated=\"2\">{}\
         <table:table-cell office:value-type=\"percentage\" office:value=\"0.5\"/>\
         <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2024-10-01T12:00:00\"/>\
         <table:table-cell office:value-type=\"time\" office:time-value=\"PT06H00M00S\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/>\
         </table:table-row>",
        text(
            "<office:annotation><text:p>note</text:p></office:annotation><text:p>é &amp; <text:span>b</text:span><text:s text:c=\"2\"/>\
              &#x41;</text:p><text:p>two</text:p>"
        ),
    );
    let row = r#"{"s":"é & b  A\ntwo","f":0.5,"b":true,"d":45566.5,"t":0.25}"#;
    assert_eq!(json(&ods(&rows), SheetFormat::Ods, &options()), format!("[{row},{row}]"));
    let texts = SheetOptions { dates: Dates::Texts, range: "D1:E2".into(), ..options() };
    let expected = r#"[{"d":"2024-10-01T12:00:00","t":"PT06H00M00S"}]"#;
    assert_eq!(json(&ods(&rows), SheetFormat::Ods, &texts), expected);
    let two = SheetOptions { sheet: "Two".into(), ..options() };
    assert_eq!(json(&ods(""), SheetFormat::Ods, &two), r#"[{"t":7}]"#);
    assert_eq!(json(&ods(""), SheetFormat::Ods, &options()), "[]");
    assert!(read(&ods(""), SheetFormat::Ods, &SheetOptions { sheet: "No".into(), ..options() }).is_err());
}

#[test]
fn a_few_bytes_that_stand_for_many_cells_are_refused() {
    let long = "x".repeat(100_000);
    for (cell, times) in [("<text:p>x</text:p>", 1_048_576), (&*format!("<text:p>{long}</text:p>"), 3_000)] {
        let rows = format!("<table:table-row table:number-rows-repeated=\"{times}\">{}</table:table-row>", {
            text(cell).replace("<table:table-cell", "<table:table-cell table:number-columns-repeated=\"10\"")
        });
        let refused = read(&ods(&rows), SheetFormat::Ods, &options());
        assert!(matches!(refused, Err(FormatError::TooMuch { .. })), "{times}");
    }
    let bomb = zip(&[("content.xml", &vec![b' '; (weight::MOST_XML + 1) as usize])]);
    for format in [SheetFormat::Ods, SheetFormat::Xlsx] {
        assert!(matches!(read(&bomb, format, &options()), Err(FormatError::TooMuch { .. })), "{format:?}");
    }
}

#[test]
fn what_is_no_spreadsheet_says_so() {
    let cut = written(ITEMS, Header::First, "S").unwrap();
    for bytes in [&b""[..], b"a,b\n1,2\n", &cut[..cut.len() / 2], &zip(&[("a.txt", b"a")])] {
        for format in [SheetFormat::Xlsx, SheetFormat::Ods] {
            let error = read(bytes, format, &options()).unwrap_err();
            assert!(matches!(error, FormatError::Broken { .. }), "{format:?} {error}");
        }
    }
    let unended = zip(&[("content.xml", b"<a><table:table table:name=\"x\"><table:table-row>")]);
    assert!(read(&unended, SheetFormat::Ods, &options()).is_err());
}
