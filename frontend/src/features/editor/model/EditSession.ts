import type { Position } from '@/api/scalars'
import type { WorkflowEdit } from '@/gql/graphql'
import { applyEdits } from './edit'
import { emptyGraph, type Graph } from './graph'

export interface Draft {
  version: number
  graph: Graph
  canUndo: boolean
  canRedo: boolean
}

/** How the server took a group of edits. */
export type Outcome =
  | { type: 'kept'; version: number; position: Position | null; canUndo: boolean; canRedo: boolean }
  | { type: 'conflict'; message: string; nodeId: string | null }
  | { type: 'refused'; message: string }
  | { type: 'offline' }

export type UndoOutcome =
  | { type: 'done'; draft: Draft }
  | { type: 'refused'; message: string }
  | { type: 'offline' }

/** The server, as far as editing goes. */
export interface EditTransport {
  edit: (group: { seen: number; groupId: string; edits: readonly WorkflowEdit[] }) => Promise<Outcome>
  undo: () => Promise<UndoOutcome>
  redo: () => Promise<UndoOutcome>
  load: (atLeast?: Position | null) => Promise<Draft | null>
  /** Resolves when another attempt makes sense. */
  pause: () => Promise<void>
  newId: () => string
}

export type Saving = 'saved' | 'saving' | 'offline'
export type Trouble = { type: 'conflict' | 'refused'; message: string; nodeId: string | null }

export interface EditState {
  graph: Graph
  version: number
  saving: Saving
  canUndo: boolean
  canRedo: boolean
}

interface Group {
  id: string
  edits: readonly WorkflowEdit[]
  /** Edits with the same key replace each other while they wait, and undo as one. */
  key: string | null
}

/**
 * One person's editing of one draft. What they do is seen at once; groups of edits travel one after the other, each
 * made on the version that the one before it led to. What the server refuses is taken back, and said.
 */
export class EditSession {
  private base: Draft = { version: 0, graph: emptyGraph, canUndo: false, canRedo: false }
  private waiting: Group[] = []
  private travelling: Group | null = null
  private stale: Position | null | undefined
  private offline = false
  private lastKey: { key: string; groupId: string } | null = null
  private ownGroups = new Set<string>()
  private listeners = new Set<() => void>()
  private state: EditState = this.compute()

  constructor(
    private readonly transport: EditTransport,
    private readonly onTrouble: (trouble: Trouble) => void,
  ) {}

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => {
      this.listeners.delete(listener)
    }
  }

  get = (): EditState => this.state

  open(draft: Draft) {
    this.base = draft
    this.publish()
  }

  /** Does it now and sends it when its turn comes. `key` joins what is typed into one field. */
  edit = (edits: readonly WorkflowEdit[], key: string | null = null) => {
    if (edits.length === 0) return
    const last = this.waiting.at(-1)
    if (key !== null && last?.key === key) {
      this.waiting = [...this.waiting.slice(0, -1), { ...last, edits }]
    } else {
      this.waiting = [...this.waiting, { id: this.groupFor(key), edits, key }]
    }
    this.publish()
    void this.send()
  }

  undo = () => this.step(this.transport.undo)
  redo = () => this.step(this.transport.redo)

  /** Another person, or another page of this one, changed the draft. */
  noticeChange(groupId: string | null, position: Position) {
    if (groupId !== null && this.ownGroups.has(groupId)) return
    this.stale = position
    void this.refresh()
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    if (this.isIdle()) return
    await new Promise<void>((resolve) => {
      const stop = this.subscribe(() => {
        if (!this.isIdle()) return
        stop()
        resolve()
      })
    })
  }

  private isIdle() {
    return this.waiting.length === 0 && this.travelling === null
  }

  private groupFor(key: string | null): string {
    if (key !== null && this.lastKey?.key === key) return this.lastKey.groupId
    const groupId = this.transport.newId()
    this.lastKey = key === null ? null : { key, groupId }
    this.ownGroups.add(groupId)
    return groupId
  }

  private async send() {
    if (this.travelling) return
    const [group, ...rest] = this.waiting
    if (!group) return this.refresh()
    this.travelling = group
    this.waiting = rest
    this.publish()
    const outcome = await this.transport.edit({
      seen: this.base.version,
      groupId: group.id,
      edits: group.edits,
    })
    await this.take(group, outcome)
    void this.send()
  }

  private async take(group: Group, outcome: Outcome) {
    if (outcome.type === 'offline') {
      this.offline = true
      this.publish()
      await this.transport.pause()
      this.waiting = [group, ...this.waiting]
      this.travelling = null
      return
    }
    this.offline = false
    if (outcome.type === 'kept') {
      const { version, canUndo, canRedo } = outcome
      this.base = { version, canUndo, canRedo, graph: applyEdits(this.base.graph, group.edits) }
      // A rename rewrites references in other nodes: only the server knows which.
      if (group.edits.some((edit) => edit.renameNode)) this.stale = outcome.position
    } else {
      this.stale = null
      const nodeId = outcome.type === 'conflict' ? outcome.nodeId : null
      this.onTrouble({ type: outcome.type, message: outcome.message, nodeId })
      await this.reload()
    }
    this.travelling = null
    this.publish()
  }

  /** Loads the draft when it changed behind our back, as soon as nothing of ours is on its way. */
  private async refresh() {
    if (this.stale === undefined || !this.isIdle()) return
    await this.reload()
    this.publish()
  }

  private async reload() {
    const atLeast = this.stale
    this.stale = undefined
    const draft = await this.transport.load(atLeast)
    if (draft && draft.version >= this.base.version) this.base = draft
  }

  private async step(call: () => Promise<UndoOutcome>) {
    await this.settled()
    this.lastKey = null
    const outcome = await call()
    if (outcome.type === 'done') this.base = outcome.draft
    if (outcome.type === 'refused')
      this.onTrouble({ type: 'refused', message: outcome.message, nodeId: null })
    this.publish()
  }

  private compute(): EditState {
    const pending = [...(this.travelling ? [this.travelling] : []), ...this.waiting]
    const graph = pending.reduce((sofar, group) => applyEdits(sofar, group.edits), this.base.graph)
    return {
      graph,
      version: this.base.version,
      saving: this.offline ? 'offline' : pending.length > 0 ? 'saving' : 'saved',
      canUndo: this.base.canUndo || pending.length > 0,
      canRedo: this.base.canRedo && pending.length === 0,
    }
  }

  private publish() {
    this.state = this.compute()
    for (const listener of this.listeners) listener()
  }
}
