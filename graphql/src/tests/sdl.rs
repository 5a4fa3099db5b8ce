//! The committed file is what the types say.

use async_graphql::{SDLExportOptions, Schema};

use crate::schema::{Mutation, Query, Subscription};

/// The SDL without a running server.
pub(crate) fn sdl() -> String {
    let schema = Schema::build(Query::default(), Mutation::default(), Subscription::default()).finish();
    let options = SDLExportOptions::new().prefer_single_line_descriptions().use_space_ident().indent_width(2);
    format!(
        "# Generated from the Rust types: WEFT_UPDATE_SDL=1 cargo test -p weft-graphql\n\n{}\n",
        schema.sdl_with_options(options).trim()
    )
}

#[test]
fn the_committed_schema_is_what_the_types_say() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    if std::env::var_os("WEFT_UPDATE_SDL").is_some() {
        std::fs::write(path, sdl()).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(committed == sdl(), "schema.graphql is stale: WEFT_UPDATE_SDL=1 cargo test -p weft-graphql");
}
