//! Embeds the SQL files again when one is added: the macro that reads them only notices changes of those it knows.

fn main() {
    println!("cargo:rerun-if-changed=.");
}
