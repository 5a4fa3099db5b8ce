import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = import.meta.dirname

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return entry.name === 'gql' ? [] : sources(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

/** Every import as `[importing file, imported file]`, both as paths from `src/`. */
function imports(): [string, string][] {
  return sources(root).flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
    return found.map((target): [string, string] => {
      const own = target.startsWith('@/') ? target.slice(2) : target
      const local = target.startsWith('.') ? relative(root, join(path, '..', target)) : own
      return [relative(root, path), local]
    })
  })
}

const all = imports()
const feature = (path: string) => /^features\/([^/]+)/.exec(path)?.[1]

describe('the shape of the web app', () => {
  it('has imports to look at', () => {
    expect(all.length).toBeGreaterThan(500)
  })

  it('has no feature that knows another', () => {
    const found = all.filter(([from, to]) => feature(from) && feature(to) && feature(from) !== feature(to))
    expect(found).toEqual([])
  })

  it('draws with the canvas library in one place', () => {
    const found = all.filter(
      ([from, to]) => to.startsWith('@xyflow/') && !from.startsWith('features/editor/canvas/'),
    )
    expect(found).toEqual([])
  })

  it('has parts that know neither router nor GraphQL nor features', () => {
    const known = /^(@tanstack|urql|@urql|graphql|gql|features|frame|app|execution)/
    expect(all.filter(([from, to]) => from.startsWith('ui/') && known.test(to))).toEqual([])
  })

  it('has a model of plain TypeScript', () => {
    const known = /^(react|@mantine|@xyflow|urql|@tanstack|\.\.)/
    expect(all.filter(([from, to]) => from.startsWith('features/editor/model/') && known.test(to))).toEqual(
      [],
    )
  })
})
