//! Whether an expression looks at its own item and at nothing else that differs from item to item.

/// The names that begin with `$` and mean the same whichever other items there are.
const OF_ONE_ITEM: [&str; 19] = [
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
];

/// Whether what the expression `source` (without its leading `=`) gives depends on the current item alone, whatever its place is
/// and whichever others there are. It judges by the names that the text holds, and says no where it is not sure.
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
        // `${` is a part of a template literal; `$(` names a node, and a `$` in plain text is not worth telling apart.
        if name.is_empty() { rest.starts_with('{') } else { OF_ONE_ITEM.contains(&name) }
    })
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
            ("{{ $('Other').item.json.a }}", false),
            ("{{ $node['Other'].json.a }}", false),
            ("{{ $input.all().length }}", false),
            ("{{ $input.item.json.a }}", false),
            ("{{ $itemIndex }}", false),
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
