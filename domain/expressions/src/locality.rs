//! Whether an expression looks at its own item and at no other one that came in with it.

/// The names that begin with `$` and mean the same whichever other items there are. Other nodes are among them: which of their
/// items belongs to this one is found by its place among all that came in.
const OF_ONE_ITEM: [&str; 21] = [
    "json",
    "binary",
    "now",
    "today",
    "workflow",
    "execution",
    "vars",
    "env",
    "mode",
    "parameter",
    "runIndex",
    "prevNode",
    "if",
    "ifEmpty",
    "min",
    "max",
    "average",
    "not",
    "jmespath",
    "node",
    "itemIndex",
];

/// Whether what the expression `source` (without its leading `=`) gives depends on the current item and its place alone, whichever
/// others came in. It judges by the names that the text holds, and says no where it is not sure.
pub fn sees_one_item(source: &str) -> bool {
    // An escape can write any name.
    if source.contains("\\u") {
        return false;
    }
    let mut pieces = source.split('$');
    pieces.next();
    pieces.all(|rest| {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..length];
        match name {
            // `${` is a part of a template literal, `$(` names a node; other `$` in plain text are not worth telling apart.
            "" => rest.starts_with(['{', '(']),
            "input" => is_own_item(&rest[length..]),
            name => OF_ONE_ITEM.contains(&name),
        }
    })
}

/// Whether `$input` goes on with `.item`.
fn is_own_item(rest: &str) -> bool {
    let rest = rest.strip_prefix(".item");
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_sees_one_item_unless_it_may_name_another_one() {
        for (source, expected) in [
            ("Hello {{ $json.name }}", true),
            ("{{ `${$json.a}-${$binary.data.fileName}` }}", true),
            ("{{ $if($json.a > 1, $now.toISO(), $vars.x) }}", true),
            ("plain text", true),
            ("", true),
            ("{{ $('Other').item.json.a }}", true),
            ("{{ $('Other').all()[$itemIndex].json.a }}", true),
            ("{{ $node['Other'].json.a }}", true),
            ("{{ $input.item.json.a }}", true),
            ("{{ $input.item }}", true),
            ("{{ $input.itemMatching(1) }}", false),
            ("{{ $input.item\u{24}x }}", false),
            ("{{ $input['item'] }}", false),
            ("{{ $input .all() }}", false),
            ("{{ $input.all().length }}", false),
            ("{{ $item(1).$json.a }}", false),
            ("{{ $items().length + $json.a }}", false),
            ("{{ $evaluateExpression('$json.a') }}", false),
            ("{{ $jsonb }}", false),
            ("{{ \\u0024input.all() }}", false),
            ("10 $ and more", false),
        ] {
            assert_eq!(sees_one_item(source), expected, "{source}");
        }
    }
}
