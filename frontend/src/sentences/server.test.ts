// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { meanings } from './say'

const root = join(import.meta.dirname, '../../..')

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'tests' ? [] : sources(path)
    return /\.rs$/.test(entry.name) && !/^(tests|testing|samples)\.rs$/.test(entry.name) ? [path] : []
  })
}

/** The program without its tests, and with its texts as they are when it has been compiled. */
function program(path: string): string {
  const text = readFileSync(join(root, path), 'utf8')
  const [own = ''] = text.split(/#\[cfg\(test\)\]\s+mod \w+ \{/)
  return own.replace(/\\\n\s*/g, '')
}

const spoken = [
  'graphql/src',
  'services/api/src',
  'services/engine/src',
  'domain/model/src',
  'domain/nodes/src',
]
const written = [
  ...spoken,
  'domain/expressions/src',
  'domain/value/src',
  'services/connectors/src',
  'services/clients/src',
]
const everything = [
  ...written,
  'domain/import/src',
  'services/code-runner-client/src',
  'tenants/src',
].flatMap(sources)

/** Where the server writes a code. Webhooks answer other programs, in words that no page shows. */
function codes(): Set<string> {
  const found = spoken
    .flatMap(sources)
    .filter((path) => !path.startsWith('services/api/src/hooks'))
    .map(program)
    .flatMap((text) => [
      ...literals(
        text,
        /(?:NodeError::new|StepError::of|Problem::(?:error|at|bad_request|forbidden)|rejected|refused|not_done|problem|too_much)\(\s*"(\w+)"/g,
      ),
      ...literals(text, /code: "(\w+)"|UNKNOWN_KIND: &str = "(\w+)"|\.", "([A-Z]+)"\)/g),
      ...arms(text, /fn code(?:_of)?\([^{]*\{([\s\S]*?)\n {0,4}\}/g),
      ...arms(text, /let code = match[^{]*\{([\s\S]*?)\};/g),
    ])
  return new Set(found)
}

function literals(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match.slice(1).filter((one) => one !== undefined))
}

function arms(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => literals(match[1] ?? '', /=> "(\w+)"/g))
}

/** Whether `part` stands in the program as it is, or in at most three pieces that the program puts together. */
function isWritten(program: string, part: string): boolean {
  let words = part.trim().split(' ')
  for (let pieces = 0; pieces < 3 && words.length > 0; pieces++) {
    let count = words.length
    while (count > 0 && !program.includes(words.slice(0, count).join(' '))) count--
    words = words.slice(count)
  }
  return words.length === 0
}

describe('the sentences of the server', () => {
  it('are looked for where they are', () => {
    expect(codes().size).toBeGreaterThan(120)
    expect([...codes()]).toEqual(
      expect.arrayContaining(['name_taken', 'last_owner', 'FORBIDDEN', 'http_status', 'code_thrown']),
    )
  })

  it('have a meaning in every language, by their code', () => {
    expect([...codes()].filter((code) => !Object.hasOwn(meanings, code)).sort()).toEqual([])
  })

  it('are still written as the forms expect them', () => {
    // What the parser of JavaScript says is not in our own sources.
    const foreign = /^Unexpected token|^Unterminated string|^Expected /
    const plain = (text: string) =>
      text.replaceAll('\\"', '"').replaceAll('{{', '{').replaceAll('}}', '}').replaceAll('.', '')
    const text = everything.map((path) => plain(program(path))).join('\n')
    const gone = Object.values(meanings)
      .flatMap(({ forms }) => forms ?? [])
      .map(({ en }) => en)
      .filter((en) => !foreign.test(en))
      .filter((en) => en.split(/\{\w+\}/).some((part) => !isWritten(text, plain(part))))
    expect(gone).toEqual([])
  })

  it('keep no value that the translation does not have', () => {
    const named = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    for (const { fr, forms } of Object.values(meanings)) {
      expect(named(fr).filter((name) => name !== 'said')).toEqual([])
      for (const form of forms ?? []) expect(named(form.en)).toEqual(expect.arrayContaining(named(form.fr)))
    }
  })
})
