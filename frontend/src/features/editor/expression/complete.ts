import type { Json } from '@/api/scalars'
import type { Entry } from './catalogue'
import { chainBefore, keyOf, type Link, typeOf } from './chain'

export interface Suggestion {
  label: string
  detail?: string
  /** What is written where it is not the label. */
  apply?: string
  /** What it is, told beside the list. */
  entry?: Entry
}

export interface Suggestions {
  /** Where the suggested text begins. */
  from: number
  options: Suggestion[]
}

/** What is known where an expression is written. */
export interface Known {
  /** The current item. */
  json: Json | undefined
  /** The nodes before this one, nearest first. */
  nodes: readonly string[]
  /** What expressions have to offer. */
  entries: readonly Entry[]
}

/** What is known of a part of an expression: its type in the catalogue, and its value where it is that of the current item. */
interface Found {
  type: string | null
  value?: Json | undefined
}

/** The receivers whose entries a value of a type has. */
const receivers: Readonly<Record<string, readonly string[]>> = {
  datetime: ['moment', 'datetime'],
  date: ['moment', 'date'],
}

/** A type in the notation of TypeScript as the catalogue's receivers are called. */
function receiverOf(returns: string): string | null {
  const [first = ''] = returns.split(' | ')
  if (first.endsWith('[]')) return 'array'
  return first === 'any' || first === 'undefined' ? null : first.toLowerCase()
}

function entriesOf(type: string | null, { entries }: Known): readonly Entry[] {
  if (type === null) return []
  const wanted = receivers[type] ?? [type]
  return entries.filter(({ receiver }) => wanted.includes(receiver))
}

/** Fields that are objects of their own and have no entries. */
const fields: Readonly<Record<string, readonly string[]>> = {
  $workflow: ['id', 'name', 'active'],
  $execution: ['id', 'mode', 'resumeUrl', 'resumeFormUrl', 'customData'],
  $prevNode: ['name', 'outputIndex', 'runIndex'],
}

/** What the whole chain gives. */
function follow([root, ...rest]: readonly Link[], known: Known): Found {
  if (!root) return { type: null }
  const ofInput = root.kind === 'name' && root.name === '$input'
  let found = begin(root, known)
  for (const link of rest) {
    const isItem = ofInput && link.kind === 'name' && link.name === 'json'
    found = isItem ? { type: typeOf(known.json), value: known.json } : next(found, link, known)
  }
  return found
}

function begin(root: Link, known: Known): Found {
  if (root.kind === 'literal') return { type: root.type }
  if (root.kind !== 'name') return { type: null }
  if (root.name === '$json') return { type: typeOf(known.json), value: known.json }
  const global = known.entries.find(({ receiver, name }) => receiver === 'global' && name === root.name)
  if (global) return { type: receiverOf(global.returns) }
  return { type: known.entries.some(({ receiver }) => receiver === root.name) ? root.name : null }
}

function next(found: Found, link: Link, known: Known): Found {
  // What a function gives was taken from its name already.
  if (link.kind === 'call') return { type: found.type }
  if (link.kind === 'literal') return { type: null }
  const key = link.kind === 'name' ? link.name : keyOf(link.text)
  const value = found.value
  if (key !== null && value !== null && typeof value === 'object') {
    const inner = Array.isArray(value) ? value[Number(key)] : value[key]
    if (inner !== undefined) return { type: typeOf(inner), value: inner }
  }
  const entry = link.kind === 'name' && entriesOf(found.type, known).find(({ name }) => name === key)
  return { type: entry ? receiverOf(entry.returns) : null }
}

function isName(key: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(key)
}

function suggestionOf(entry: Entry): Suggestion {
  const label = entry.isFunction ? `${entry.name}()` : entry.name
  const takesNothing = entry.signature.startsWith(`${entry.name}()`)
  const apply = entry.isFunction && !takesNothing ? `${entry.name}(` : label
  return { label, apply, detail: entry.returns, entry }
}

function fieldsOf(value: Json | undefined): Suggestion[] {
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return []
  return Object.entries(value)
    .filter(([key]) => isName(key))
    .map(([label, entry]) => ({
      label,
      detail: entry !== null && typeof entry === 'object' ? '' : String(entry).slice(0, 24),
    }))
}

function membersOf(chain: readonly Link[], known: Known): Suggestion[] {
  const [root] = chain
  const named = chain.length === 1 && root?.kind === 'name' ? fields[root.name] : undefined
  if (named) return named.map((label) => ({ label }))
  const { type, value } = follow(chain, known)
  return [...fieldsOf(value), ...entriesOf(type, known).map(suggestionOf)]
}

/** What may follow the text before the cursor; `null` where nothing is known or the text is outside `{{ }}`. */
export function suggest(before: string, known: Known): Suggestions | null {
  const open = before.lastIndexOf('{{')
  if (open < 0 || before.lastIndexOf('}}') > open) return null
  const inside = before.slice(open + 2)
  const at = (typed: string) => before.length - typed.length

  const nodeName = /\$\((['"])([^'"]*)$/.exec(inside)
  if (nodeName) {
    const [, quote, typed] = nodeName
    return {
      from: at(typed ?? ''),
      options: known.nodes.map((label) => ({ label, apply: `${label}${quote})` })),
    }
  }
  const member = /^(.*?)\??\.([A-Za-z_$][\w$]*)?$/s.exec(inside)
  const chain = member && chainBefore(member[1] ?? '')
  if (chain) return { from: at(member[2] ?? ''), options: membersOf(chain, known) }
  const word = /(?<![\w$.])[A-Za-z$_][\w$]*$/.exec(inside)
  if (!word && !/(^|[\s(,+\-*/?:=!<>&|[{])$/.test(inside)) return null
  const nodes = known.nodes.map((name) => ({ label: `$('${name}')`, detail: '' }))
  return { from: at(word?.[0] ?? ''), options: [...globalsOf(known), ...nodes] }
}

/** Globals, those that begin with a dollar first, and the names of namespaces. */
function globalsOf(known: Known): Suggestion[] {
  const globals = entriesOf('global', known).filter(({ name }) => name !== '$')
  const ours = globals.filter(({ name }) => name.startsWith('$'))
  const others = globals.filter(({ name }) => !name.startsWith('$'))
  const spaces = new Set(known.entries.map(({ receiver }) => receiver).filter((name) => /^[A-Z]/.test(name)))
  return [...ours.map(suggestionOf), ...[...spaces].map((label) => ({ label })), ...others.map(suggestionOf)]
}

/** The entry that the word at `position` names; `null` where it is none or the word stands outside `{{ }}`. */
export function entryAt(
  text: string,
  position: number,
  known: Known,
): (Entry & { from: number; to: number }) | null {
  const open = text.lastIndexOf('{{', position)
  if (open < 0 || text.slice(open, position).includes('}}')) return null
  const from = position - (/[\w$]*$/.exec(text.slice(0, position))?.[0].length ?? 0)
  const to = position + (/^[\w$]*/.exec(text.slice(position))?.[0].length ?? 0)
  const name = text.slice(from, to)
  if (!name) return null
  const before = text.slice(open + 2, from)
  const chain = /\??\.$/.test(before) ? chainBefore(before.replace(/\??\.$/, '')) : null
  const among = chain ? entriesOf(follow(chain, known).type, known) : entriesOf('global', known)
  const entry = among.find((one) => one.name === name)
  return entry ? { ...entry, from, to } : null
}
