import { describe, expect, it } from 'vitest'
import type { WorkflowEdit } from '@/gql/graphql'
import { EditSession, type EditTransport, type Outcome, type Trouble } from './EditSession'
import { applyEdits } from './edit'
import { nodeById } from './graph'
import { chain } from './samples'

const move = (nodeId: string, x: number): WorkflowEdit => ({ moveNode: { nodeId, position: { x, y: 0 } } })
const set = (value: string): WorkflowEdit => ({ setParameter: { nodeId: 'a', name: 'text', value } })

/** A server that answers when the test says so. */
function scripted() {
  const sent: { seen: number; groupId: string; edits: readonly WorkflowEdit[] }[] = []
  const answers: ((outcome: Outcome) => void)[] = []
  const troubles: Trouble[] = []
  let server = { version: 1, graph: chain('a', 'b'), canUndo: false, canRedo: false }
  let ids = 0
  const transport: EditTransport = {
    edit: (group) => {
      sent.push(group)
      return new Promise((resolve) => answers.push(resolve))
    },
    undo: async () => ({ type: 'done', draft: server }),
    redo: async () => ({ type: 'refused', message: 'Nothing to redo.' }),
    load: async () => server,
    pause: async () => undefined,
    newId: () => {
      ids += 1
      return `group ${ids}`
    },
  }
  const session = new EditSession(transport, (trouble) => troubles.push(trouble))
  session.open(server)
  const rest = () => new Promise((resolve) => setTimeout(resolve, 0))
  return {
    session,
    sent,
    troubles,
    rest,
    changeServer: (edits: readonly WorkflowEdit[]) => {
      server = { ...server, version: server.version + 1, graph: applyEdits(server.graph, edits) }
    },
    answer: async (outcome: Outcome) => {
      answers.shift()?.(outcome)
      await rest()
    },
  }
}

const kept = (version: number): Outcome => ({
  type: 'kept',
  version,
  position: version,
  canUndo: true,
  canRedo: false,
})

describe('editing a draft', () => {
  it('shows an edit before the server has answered', () => {
    const { session } = scripted()
    session.edit([move('a', 80)])
    expect(nodeById(session.get().graph, 'a')?.position.x).toBe(80)
    expect(session.get().saving).toBe('saving')
  })

  it('sends one group at a time, each on the version that the one before led to', async () => {
    const { session, sent, answer } = scripted()
    session.edit([move('a', 80)])
    session.edit([move('b', 96)])
    expect(sent.map((group) => group.seen)).toEqual([1])
    await answer(kept(5))
    expect(sent.map((group) => group.seen)).toEqual([1, 5])
    await answer(kept(6))
    expect(session.get()).toMatchObject({ saving: 'saved', version: 6, canUndo: true })
  })

  it('joins what is typed into one field while it waits, and undoes it as one', async () => {
    const { session, sent, answer } = scripted()
    for (const text of ['H', 'He', 'Hel', 'Hell']) session.edit([set(text)], 'text of a')
    await answer(kept(2))
    expect(sent.map((group) => group.edits)).toEqual([[set('H')], [set('Hell')]])
    expect(sent[1]?.groupId).toBe(sent[0]?.groupId)
  })

  it('takes back what conflicts, says so, and keeps what comes after', async () => {
    const { session, sent, answer, changeServer, troubles } = scripted()
    session.edit([move('a', 80)])
    session.edit([move('b', 96)])
    changeServer([move('a', 400)])
    await answer({ type: 'conflict', message: 'Bob moved it.', nodeId: 'a' })
    expect(troubles).toEqual([{ type: 'conflict', message: 'Bob moved it.', nodeId: 'a' }])
    expect(nodeById(session.get().graph, 'a')?.position.x).toBe(400)
    expect(nodeById(session.get().graph, 'b')?.position.x).toBe(96)
    expect(sent[1]?.seen).toBe(2)
  })

  it('tries again when the connection is away, with the same group', async () => {
    const { session, sent, answer } = scripted()
    session.edit([move('a', 80)])
    await answer({ type: 'offline' })
    expect(sent).toHaveLength(2)
    expect(sent[1]?.groupId).toBe(sent[0]?.groupId)
    expect(session.get().saving).toBe('offline')
    await answer(kept(2))
    expect(session.get().saving).toBe('saved')
  })

  it('takes over another person’s change, and not its own', async () => {
    const { session, sent, answer, changeServer, rest } = scripted()
    session.edit([move('a', 80)])
    session.noticeChange(sent[0]?.groupId ?? null, 2)
    changeServer([move('a', 80)])
    await answer(kept(2))
    changeServer([move('b', 640)])
    session.noticeChange('of Bob', 3)
    await rest()
    expect(nodeById(session.get().graph, 'b')?.position.x).toBe(640)
    expect(session.get().version).toBe(3)
  })

  it('loads the draft after a rename, which rewrites references elsewhere', async () => {
    const { session, answer, changeServer } = scripted()
    session.edit([{ renameNode: { nodeId: 'a', name: 'Orders' } }])
    changeServer([
      { renameNode: { nodeId: 'a', name: 'Orders' } },
      { setParameter: { nodeId: 'b', name: 'text', value: "={{ $('Orders').item.json.id }}" } },
    ])
    await answer(kept(2))
    expect(nodeById(session.get().graph, 'b')?.parameters).toEqual({
      text: "={{ $('Orders').item.json.id }}",
    })
  })

  it('undoes only after what waits has arrived', async () => {
    const { session, answer, changeServer, rest } = scripted()
    session.edit([move('a', 80)])
    const undone = session.undo()
    await rest()
    expect(nodeById(session.get().graph, 'a')?.position.x).toBe(80)
    changeServer([])
    await answer(kept(2))
    await undone
    expect(nodeById(session.get().graph, 'a')?.position.x).toBe(0)
  })

  it('says why nothing was redone', async () => {
    const { session, troubles } = scripted()
    await session.redo()
    expect(troubles).toEqual([{ type: 'refused', message: 'Nothing to redo.', nodeId: null }])
  })
})
