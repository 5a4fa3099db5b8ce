//! Leads the QuickJS binding's calls of `JS_NewContext` to `src/light_context.rs`.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let quickjs = std::env::var_os("CARGO_FEATURE_QUICKJS").is_some();
    let linux = std::env::var_os("CARGO_CFG_TARGET_OS").is_some_and(|name| name == "linux");
    if quickjs && linux {
        println!("cargo::rustc-link-arg-bins=-Wl,--wrap=JS_NewContext");
    }
}
