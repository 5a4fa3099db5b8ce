import type { Json } from '@/api/scalars'

const mostColumns = 30

/** The keys of all items, in the order in which they first appear. */
export function columnsOf(items: readonly { json: Json }[]): string[] {
  const columns = new Set<string>()
  for (const { json } of items) {
    if (json === null || typeof json !== 'object' || Array.isArray(json)) continue
    for (const key of Object.keys(json)) columns.add(key)
    if (columns.size >= mostColumns) break
  }
  return [...columns].slice(0, mostColumns)
}

export type Shape = 'text' | 'number' | 'yes/no' | 'null' | 'list' | 'object'

export interface SchemaField {
  /** As an expression reads it: `name`, `["first name"]`, `[0]`. */
  access: string
  label: string
  shape: Shape
  sample: string
  fields: SchemaField[]
}

function shapeOf(value: Json): Shape {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'object') return 'object'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'yes/no' : 'text'
}

/** What reads a field, `.name` or `["first name"]`. */
export function step(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

const deepest = 6

/** The shape of a value: its fields, with a sample of each. Of a list, the first entry stands for all. */
export function schemaOf(value: Json, access = '$json', depth = 0): SchemaField[] {
  if (value === null || typeof value !== 'object' || depth > deepest) return []
  const entries: [string, string, Json][] = Array.isArray(value)
    ? value.slice(0, 1).map((entry, at): [string, string, Json] => [`[${at}]`, `${access}[${at}]`, entry])
    : Object.entries(value).map(([key, entry]): [string, string, Json] => [key, access + step(key), entry])
  return entries.map(([label, path, entry]) => ({
    access: path,
    label,
    shape: shapeOf(entry),
    sample: entry !== null && typeof entry === 'object' ? '' : String(entry),
    fields: schemaOf(entry, path, depth + 1),
  }))
}

/** All items as one: every field that any of them has. */
export function merged(items: readonly { json: Json }[]): Json {
  const all: { [key: string]: Json } = {}
  for (const { json } of items) {
    if (json === null || typeof json !== 'object' || Array.isArray(json)) continue
    for (const [key, value] of Object.entries(json)) {
      if (!(key in all) || all[key] === null) all[key] = value
    }
  }
  return all
}
