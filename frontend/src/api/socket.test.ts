import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildSchema, execute, GraphQLError, subscribe, validate } from 'graphql'
import { useServer as serve } from 'graphql-ws/use/ws'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { openSocket, type Socket } from './socket'

const schema = buildSchema(`
  type Query { ok: Boolean }
  type Subscription { events(after: Int): Event! }
  type Event { position: Int! }
`)
const document = 'subscription Events($after: Int) { events(after: $after) { position } }'
const last = 400

const closing: (() => void)[] = []
afterEach(() => {
  // Clients before their servers, or they would try to come back.
  for (const close of closing.splice(0).reverse()) close()
})

/** A log of events that cuts every connection after a few of them; on a resume it repeats the last one, as a careless server might. */
type Cut = ((socket: WebSocket) => void) | 'unavailable'

async function cuttingServer(cut: Cut = (socket) => socket.terminate()) {
  const sockets = new Set<WebSocket>()
  const asked: (number | undefined)[] = []
  async function* events({ after }: { after?: number }) {
    asked.push(after)
    let told = 0
    for (let position = Math.max(1, after ?? 1); position <= last; position += 1) {
      yield { events: { position } }
      told += 1
      if (told !== 8) continue
      if (cut === 'unavailable') {
        yield { events: new GraphQLError('It ended.', { extensions: { code: 'UNAVAILABLE' } }) }
        return
      }
      for (const socket of sockets) cut(socket)
    }
  }
  const http = createServer()
  const wss = new WebSocketServer({ server: http })
  wss.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  serve({ schema, execute, subscribe, validate, roots: { subscription: { events } } }, wss)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.terminate()
    http.close()
  })
  return { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, asked, sockets }
}

/** Subscribes and gathers positions until the last. */
async function everything(socket: Socket): Promise<number[]> {
  const arrived: number[] = []
  await new Promise<void>((resolve, reject) => {
    const operation = { query: document, variables: {} } as Parameters<typeof socket.forward>[0]
    socket.forward(operation, {} as Parameters<typeof socket.forward>[1]).subscribe({
      next: (result) => {
        arrived.push((result.data as { events: { position: number } }).events.position)
        if (arrived.at(-1) === last) resolve()
      },
      error: reject,
      complete: () => resolve(),
    })
  })
  return arrived
}

describe('a subscription over a socket that keeps breaking', () => {
  it('loses nothing and doubles nothing', async () => {
    const { url, asked } = await cuttingServer()
    const socket = openSocket({
      url,
      session: { refresh: async () => true },
      webSocketImpl: WebSocket,
      wait: () => 0,
    })
    closing.push(socket.close)
    const arrived = await everything(socket)
    expect(arrived).toEqual(Array.from({ length: last }, (_, at) => at + 1))
    expect(asked.length).toBeGreaterThan(20)
  }, 30_000)

  it('gets a new session and goes on when the server says that it ran out', async () => {
    const { url, asked } = await cuttingServer((socket) => socket.close(4401, 'Unauthorized'))
    let refreshed = 0
    const refresh = async () => {
      refreshed += 1
      return true
    }
    const socket = openSocket({ url, session: { refresh }, webSocketImpl: WebSocket, wait: () => 0 })
    closing.push(socket.close)
    const arrived = await everything(socket)
    expect(arrived).toEqual(Array.from({ length: last }, (_, at) => at + 1))
    expect(refreshed).toBeGreaterThan(20)
    expect(asked.length).toBeGreaterThan(20)
  }, 30_000)

  it('begins again where the server could not go on', async () => {
    const { url, asked } = await cuttingServer('unavailable')
    const socket = openSocket({
      url,
      session: { refresh: async () => true },
      webSocketImpl: WebSocket,
      wait: () => 0,
    })
    closing.push(socket.close)
    expect(await everything(socket)).toEqual(Array.from({ length: last }, (_, at) => at + 1))
    expect(asked.length).toBeGreaterThan(20)
  }, 30_000)

  it('asks for the session again when nobody answered the first time', async () => {
    const { url } = await cuttingServer((socket) => socket.close(4401, 'Unauthorized'))
    let asked = 0
    const refresh = async () => {
      asked += 1
      if (asked % 2 === 1) throw new Error('nobody answered')
      return true
    }
    const socket = openSocket({ url, session: { refresh }, webSocketImpl: WebSocket, wait: () => 0 })
    closing.push(socket.close)
    expect(await everything(socket)).toHaveLength(last)
  }, 30_000)

  it('comes back with a fresh session when nothing is subscribed to', async () => {
    const { url, sockets } = await cuttingServer()
    const refresh = async () => true
    const socket = openSocket({ url, session: { refresh }, webSocketImpl: WebSocket, wait: () => 0 })
    closing.push(socket.close)
    const states: string[] = []
    const rounds = 3
    await new Promise<void>((resolve) => {
      socket.connection.subscribe(() => {
        const state = socket.connection.get()
        states.push(state)
        if (states.length > 2 * rounds) resolve()
        else if (state === 'live') for (const one of sockets) one.close(4401, 'Unauthorized')
      })
    })
    expect(states).toEqual([...Array.from({ length: rounds }, () => ['live', 'lost']).flat(), 'live'])
  }, 30_000)

  it('tells when the connection is live and when it is lost', async () => {
    const { url } = await cuttingServer()
    const socket = openSocket({
      url,
      session: { refresh: async () => true },
      webSocketImpl: WebSocket,
      wait: () => 50,
    })
    closing.push(socket.close)
    const seen: string[] = []
    await new Promise<void>((resolve) => {
      socket.connection.subscribe(() => {
        seen.push(socket.connection.get())
        if (seen.length === 1) closing[0]?.()
        if (seen.length === 2) resolve()
      })
    })
    expect(seen).toEqual(['live', 'lost'])
  }, 10_000)
})
