import { describe, expect, it } from 'vitest'
import {
  after as afterEvent,
  newProgress,
  nodeStates,
  type ProgressEvent,
  recordedProgress,
  stepsOf,
} from './progress'

const step = (position: number, type: string, change: Partial<ProgressEvent> = {}): ProgressEvent => ({
  position,
  type,
  nodeId: 'a',
  iteration: 0,
  attempt: 1,
  ...change,
})
const told = (...events: ProgressEvent[]) => events.reduce(afterEvent, newProgress('x'))

describe('the progress of an execution', () => {
  it('follows its events', () => {
    const progress = told(
      { position: 1, type: 'execution.queued' },
      { position: 2, type: 'execution.started' },
      step(3, 'execution.step_started', { status: 'RUNNING' }),
      step(4, 'execution.step_succeeded', {
        status: 'SUCCEEDED',
        outputCounts: [2, 1],
        data: { durationUs: 4200 },
      }),
      { position: 5, type: 'execution.succeeded' },
    )
    expect(progress.status).toBe('SUCCEEDED')
    expect(nodeStates(progress).get('a')).toMatchObject({
      status: 'SUCCEEDED',
      counts: [2, 1],
      durationMs: 4.2,
    })
  })

  it('shows a node at work since it began, however late that is told, until it has ended', () => {
    const at = '2026-01-01T00:00:01Z'
    const working = told(step(1, 'execution.step_started', { status: 'RUNNING', data: { at } }))
    expect(nodeStates(working).get('a')).toMatchObject({ status: 'RUNNING', counts: [] })
    expect(stepsOf(working)).toMatchObject([{ status: 'RUNNING', startedAt: at, durationMs: null }])
    const done = step(2, 'execution.step_succeeded', {
      status: 'SUCCEEDED',
      outputCounts: [3],
      data: { startedAt: at, durationUs: 20_000_000 },
    })
    expect(stepsOf(afterEvent(working, done))).toMatchObject([
      { status: 'SUCCEEDED', startedAt: at, durationMs: 20_000, outputCounts: [3] },
    ])
  })

  it('takes an event once, whatever the socket repeats', () => {
    const done = step(4, 'execution.step_succeeded', { status: 'SUCCEEDED', outputCounts: [2] })
    const once = told(done)
    expect(afterEvent(once, done)).toBe(once)
    expect(afterEvent(once, step(3, 'execution.step_started', { status: 'RUNNING' }))).toBe(once)
  })

  it('adds up the items of all iterations', () => {
    const progress = told(
      step(1, 'execution.step_succeeded', { status: 'SUCCEEDED', outputCounts: [2] }),
      step(2, 'execution.step_succeeded', { status: 'SUCCEEDED', outputCounts: [3], iteration: 1 }),
    )
    expect(nodeStates(progress).get('a')).toMatchObject({ counts: [5], iterations: 2 })
  })

  it('shows the last attempt, with its error', () => {
    const progress = told(
      step(1, 'execution.step_failed', { status: 'FAILED', data: { error: { message: 'no' } } }),
      step(2, 'execution.step_started', { status: 'RUNNING', attempt: 2 }),
    )
    expect(nodeStates(progress).get('a')).toMatchObject({ status: 'RUNNING', error: null })
  })

  it('leaves no step at work in an execution that is over', () => {
    const progress = told(step(1, 'execution.step_started', { status: 'RUNNING' }), {
      position: 2,
      type: 'execution.cancelled',
    })
    expect(nodeStates(progress).get('a')?.status).toBe('CANCELLED')
  })

  it('leaves no attempt at work that another one followed', () => {
    const progress = told(
      step(1, 'execution.step_started', { status: 'RUNNING' }),
      { position: 2, type: 'execution.adopted' },
      step(3, 'execution.step_started', { status: 'RUNNING', attempt: 2 }),
      step(4, 'execution.step_started', { status: 'RUNNING', iteration: 1 }),
    )
    expect(stepsOf(progress).map(({ status }) => status)).toEqual(['CANCELLED', 'RUNNING', 'RUNNING'])
    expect(nodeStates(progress).get('a')?.status).toBe('RUNNING')
  })

  it('knows since when a step waited, for a timer or for its next attempt', () => {
    const progress = told(
      step(1, 'execution.step_waiting', { status: 'WAITING', data: { at: '2026-01-01T00:00:01Z' } }),
      step(2, 'execution.step_resumed', { status: 'RUNNING', data: { at: '2026-01-01T00:00:03Z' } }),
      step(3, 'execution.step_failed', {
        status: 'FAILED',
        data: { startedAt: '2026-01-01T00:00:03Z', durationUs: 500_000, error: { message: 'no' } },
      }),
      step(4, 'execution.step_started', {
        status: 'RUNNING',
        attempt: 2,
        data: { at: '2026-01-01T00:00:05Z' },
      }),
    )
    expect(stepsOf(progress)).toMatchObject([
      { attempt: 1, waitingSince: '2026-01-01T00:00:01Z', startedAt: '2026-01-01T00:00:03Z' },
      { attempt: 2, waitingSince: '2026-01-01T00:00:03.500Z', startedAt: '2026-01-01T00:00:05Z' },
    ])
  })

  it('knows that a step waits for a signal, and that it came', () => {
    const awaits = step(1, 'execution.step_awaits', {
      status: 'WAITING',
      data: { at: '2026-01-01T00:00:01Z' },
    })
    expect(told(awaits).status).toBe('WAITING')
    const signalled = told(awaits, step(2, 'execution.step_signalled', { status: 'RUNNING' }))
    expect(signalled.status).toBe('RUNNING')
    expect(nodeStates(signalled).get('a')?.status).toBe('RUNNING')
  })

  it('is the same from a query as from the events', () => {
    const live = told(
      { position: 1, type: 'execution.started' },
      step(2, 'execution.step_succeeded', {
        status: 'SUCCEEDED',
        outputCounts: [1],
        data: { durationUs: 1000 },
      }),
      { position: 3, type: 'execution.succeeded' },
    )
    const recorded = recordedProgress('x', 'SUCCEEDED', 3, [
      { nodeId: 'a', iteration: 0, attempt: 1, status: 'SUCCEEDED', outputCounts: [1], durationMs: 1 },
    ])
    expect(recorded).toEqual(live)
  })
})
