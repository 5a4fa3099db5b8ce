import type { Json } from '@/api/scalars'

/** One part of what stands before a dot: `$json`, `.name`, `(…)`, `[0]`. */
export type Link =
  | { kind: 'name'; name: string }
  | { kind: 'call'; text: string }
  | { kind: 'index'; text: string }
  | { kind: 'literal'; type: 'string' | 'number' | 'array' | 'regexp' }

const closing: Readonly<Record<string, string>> = { ')': '(', ']': '[' }

/**
 * The parts of the expression that ends at the end of `text`, from left to right; nothing where it is none that can be
 * followed. Read backwards, since what stands before it may be unfinished.
 */
export function chainBefore(text: string): Link[] | null {
  const links: Link[] = []
  let rest = text.trimEnd()
  for (;;) {
    const name = /[A-Za-z_$][\w$]*$/.exec(rest)
    const last = rest.at(-1) ?? ''
    if (name) {
      links.unshift({ kind: 'name', name: name[0] })
      rest = rest.slice(0, name.index)
    } else if (last === ')' || last === ']') {
      const open = openingOf(rest)
      if (open < 0) return null
      const inner = rest.slice(open + 1, -1)
      rest = rest.slice(0, open)
      const follows = /[\w$)\]'"`]$|\?\.$/.test(rest)
      if (last === ')' && !follows) return null
      if (last === ']' && !follows) {
        links.unshift({ kind: 'literal', type: 'array' })
        return links
      }
      rest = rest.replace(/\?\.$/, '')
      links.unshift({ kind: last === ')' ? 'call' : 'index', text: inner })
      continue
    } else if (/['"`]/.test(last)) {
      links.unshift({ kind: 'literal', type: 'string' })
      return links
    } else if (/\d$/.test(rest)) {
      links.unshift({ kind: 'literal', type: 'number' })
      return links
    } else return null
    if (rest.endsWith('?.')) rest = rest.slice(0, -2)
    else if (rest.endsWith('.')) rest = rest.slice(0, -1)
    else return links
  }
}

/** Where the bracket that closes at the end of `text` was opened; brackets within quotes do not count. */
function openingOf(text: string): number {
  const open: string[] = []
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const letter = text[at] ?? ''
    if (/['"`]/.test(letter)) {
      const quote = text.lastIndexOf(letter, at - 1)
      if (quote < 0) return -1
      at = quote
    } else if (letter in closing) open.push(closing[letter] ?? '')
    else if (letter === open.at(-1)) {
      open.pop()
      if (open.length === 0) return at
    }
  }
  return -1
}

/** What a name in a bracket means: `0`, or `a b` for `"a b"`; nothing for what is worked out. */
export function keyOf(index: string): string | null {
  const [, quoted, number] = /^\s*(?:['"]([^'"]*)['"]|(\d+))\s*$/.exec(index) ?? []
  return quoted ?? number ?? null
}

/** What a value is called in the catalogue. */
export function typeOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return 'array'
  return typeof value
}
