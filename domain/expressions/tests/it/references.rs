use weft_expressions::{references, renamed};

fn names(source: &str) -> Vec<String> {
    references(source).into_iter().map(|reference| reference.name).collect()
}

#[test]
fn every_way_to_name_a_node_is_found() {
    assert_eq!(
        names(
            "{{ $('A').item.json.x + $(\"B b\").first() }} {{ $node[\"C\"].json }} {{ $node.D.json }} {{ $items('E', 0) }}"
        ),
        ["A", "B b", "C", "D", "E"]
    );
    assert_eq!(names("{{ $node?.['F'] }}{{ $(`G`) }}{{ `x ${ $('H') } y` }}{{ $( 'I' ) }}"), ["F", "G", "H", "I"]);
    assert_eq!(names("{{ 'It\\'s $(\"no\")' + $('It\\'s') }}"), ["It's"]);
    assert_eq!(
        names("$('text') {{ /$('no')/.test('x') // $('no')\n }} {{ a.$('no') }} {{ my$('no') }} {{ /* $('no') */ 1 }}"),
        Vec::<String>::new()
    );
    assert_eq!(
        names("{{ a / $('yes') / 2 }} {{ [1] / $('too') / 'x' }} {{ [...$('spread').all()] }}"),
        ["yes", "too", "spread"]
    );
    assert_eq!(names("{{ $(`a${1}`) + $('b') }}"), ["b"]);
}

#[test]
fn drafts_that_do_not_compile_keep_their_references() {
    assert_eq!(names("{{ $('A').item. }} and {{ $('B'"), ["A", "B"]);
}

#[test]
fn a_reference_has_a_place() {
    let found = references("a\n😀{{ $('A') }}");
    assert_eq!((found[0].line, found[0].column), (2, 8));
}

#[test]
fn renaming_touches_nothing_but_the_name() {
    let check = |source: &str, expected: &str| {
        assert_eq!(renamed(source, "Old", "New one").as_deref(), Some(expected), "{source}");
    };
    check("Old {{  $( 'Old' ).item.json.Old + 'Old' }}", "Old {{  $( 'New one' ).item.json.Old + 'Old' }}");
    check("{{ $node[\"Old\"].json }}{{ $items(\"Old\") }}", "{{ $node[\"New one\"].json }}{{ $items(\"New one\") }}");
    check("{{ $node.Old.json.x }}", "{{ $node[\"New one\"].json.x }}");
    check("{{ $node?.Old.json.x }}", "{{ $node?.[\"New one\"].json.x }}");
    check("{{ `${$(`Old`)}` }}", "{{ `${$(`New one`)}` }}");
    check("{{ $('Old') + }} {{ $('Old'", "{{ $('New one') + }} {{ $('New one'");
    assert_eq!(renamed("{{ $node.Old.x }}", "Old", "Neu").as_deref(), Some("{{ $node.Neu.x }}"));
    assert_eq!(renamed("{{ $('Other') }} {{ $json.Old }}", "Old", "New"), None);
    assert_eq!(renamed("{{ $('Old') }}", "Old", "Old"), None);
}

#[test]
fn new_names_are_escaped_for_their_quotes() {
    let renamed = |source: &str, to: &str| renamed(source, "Old", to).unwrap();
    assert_eq!(
        renamed("{{ $('Old') }}{{ $(\"Old\") }}", "It's \"it\" \\"),
        "{{ $('It\\'s \"it\" \\\\') }}{{ $(\"It's \\\"it\\\" \\\\\") }}"
    );
    for name in ["a}}b", "{{x}}", "}}}", "`${1}`", "line\nbreak", "😀 é", "a'b\"c`d\\e"] {
        for source in ["{{ $('Old').x }}", "{{ $(\"Old\").x }}", "{{ $(`Old`).x }}", "{{ $node.Old.x }}"] {
            let written = renamed(source, name);
            assert_eq!(names(&written), [name], "{written}");
            assert_eq!(back(&written, name).as_deref().map(names), Some(vec!["Old".to_owned()]));
        }
    }
}

fn back(source: &str, name: &str) -> Option<String> {
    renamed(source, name, "Old")
}
