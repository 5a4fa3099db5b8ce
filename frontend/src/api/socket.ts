import type { SubscriptionForwarder } from '@urql/core'
import { type Client, createClient } from 'graphql-ws'
import { resumable } from './resume'
import type { Session } from './session'

export type Connection = 'connecting' | 'live' | 'lost'

export interface Socket {
  forward: SubscriptionForwarder
  connection: { get: () => Connection; subscribe: (listener: () => void) => () => void }
  close: () => void
}

interface Options {
  url: string
  session: Pick<Session, 'refresh'>
  webSocketImpl?: unknown
  /** How long to wait before the next attempt, in milliseconds. */
  wait?: (attempt: number) => number
}

/** 0.5 s, 1 s, 2 s … at most 15 s, with a random share so that not all browsers return in the same moment. */
function backOff(attempt: number): number {
  return Math.min(15_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 2)
}

/** The smallest operation that there is. */
const knock = { query: '{ __typename }', operationName: undefined, variables: {}, extensions: undefined }

const unauthorised = new Set([4401, 4403])

/** The one WebSocket of the page. It reconnects for ever; its subscriptions go on where they were. */
export function openSocket({ url, session, webSocketImpl, wait = backOff }: Options): Socket {
  let state: Connection = 'connecting'
  const listeners = new Set<() => void>()
  const become = (next: Connection) => {
    if (state === next) return
    state = next
    for (const listener of listeners) listener()
  }
  const client = createClient({
    url,
    webSocketImpl,
    lazy: false,
    keepAlive: 12_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (attempt) => new Promise((resolve) => setTimeout(resolve, wait(attempt))),
    onNonLazyError: () => {
      gaveUp = true
      lost()
    },
    on: {
      connected: () => {
        reopening = false
        become('live')
      },
      closed: () => lost(),
    },
  })
  const forward = forwarder({ client, session, wait })
  // The client gives its own connection up for good when the session ran out, which it does every few minutes. An operation
  // opens it again, with a fresh session, and it stays open after the operation: a page that subscribes to nothing is live too.
  let gaveUp = false
  let reopening = false
  let closed = false
  const lost = () => {
    become('lost')
    if (!gaveUp || reopening || closed) return
    reopening = true
    forward(knock, {} as Parameters<typeof forward>[1]).subscribe({
      next: () => {},
      error: () => {},
      complete: () => {},
    })
  }
  return {
    forward,
    connection: {
      get: () => state,
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    close: () => {
      closed = true
      // A connection that is just being made and fails is no news to whoever closes it.
      Promise.resolve(client.dispose()).catch(() => {})
    },
  }
}

/** What a socket's end looks like, in contrast to errors of GraphQL. */
function closeCode(error: unknown): number | null {
  const code = (error as Partial<CloseEvent> | null)?.code
  return typeof code === 'number' ? code : null
}

interface GraphQlError {
  extensions?: { code?: unknown }
}

/** The server could not go on with a subscription, through no fault of ours: it asks to begin again after the last position. */
function isUnavailable(errors: unknown): boolean {
  return (
    Array.isArray(errors) && (errors as GraphQlError[]).some((one) => one.extensions?.code === 'UNAVAILABLE')
  )
}

interface Forwarding {
  client: Client
  session: Options['session']
  wait: (attempt: number) => number
}

/**
 * Subscribes and stays subscribed. The client goes on by itself after most ends of a connection; those that it takes
 * as final (the session ran out, the server failed inside) are answered here: a fresh session, a pause, the next try.
 */
function forwarder({ client, session, wait }: Forwarding): SubscriptionForwarder {
  return (request) => ({
    subscribe: (sink) => {
      const resume = resumable((request.variables ?? {}) as Record<string, unknown>)
      let stopped = false
      let stop = () => {}
      let attempt = 0
      let interrupted = false
      const again = async (code: number | null) => {
        interrupted = false
        if (code !== null && unauthorised.has(code) && (await refreshed()) === false) return
        await new Promise((resolve) => setTimeout(resolve, wait(attempt)))
        attempt += 1
        if (!stopped) begin()
      }
      // A server that is just starting is no word about the session: the next try asks again.
      const refreshed = () => session.refresh().catch(() => null)
      const begin = () => {
        stop = client.subscribe(
          { query: request.query ?? '', variables: resume.variables },
          {
            next: (result) => {
              interrupted = isUnavailable(result.errors)
              if (interrupted) return
              attempt = 0
              if (resume.accept(result.data)) sink.next(result as Parameters<typeof sink.next>[0])
            },
            error: (error) => {
              const code = closeCode(error)
              if (code === null && !isUnavailable(error)) sink.error(error)
              else void again(code)
            },
            complete: () => (interrupted ? void again(null) : sink.complete()),
          },
        )
      }
      begin()
      return {
        unsubscribe: () => {
          stopped = true
          stop()
        },
      }
    },
  })
}
