// @vitest-environment jsdom
import { expect, it } from 'vitest'
import { graphOf } from './transport'

it('takes a graph over without the names of the types, which no edit may have', () => {
  const found = {
    __typename: 'Graph',
    nodes: [
      {
        __typename: 'Node',
        id: 'a',
        position: { __typename: 'Point', x: 8, y: 16 },
        retry: { __typename: 'Retry', maxAttempts: 3, waitMs: 1000 },
        // What somebody wrote stays as it is.
        parameters: { __typename: 'mine' },
      },
      {
        __typename: 'Node',
        id: 'b',
        position: { __typename: 'Point', x: 0, y: 0 },
        retry: null,
        parameters: {},
      },
    ],
    edges: [
      {
        __typename: 'Edge',
        from: { __typename: 'Endpoint', nodeId: 'a', port: 0 },
        to: { __typename: 'Endpoint', nodeId: 'b', port: 0 },
      },
    ],
    settings: {},
    pinnedData: {},
  }
  expect(graphOf(found as unknown as Parameters<typeof graphOf>[0])).toEqual({
    nodes: [
      {
        id: 'a',
        position: { x: 8, y: 16 },
        retry: { maxAttempts: 3, waitMs: 1000 },
        parameters: { __typename: 'mine' },
      },
      { id: 'b', position: { x: 0, y: 0 }, retry: null, parameters: {} },
    ],
    edges: [{ from: { nodeId: 'a', port: 0 }, to: { nodeId: 'b', port: 0 } }],
    settings: {},
    pinnedData: {},
  })
})
