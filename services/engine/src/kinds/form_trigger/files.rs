//! Files that are sent with a page.

use indexmap::IndexMap;
use weft_value::{BinaryRef, Object, Value};

use super::{Fault, FormField};

/// What was filled in: values by the names of their fields, and the files that came with them.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// The values.
    pub values: Object,
    /// The files by the names that the item has them under.
    pub files: IndexMap<String, BinaryRef>,
}

impl Filled {
    /// Adds the files of a field: what is known of them to the values, the files themselves beside them. A field that takes one
    /// file has an object, one that takes several a list of them, as n8n's have.
    pub(super) fn add_files(&mut self, field: &FormField, sent: &[&BinaryRef]) {
        let known: Vec<Value> = sent.iter().map(|file| known_of(file)).collect();
        let value = match known.as_slice() {
            [] => Value::Null,
            [only] if !field.takes_several => only.clone(),
            _ => known.into(),
        };
        self.values.insert(field.key(), value);
        let name = file_name(field.key());
        for (number, file) in sent.iter().enumerate() {
            let name = if sent.len() > 1 { format!("{name}_{number}") } else { name.clone() };
            self.files.insert(self.free(name), (*file).clone());
        }
    }

    /// The name, or one like it that no file has: two labels may differ in nothing but signs that names do not have.
    fn free(&self, name: String) -> String {
        if !self.files.contains_key(&name) {
            return name;
        }
        let others = (2..).map(|number| format!("{name}__{number}"));
        others.into_iter().find(|other| !self.files.contains_key(other)).unwrap_or(name)
    }
}

fn known_of(file: &BinaryRef) -> Value {
    let mut known = Object::with_capacity(3);
    known.insert("filename", file.file_name.clone().unwrap_or_default());
    known.insert("mimetype", file.mime_type.clone());
    known.insert("size", file.size as f64);
    known.into()
}

/// What an item calls the file of a field: n8n's `label.replace(/\W/g, '_')`, which counts in UTF-16.
fn file_name(key: &str) -> String {
    let letter = |c: char| {
        let is_plain = c.is_ascii_alphanumeric() || c == '_';
        std::iter::repeat_n(if is_plain { c } else { '_' }, c.len_utf16())
    };
    key.chars().flat_map(letter).collect()
}

impl FormField {
    /// What is wrong with the files that were sent; nothing where they are taken.
    pub(super) fn fault_of_files(&self, sent: &[&BinaryRef]) -> Option<Fault> {
        if sent.is_empty() {
            return self.is_required.then_some(Fault::Missing);
        }
        if sent.len() > 1 && !self.takes_several {
            return Some(Fault::OneFile);
        }
        sent.iter().any(|file| !self.accepts(file)).then_some(Fault::FileType)
    }

    /// Whether a file is of a type that the field takes: by the end of its name, or by the type that its sender gave it. As in
    /// HTML, neither proves what is inside.
    fn accepts(&self, file: &BinaryRef) -> bool {
        let name = file.file_name.as_deref().unwrap_or_default().to_lowercase();
        let media_type = file.mime_type.split(';').next().unwrap_or_default().trim().to_lowercase();
        let mut accepted = self.accepted().map(str::to_lowercase).peekable();
        accepted.peek().is_none()
            || accepted.any(|accepted| match accepted.strip_suffix('*') {
                Some(start) => accepted == "*" || media_type.starts_with(start),
                None if accepted.contains('/') => media_type == accepted,
                None => name.ends_with(&format!(".{}", accepted.trim_start_matches('.'))),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::form;
    use super::super::{Entries, name_of};
    use super::*;

    fn file(name: &str, media_type: &str) -> BinaryRef {
        BinaryRef { file_name: Some(name.into()), mime_type: media_type.into(), size: 3, ..BinaryRef::default() }
    }

    fn read(field: &str, files: &[BinaryRef]) -> Result<(String, String), Fault> {
        let field = format!(r#"{{"formTitle":"T","formFields":[{{"fieldType":"file",{field}}}]}}"#);
        let files = files.iter().map(|file| (name_of(0), file.clone())).collect();
        let filled = form(&field).unwrap().read(&Entries::default().with_files(files)).map_err(|faults| faults[0].1)?;
        let names: Vec<String> = filled.files.keys().cloned().collect();
        Ok((Value::from(filled.values).to_json(), names.join(" ")))
    }

    #[test]
    fn files_stand_in_the_item_as_those_of_n8n() {
        let (cv, photo) = (file("cv.pdf", "application/pdf"), file("é.PNG", "image/png"));
        let known = |name: &str, kind: &str| format!(r#"{{"filename":"{name}","mimetype":"{kind}","size":3}}"#);
        let (of_cv, of_photo) = (known("cv.pdf", "application/pdf"), known("é.PNG", "image/png"));
        for (field, files, values, names) in [
            (r#""fieldLabel":"Your CV""#, &[cv.clone()][..], format!(r#"{{"Your CV":{of_cv}}}"#), "Your_CV"),
            (r#""fieldLabel":"CV""#, &[], r#"{"CV":null}"#.into(), ""),
            (r#""fieldLabel":"été 🎉""#, std::slice::from_ref(&cv), format!(r#"{{"été 🎉":{of_cv}}}"#), "_t____"),
            (
                r#""fieldLabel":"A","fieldName":"b","multipleFiles":true"#,
                std::slice::from_ref(&cv),
                format!(r#"{{"b":[{of_cv}]}}"#),
                "b",
            ),
            (
                r#""fieldLabel":"b","multipleFiles":true"#,
                &[cv.clone(), photo.clone()],
                format!(r#"{{"b":[{of_cv},{of_photo}]}}"#),
                "b_0 b_1",
            ),
        ] {
            assert_eq!(read(field, files), Ok((values, names.to_owned())), "{field}");
        }
    }

    #[test]
    fn files_that_are_not_wanted_are_refused() {
        let (cv, photo) = (file("cv.pdf", "application/pdf; x=y"), file("é.PNG", "image/png"));
        let nameless = BinaryRef { mime_type: "image/webp".into(), ..BinaryRef::default() };
        for (rest, files, fault) in [
            (r#","requiredField":true"#, &[][..], Some(Fault::Missing)),
            ("", &[cv.clone(), photo.clone()], Some(Fault::OneFile)),
            (r#","acceptFileTypes":".pdf, .png""#, std::slice::from_ref(&photo), None),
            (r#","acceptFileTypes":"pdf""#, std::slice::from_ref(&cv), None),
            (r#","acceptFileTypes":".pdf""#, std::slice::from_ref(&photo), Some(Fault::FileType)),
            (r#","acceptFileTypes":"application/pdf""#, std::slice::from_ref(&cv), None),
            (r#","acceptFileTypes":"image/*""#, std::slice::from_ref(&nameless), None),
            (r#","acceptFileTypes":"image/*""#, std::slice::from_ref(&cv), Some(Fault::FileType)),
            (r#","acceptFileTypes":"*""#, std::slice::from_ref(&cv), None),
            (r#","acceptFileTypes":" , ""#, std::slice::from_ref(&cv), None),
            (r#","acceptFileTypes":".pdf","multipleFiles":true"#, &[cv.clone(), photo.clone()], Some(Fault::FileType)),
        ] {
            let refused = read(&format!(r#""fieldLabel":"CV"{rest}"#), files).err();
            assert_eq!(refused, fault, "{rest} {files:?}");
        }
    }

    #[test]
    fn no_file_hides_another_one() {
        let two = r#"{"formTitle":"T","formFields":[{"fieldLabel":"é","fieldType":"file"},{"fieldLabel":"è","fieldType":"file"}]}"#;
        let files = (0..2).map(|place| (name_of(place), file(&format!("{place}.txt"), "text/plain"))).collect();
        let filled = form(two).unwrap().read(&Entries::default().with_files(files)).unwrap();
        assert_eq!(filled.files.keys().collect::<Vec<_>>(), ["_", "___2"]);
    }
}
