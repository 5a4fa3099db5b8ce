import { describe, expect, it } from 'vitest'
import { differences } from './difference'
import { applyEdits } from './edit'
import { chain } from './samples'

describe('what a draft changes', () => {
  it('names added, removed, changed and rewired nodes', () => {
    const published = chain('a', 'b', 'c')
    const draft = applyEdits(published, [
      { removeNode: { nodeId: 'c' } },
      { addNode: { nodeId: 'd', name: 'D', kind: 'set', position: { x: 0, y: 0 } } },
      { setParameter: { nodeId: 'a', name: 'mode', value: 'raw' } },
    ])
    expect(differences(published, draft).map(({ type, nodeId }) => [type, nodeId])).toEqual([
      ['changed', 'a'],
      ['rewired', 'b'],
      ['added', 'd'],
      ['removed', 'c'],
    ])
  })

  it('does not count where cards lie', () => {
    const published = chain('a', 'b')
    const draft = applyEdits(published, [{ moveNode: { nodeId: 'a', position: { x: 80, y: 80 } } }])
    expect(differences(published, draft)).toEqual([])
  })
})
