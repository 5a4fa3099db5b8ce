import { describe, expect, it } from 'vitest'
import type { Json } from '@/api/scalars'
import { columnsOf, merged, schemaOf } from './columns'

const items: { json: Json }[] = [
  { json: { a: 1, b: null } },
  { json: { b: { 'c d': [true] }, e: 'x' } },
  { json: [1] },
]

describe('items', () => {
  it('have the columns of all of them', () => {
    expect(columnsOf(items)).toEqual(['a', 'b', 'e'])
  })

  it('have one shape, with paths that expressions understand', () => {
    const fields = schemaOf(merged(items))
    expect(fields.map(({ label, shape, access }) => [label, shape, access])).toEqual([
      ['a', 'number', '$json.a'],
      ['b', 'object', '$json.b'],
      ['e', 'text', '$json.e'],
    ])
    expect(fields[1]?.fields[0]?.fields[0]?.access).toBe('$json.b["c d"][0]')
  })
})
