// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeLanguage } from '@/i18n/i18n'
import { refusals } from './importRemarks'
import { importReports } from './importReports'
import { say } from './say'

const root = join(import.meta.dirname, '../../..')

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'tests' ? [] : sources(path)
    return /\.rs$/.test(entry.name) && !/^(tests|testing)\.rs$/.test(entry.name) ? [path] : []
  })
}

/** The program without its tests and comments, and with its texts as they are when it has been compiled. */
function program(path: string): string {
  const text = readFileSync(join(root, path), 'utf8')
  const [own = ''] = text.split(/#\[cfg\(test\)\]\s+mod \w+ \{/)
  return own.replace(/\\\n\s*/g, '').replace(/^\s*\/\/.*$/gm, '')
}

const literal = /"((?:[^"\\]|\\.)*)"/g

/** The functions of a program: from the line that names one to the brace that closes it. */
function functions(text: string): string[] {
  return [...text.matchAll(/^( *)(?:pub(?:\([^)]*\))? )?fn [\s\S]*?\n\1\}$/gm)].map((match) => match[0])
}

/** The constants of a program that are texts: a sentence may end in one. */
function constants(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/const (\w+): &str =\s*"((?:[^"\\]|\\.)*)"/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
  )
}

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

/** A sentence with its values as `{}`, whatever they are called. */
const bare = (text: string) => text.replace(/\{[^{}]*\}/g, '{}')

/** Every sentence that an import says, with where it is said: what stands as a text in a function that reads n8n's parameters. */
function written(): Map<string, string> {
  const found = new Map<string, string>()
  for (const path of ['domain/nodes/src', 'domain/import/src/n8n', 'services/engine/src/kinds'].flatMap(
    sources,
  )) {
    const text = program(path)
    const texts = constants(text)
    for (const one of functions(text).filter((body) => /\bUnsupported\b|\bremarks?\b|Outcome::/.test(body))) {
      for (const [, raw = ''] of one.matchAll(literal)) {
        const sentence = raw
          .replaceAll('\\"', '"')
          .replace(/\{([A-Z_]+)\}/g, (whole, name: string) => texts.get(name) ?? whole)
        if (
          /^[A-Z{“].* .*[.:]$/.test(sentence) &&
          !sentence.endsWith('A placeholder keeps its parameters.')
        ) {
          found.set(bare(sentence), path)
        }
      }
    }
  }
  return found
}

/** A sentence with something in the place of each of its values. */
const filled = (text: string) => {
  const words = ['Erste', 'zweites Wort', '3', 'vier']
  return text.replace(/\{(\w+)\}/g, (_, name: string) => words[name.length % words.length] ?? '')
}

describe('what an import says', () => {
  beforeEach(() => changeLanguage('fr'))
  afterEach(() => changeLanguage('en'))

  const reports = Object.entries(importReports).map(([code, { forms }]) => ({ code, forms: [...forms] }))

  it('is found where it is', () => {
    expect(written().size).toBeGreaterThan(50)
    expect([...written().keys()]).toEqual(
      expect.arrayContaining([
        'The template of HTML was the example that n8n shows; write one of your own.',
        'Waiting for “{}” is not there yet; waiting for some time, a moment, a call or a page is.',
        'The setting “{}” has no counterpart here.',
      ]),
    )
  })

  it('has a form of its own', () => {
    const forms = new Set([...refusals, ...reports.flatMap(({ forms }) => forms)].map(({ en }) => bare(en)))
    const missing = [...written()].filter(([sentence]) => !forms.has(sentence))
    expect(missing.map(([sentence, path]) => `${path}: ${sentence}`)).toEqual([])
  })

  it('is not caught by the form of another sentence', () => {
    const caught = reports.flatMap(({ code, forms }) =>
      forms.filter(({ en, fr }) => plain(say({ code, message: filled(en) })) !== plain(filled(fr))),
    )
    expect(caught.map(({ en }) => en)).toEqual([])
  })

  it('names the parameter that a placeholder was made for', () => {
    const message =
      'Crypto cannot sign with “RSA-SM3”. Choose another algorithm. (parameter “algorithm”) A placeholder keeps its parameters.'
    expect(plain(say({ code: 'import_replaced', message }))).toBe(
      'Crypto ne sait pas signer avec « RSA-SM3 ». Choisissez un autre algorithme. (paramètre « algorithm ») Un nœud provisoire garde ses paramètres.',
    )
  })
})
