use weft_value::{Object, Value};

use super::Markdown;
use crate::NodeError;
use crate::testing::{TestStep, import, prepare, run};

fn convert(mode: &str, field: &str, options: &str, text: &str) -> Result<String, NodeError> {
    let item = Value::from([("t", Value::from(text))].into_iter().collect::<Object>()).to_json();
    let node = format!(r#"{{"mode":"{mode}","{field}":"={{{{ $json.t }}}}","options":{options}}}"#);
    let outputs = run(&Markdown, &node, &TestStep::new(&[&format!("[{item}]")]))?;
    Ok(outputs.ports[0][0].json.get("data").as_str().unwrap().to_owned())
}

fn html(options: &str, markdown: &str) -> String {
    convert("markdownToHtml", "markdown", options, markdown).unwrap()
}

fn markdown(options: &str, html: &str) -> String {
    convert("htmlToMarkdown", "html", options, html).unwrap()
}

#[test]
fn markdown_becomes_html() {
    for (given, expected) in [
        ("", ""),
        (
            "# One & two\n\n#Three\n# Three",
            "<h1 id=\"onetwo\">One &amp; two</h1>\n<h1 id=\"three\">Three</h1>\n<h1 id=\"three-1\">Three</h1>",
        ),
        ("a **b** _c_ `d<e>`...", "<p>a <strong>b</strong> <em>c</em> <code>d&lt;e&gt;</code>…</p>"),
        ("x\ny  \nz", "<p>x\ny<br />\nz</p>"),
        (
            "- a\n- b\n    - c\n\n1. d",
            "<ul>\n<li>a</li>\n<li>b<ul>\n<li>c</li></ul></li>\n</ul>\n<ol>\n<li>d</li>\n</ol>",
        ),
        ("text\n- no list", "<p>text\n- no list</p>"),
        ("* a\n+ b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("- a\n\n- b", "<ul>\n<li><p>a</p></li>\n<li><p>b</p></li>\n</ul>"),
        (
            "> q\n\n> r\n\ns\n\n> t",
            "<blockquote>\n  <p>q</p>\n  <p>r</p>\n</blockquote>\n<p>s</p>\n<blockquote>\n  <p>t</p>\n</blockquote>",
        ),
        ("1) a\n\n- 2) b", "<p>1) a</p>\n<ul>\n<li>2) b</li>\n</ul>"),
        (
            "![a \"b\"](c.png =10x* \"t\")",
            "<p><img src=\"c.png\" alt=\"a &quot;b&quot;\" title=\"t\" width=\"10\" height=\"auto\" /></p>",
        ),
        ("> q\n> r", "<blockquote>\n  <p>q\n  r</p>\n</blockquote>"),
        ("```js\nif (a < b) {}\n```", "<pre><code class=\"js language-js\">if (a &lt; b) {}\n</code></pre>"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr />\n<p>b</p>"),
        (
            "[l](http://x.y/?a&b \"t\") ![i](p.png)",
            "<p><a href=\"http://x.y/?a&amp;b\" title=\"t\">l</a> <img src=\"p.png\" alt=\"i\" /></p>",
        ),
        ("&copy; & &lt;", "<p>&copy; &amp; &lt;</p>"),
        ("<div>\n<b>x</b>\n</div>", "<div>\n<b>x</b>\n</div>"),
        ("é 日本 https://x.y", "<p>é 日本 https://x.y</p>"),
    ] {
        assert_eq!(html("{}", given), expected, "{given}");
    }
}

#[test]
fn options_change_the_html() {
    for (options, given, expected) in [
        (r#"{"simpleLineBreaks":true}"#, "a\nb", "<p>a<br />\nb</p>"),
        (r#"{"noHeaderId":true,"headerLevelStart":3}"#, "# a", "<h3>a</h3>"),
        (r#"{"ghCompatibleHeaderId":true}"#, "# A b!", "<h1 id=\"a-b\">A b!</h1>"),
        (r#"{"customizedHeaderId":true}"#, "# A {own}", "<h1 id=\"own\">A</h1>"),
        (r#"{"strikethrough":true}"#, "~~a~~", "<p><del>a</del></p>"),
        (
            r#"{"tables":true}"#,
            "|a|b|\n|:--|---|\n|1|2|",
            "<table>\n<thead>\n<tr>\n<th style=\"text-align:left;\">a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td style=\"text-align:left;\">1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>",
        ),
        (
            r#"{"simplifiedAutoLink":true,"openLinksInNewWindow":true}"#,
            "see https://x.y.",
            "<p>see <a href=\"https://x.y\" rel=\"noopener noreferrer\" target=\"_blank\">https://x.y</a>.</p>",
        ),
        (
            r#"{"simplifiedAutoLink":true}"#,
            "https://x.y/a_b_c",
            "<p><a href=\"https://x.y/a_b_c\">https://x.y/a_b_c</a></p>",
        ),
        (r#"{"simplifiedAutoLink":true}"#, "[www.x.y](/z)", "<p><a href=\"/z\">www.x.y</a></p>"),
        (
            r#"{"ghMentions":true,"ghMentionsLink":"/{u}"}"#,
            "hi @ada_l [**@ada**](/z)",
            "<p>hi <a href=\"/ada_l\">@ada_l</a> <a href=\"/z\"><strong>@ada</strong></a></p>",
        ),
        (r#"{"ghMentions":true}"#, "hi @ada", "<p>hi <a href=\"https://github.com/ada\">@ada</a></p>"),
        (
            r#"{"disableForced4SpacesIndentedSublists":true}"#,
            "- a\n  - b",
            "<ul>\n<li>a<ul>\n<li>b</li></ul></li>\n</ul>",
        ),
    ] {
        assert_eq!(html(options, given), expected, "{options}");
    }
    let tasks = html(r#"{"tasklists":true}"#, "- [x] a\n- [ ] b");
    assert!(
        tasks.starts_with("<ul>\n<li class=\"task-list-item\"") && tasks.matches(" checked>").count() == 1,
        "{tasks}"
    );
    assert!(html(r#"{"completeHTMLDocument":true}"#, "a").ends_with("<body>\n<p>a</p>\n</body>\n</html>"));
}

#[test]
fn html_becomes_markdown() {
    for (given, expected) in [
        ("", ""),
        ("<h2>T</h2><p>a <b>b</b> <i>c</i></p>", "## T\n\na **b** _c_"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "* a\n* b  \n   * c"),
        ("<ol><li>a</li><li></li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote><p>q</p><p>r</p></blockquote>", "> q\n> \n> r"),
        ("<pre><code class=\"language-rs\">let a = *b;\n  c</code></pre>", "```rs\nlet a = *b;\n  c\n```"),
        ("<p><code>a`b</code></p>", "`` a`b ``"),
        (
            "<a href=\"http://x.y\">http://x.y</a> <a href=\"/a_(b)\" title=\"t\">z</a>",
            "<http://x.y> [z](/a%5F%28b%29 \"t\")",
        ),
        ("<img src=\"p.png\" alt=\"i\"><img src=\"data:image/png;base64,AA\">", "![i](p.png)"),
        ("<p>1*2 [x] #</p><p>- a</p>", "1\\*2 \\[x\\] #\n\n\\- a"),
        ("a<br>b<hr>c", "a  \nb\n\n---\n\nc"),
        (
            "<table><tr><th>a</th><th>bcd</th></tr><tr><td>1|2</td><td></td></tr></table>",
            "| a    | bcd |\n| ---- | --- |\n| 1\\|2 |     |",
        ),
        ("<script>x</script><style>y</style><p>é 日本</p>", "é 日本"),
        ("<b> </b><del>d</del>", "~~d~~"),
    ] {
        assert_eq!(markdown("{}", given), expected, "{given}");
    }
}

#[test]
fn options_change_the_markdown() {
    for (options, given, expected) in [
        (
            r#"{"bulletMarker":"-","strongDelimiter":"__","emDelimiter":"*"}"#,
            "<ul><li><b>a</b><i>b</i></li></ul>",
            "- __a__*b*",
        ),
        (r#"{"ignore":"span, p"}"#, "<p>a<span>b</span></p>", "a"),
        (r#"{"blockElements":"span"}"#, "a<span>b</span>", "a\n\nb"),
        (r#"{"textReplace":{"values":[{"pattern":"a","replacement":"b"}]}}"#, "<p>a a</p>", "b a"),
        (
            r#"{"useLinkReferenceDefinitions":true}"#,
            "<a href=\"/x\">a</a> <a href=\"/x\">b</a>",
            "[a][1] [b][1]\n\n[1]: /x",
        ),
        (r#"{"codeBlockStyle":"indented"}"#, "<pre><code>a\nb</code></pre>", "    a\n    b"),
        (r#"{"maxConsecutiveNewlines":1}"#, "<p>a</p><p>b</p>", "a\nb"),
        (r#"{"globalEscape":{"value":{"pattern":"*","replacement":"x"}}}"#, "<p>1*2_</p>", "1x2_"),
    ] {
        assert_eq!(markdown(options, given), expected, "{options}");
    }
}

#[test]
fn deep_and_long_documents_are_bounded() {
    for (mode, field, given) in [
        ("htmlToMarkdown", "html", "<div>".repeat(100_000)),
        ("markdownToHtml", "markdown", ">".repeat(100_000)),
        ("markdownToHtml", "markdown", format!("{}x", "> ".repeat(100_000))),
    ] {
        assert_eq!(convert(mode, field, "{}", &given).unwrap_err().code, "too_deep", "{mode}");
    }
    for (tags, times) in
        [("<div>", 250), ("<blockquote>x", 250), ("<ul><li>x", 120), ("<b>x<i>", 120), ("<table><tr><td>", 60)]
    {
        assert!(convert("htmlToMarkdown", "html", "{}", &tags.repeat(times)).is_ok(), "{tags}");
    }
    assert!(html("{}", &format!("{}x", "> ".repeat(120))).contains('x'));
    // What looks nested but is not, and what is long, is read in time that grows with its length.
    assert!(html("{}", &"*a ".repeat(50_000)).len() > 100_000);
    assert!(html("{}", &"[".repeat(50_000)).len() > 50_000);
    assert!(markdown("{}", &"<p>a_b</p>".repeat(50_000)).len() > 100_000);
}

#[test]
fn parameters_are_checked() {
    assert!(prepare(&Markdown, r#"{"mode":"sideways"}"#).is_err());
    let imported =
        import(&Markdown, 1.0, r#"{"mode":"markdownToHtml","options":{"emoji":true,"tables":true}}"#).unwrap();
    assert_eq!(imported.remarks.len(), 1);
}

#[test]
fn quotes_stay_apart_where_that_is_asked_for() {
    let apart = html(r#"{"splitAdjacentBlockquotes":true}"#, "> q\n\n> r");
    assert_eq!(apart, "<blockquote>\n  <p>q</p>\n</blockquote>\n<blockquote>\n  <p>r</p>\n</blockquote>");
}
