import { describe, expect, it } from 'vitest'
import { emptyGraph } from './graph'
import { pin, pinnedOf, readPinned, writtenOf } from './pinned'

const items = [{ json: { n: 1 }, pairedItem: { item: 0 } }]
const graph = { ...emptyGraph, pinnedData: { a: items } }

describe('pinned items', () => {
  it('are those of their node', () => {
    expect(pinnedOf(graph, 'a')).toEqual(items)
    expect(pinnedOf(graph, 'b')).toBeNull()
    expect(pin('a', null)).toEqual({ setPinnedData: { nodeId: 'a', items: null } })
  })

  it('come back from what a person sees, with what is not shown', () => {
    expect(readPinned(writtenOf(items), items)).toEqual(items)
    expect(readPinned('[{"n":2},{"é":"日本"}]', items)).toEqual([
      { json: { n: 2 }, pairedItem: { item: 0 } },
      { json: { é: '日本' } },
    ])
    expect(readPinned('{"n":3}', [])).toEqual([{ json: { n: 3 } }])
    expect(readPinned('[]', items)).toEqual([])
  })

  it.each(['', '{', '7', '[1]', 'null', '[[]]'])('are not %j', (text) => {
    expect(readPinned(text, items)).toBeNull()
  })
})
