import { describe, expect, it } from 'vitest'
import { emptyGraph } from './graph'
import { noteSize, plainNote, resizeNote } from './note'
import { sampleNode } from './samples'

const note = sampleNode('n', { kind: 'note', parameters: { width: 400, height: 96 } })
const graph = { ...emptyGraph, nodes: [note] }

describe('a note', () => {
  it('has the size that was given to it, or the usual one', () => {
    expect(noteSize(note)).toEqual({ width: 400, height: 96 })
    expect(noteSize(sampleNode('m', { parameters: { width: 'wide' } }))).toEqual(plainNote)
  })

  it('is sized by what changed alone', () => {
    expect(resizeNote(graph, note, note.position, { width: 400, height: 96.2 })).toEqual([])
    expect(resizeNote(graph, note, note.position, { width: 320.4, height: 96 })).toEqual([
      { setParameter: { nodeId: 'n', name: 'width', value: 320 } },
    ])
  })

  it('moves where it was pulled at its upper left corner', () => {
    expect(resizeNote(graph, note, { x: -16, y: -8 }, { width: 416, height: 104 })).toEqual([
      { moveNode: { nodeId: 'n', position: { x: -16, y: -8 } } },
      { setParameter: { nodeId: 'n', name: 'width', value: 416 } },
      { setParameter: { nodeId: 'n', name: 'height', value: 104 } },
    ])
  })
})
