// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions with template literals are what is tested
import { describe, expect, it } from 'vitest'
import { mentionsIn } from './mentions'
import { renamedCode, renamedExpression, withNewNames } from './references'

const names = (source: string) => mentionsIn(source).map((mention) => mention.name)
const renamed = (source: string, to: string, from = 'Old') => renamedExpression(source, new Map([[from, to]]))

describe('the nodes that an expression names', () => {
  it.each([
    [
      '{{ $(\'A\').item.json.x + $("B b").first() }} {{ $node["C"].json }} {{ $node.D.json }} {{ $items(\'E\', 0) }}',
      ['A', 'B b', 'C', 'D', 'E'],
    ],
    ["{{ $node?.['F'] }}{{ $(`G`) }}{{ `x ${ $('H') } y` }}{{ $( 'I' ) }}", ['F', 'G', 'H', 'I']],
    ["{{ 'It\\'s $(\"no\")' + $('It\\'s') }}", ["It's"]],
    [
      "$('text') {{ /$('no')/.test('x') // $('no')\n }} {{ a.$('no') }} {{ my$('no') }} {{ /* $('no') */ 1 }}",
      [],
    ],
    [
      "{{ a / $('yes') / 2 }} {{ [1] / $('too') / 'x' }} {{ [...$('spread').all()] }}",
      ['yes', 'too', 'spread'],
    ],
    ["{{ $(`a${1}`) + $('b') }}", ['b']],
    ["{{ $(`a${ $('in') }`) + `c` + $('b') }}", ['in', 'b']],
    ["{{ /[/'}]/.test($('class')) }}", ['class']],
    ["{{ { a: { b: $('in') }} }} {{ $('after') }}", ['in', 'after']],
    ["{{ '}}' + $('behind') }}", ['behind']],
    ["\\{{ $('no') }} {{ '\\u0041' + $('\\u0041\\x42\\n') }}", ['AB\n']],
    ["{{ $json.größe / $('Größe 😀') / 1 }}", ['Größe 😀']],
    ["{{ $('A').item. }} and {{ $('B'", ['A', 'B']],
    ["{{ $('A').json['x }} {{ $('B') }}", ['A', 'B']],
  ])('of %s are %j', (source, expected) => {
    expect(names(source)).toEqual(expected)
  })

  it('are found without end in long texts', () => {
    const long = 'x'.repeat(2_000_000)
    expect(names(`${long}{{ '${long}' + $('A') + \`${long}\` + "${long}`)).toEqual(['A'])
    expect(names('{{ ${'.repeat(5_000) + '}}'.repeat(5_000))).toEqual([])
  })
})

describe('a new name', () => {
  it.each([
    ["Old {{  $( 'Old' ).item.json.Old + 'Old' }}", "Old {{  $( 'New one' ).item.json.Old + 'Old' }}"],
    ['{{ $node["Old"].json }}{{ $items("Old") }}', '{{ $node["New one"].json }}{{ $items("New one") }}'],
    ['{{ $node.Old.json.x }}', '{{ $node["New one"].json.x }}'],
    ['{{ $node?.Old.json.x }}', '{{ $node?.["New one"].json.x }}'],
    ['{{ `${$(`Old`)}` }}', '{{ `${$(`New one`)}` }}'],
    ["{{ $('Old') + }} {{ $('Old'", "{{ $('New one') + }} {{ $('New one'"],
    ["{{ $('Other') }} {{ $json.Old }}", "{{ $('Other') }} {{ $json.Old }}"],
  ])('makes of %s %s', (source, expected) => {
    expect(renamed(source, 'New one')).toBe(expected)
  })

  it('stays a property where it can', () => {
    expect(renamed('{{ $node.Old.x + $node?.Old }}', 'Größe_2')).toBe(
      '{{ $node.Größe_2.x + $node?.Größe_2 }}',
    )
  })

  it('is escaped for its quotes', () => {
    expect(renamed('{{ $(\'Old\') }}{{ $("Old") }}', 'It\'s "it" \\')).toBe(
      '{{ $(\'It\\\'s "it" \\\\\') }}{{ $("It\'s \\"it\\" \\\\") }}',
    )
  })

  const odd = ['a}}b', '{{x}}', '}}}', '`${1}`', 'line\nbreak', '😀 é', 'a\'b"c`d\\e']
  it.each(odd)('is found again and gives the old text back: %j', (name) => {
    for (const source of [
      "{{ $('Old').x }}",
      '{{ $("Old").x }}',
      '{{ $(`Old`).x }}',
      '{{ $node["Old"].x }}',
    ]) {
      const written = renamed(source, name)
      expect(names(written)).toEqual([name])
      expect(renamed(written, 'Old', name)).toBe(source)
    }
  })

  it('does not chain with that of another node', () => {
    const renames = new Map([
      ['A', 'A 2'],
      ['A 2', 'A 3'],
    ])
    expect(renamedExpression("{{ $('A').x + $('A 2').y + $node.A }}", renames)).toBe(
      "{{ $('A 2').x + $('A 3').y + $node[\"A 2\"] }}",
    )
    expect(renamedCode("return $('A').all().concat($items('A 2', 0))", renames)).toBe(
      "return $('A 2').all().concat($items('A 3', 0))",
    )
  })
})

describe('parameters', () => {
  it('have the new name in expressions and programs, however deep, and nowhere else', () => {
    const code = 'const a = $(\'Old\').all() // Old\nreturn $node["Old"].json.$ + $items(`Old`, 0) + "Old"'
    const parameters = {
      plain: 'Old $5',
      list: [{ value: "={{ $('Old').item.json.x }}" }, 1, null, true],
      deep: { values: { jsCode: code } },
    }
    expect(withNewNames(parameters, new Map([['Old', "It's $ `new`"]]))).toEqual({
      plain: 'Old $5',
      list: [{ value: "={{ $('It\\'s $ `new`').item.json.x }}" }, 1, null, true],
      deep: {
        values: {
          jsCode:
            "const a = $('It\\'s $ `new`').all() // Old\nreturn $node[\"It's $ `new`\"].json.$ + $items(`It's \\$ \\`new\\``, 0) + \"Old\"",
        },
      },
    })
  })

  it('stay the same where no node has a new name', () => {
    const parameters = { value: "={{ $('Old') }}" }
    expect(withNewNames(parameters, new Map())).toBe(parameters)
  })
})
