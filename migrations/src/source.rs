//! The embedded files, with the real names of the roles put in.

use sqlx::AssertSqlSafe;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, Migrator};

use crate::roles::RoleNames;

static FILES: Migrator = sqlx::migrate!("../migrations");

/// The digest of all files: two programs with the same one make the same schema.
pub fn fingerprint() -> String {
    let files: Vec<_> =
        FILES.iter().map(|file| format!("{}:{}", file.version, hex::encode(&file.checksum[..8]))).collect();
    files.join(" ")
}

/// Checksums stay those of the files as they are written, whatever the database is called.
pub(crate) fn migrator(names: &RoleNames) -> Migrator {
    let adapted = FILES.iter().map(|file| Migration {
        sql: AssertSqlSafe(with_roles(file.sql.as_str(), names)).into_sql_str(),
        ..file.clone()
    });
    Migrator::with_migrations(adapted.collect())
}

/// Replaces the whole words `weft_owner`, `weft_app` and `weft_system`.
fn with_roles(sql: &str, names: &RoleNames) -> String {
    let is_part_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut text = String::with_capacity(sql.len() + 256);
    let mut rest = sql;
    while !rest.is_empty() {
        let word_end = rest.find(|c| !is_part_of_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end);
        text.push_str(match word {
            "weft_owner" => &names.owner,
            "weft_app" => &names.app,
            "weft_system" => &names.system,
            other => other,
        });
        let gap_end = after.find(is_part_of_word).unwrap_or(after.len());
        text.push_str(&after[..gap_end]);
        rest = &after[gap_end..];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_alone_are_replaced() {
        let names = RoleNames::of("shop");
        let sql = "grant x to weft_app, weft_system; -- weft_apps my_weft_app weft.weft_owner é";
        let expected = "grant x to weft_app_shop, weft_system_shop; -- weft_apps my_weft_app weft.weft_owner_shop é";
        assert_eq!(with_roles(sql, &names), expected);
    }

    /// A database refuses files that differ from those it was made with. To change the schema, write a new file.
    #[test]
    fn a_file_is_never_edited() {
        insta::assert_snapshot!(fingerprint().replace(' ', "\n"));
    }

    #[test]
    fn a_file_is_known_by_what_is_written_in_it_and_not_by_the_database() {
        let shop = migrator(&RoleNames::of("shop"));
        let pairs = shop.iter().zip(FILES.iter());
        assert!(pairs.clone().all(|(named, file)| named.checksum == file.checksum));
        assert!(pairs.clone().any(|(named, file)| named.sql.as_str() != file.sql.as_str()));
    }
}
