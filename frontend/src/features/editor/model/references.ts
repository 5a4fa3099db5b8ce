import type { Json } from '@/api/scalars'
import type { Parameters } from './graph'
import { mentionsIn, type Quote } from './mentions'

/** New names by old ones. All are given at once: a name that is both new and old stays what it became. */
export type Renames = ReadonlyMap<string, string>

/** Parameters in which expressions and programs name the renamed nodes by their new names. */
export function withNewNames(parameters: Parameters, renames: Renames): Parameters {
  if (renames.size === 0) return parameters
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, renamedIn(value, renames)]),
  )
}

function renamedIn(value: Json, renames: Renames): Json {
  if (typeof value === 'string') {
    return value.startsWith('=')
      ? `=${renamedExpression(value.slice(1), renames)}`
      : renamedCode(value, renames)
  }
  if (Array.isArray(value)) return value.map((one) => renamedIn(one, renames))
  return value !== null && typeof value === 'object' ? withNewNames(value, renames) : value
}

/** An expression, without its leading `=`, after the renames. All other text stays as it is, to the letter. */
export function renamedExpression(source: string, renames: Renames): string {
  let [out, copied] = ['', 0]
  for (const { name, start, end, written } of mentionsIn(source)) {
    const to = renames.get(name)
    if (to === undefined || to === name) continue
    out += source.slice(copied, start) + written(to)
    copied = end
  }
  return out + source.slice(copied)
}

const ways = [
  ['$(', ')'],
  ['$node[', ']'],
  ['$items(', ''],
] as const
const quotes: readonly Quote[] = ["'", '"', '`']

/**
 * A text that is no expression, such as the program of a code node, after the renames. Only the ways in which a program
 * names a node are looked for, with the name as a plain string; one that a program puts together itself cannot be seen.
 */
export function renamedCode(code: string, renames: Renames): string {
  if (!code.includes('$')) return code
  const written = new Map<string, string>()
  for (const [from, to] of renames) {
    for (const [opening, closing] of ways) {
      for (const quote of quotes) {
        const old = opening + quoted(from, quote) + closing
        written.set(old, opening + quoted(to, quote) + closing)
      }
    }
  }
  const any = [...written.keys()].map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
  return code.replace(new RegExp(any, 'g'), (text) => written.get(text) ?? text)
}

function quoted(name: string, quote: Quote): string {
  return quote + name.replace(quote === '`' ? /[`\\$]/g : quote === '"' ? /["\\]/g : /['\\]/g, '\\$&') + quote
}
