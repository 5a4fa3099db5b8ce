import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'
import { createSession, type Session } from './session'
import { type Connection, openSocket, type Socket } from './socket'

export interface Api {
  client: Client
  session: Session
  /** Opens the socket, so that the first subscription need not wait for it. */
  connect: () => void
  connection: { get: () => Connection; subscribe: (listener: () => void) => () => void }
}

function socketUrl(page: Location): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/graphql`
}

/** One connection to the server for the life of the page. The socket opens when a signed-in page asks for it. */
export function createApi(): Api {
  const session = createSession((input, init) => fetch(input, init))
  let socket: Socket | null = null
  const waiting = new Set<() => void>()
  const theSocket = () => {
    if (!socket) {
      socket = openSocket({ url: socketUrl(window.location), session })
      socket.connection.subscribe(() => {
        for (const listener of waiting) listener()
      })
    }
    return socket
  }
  const client = new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetch: session.fetch,
    exchanges: [
      cacheExchange,
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: (request, operation) => theSocket().forward(request, operation),
      }),
    ],
  })
  return {
    client,
    session,
    connect: () => void theSocket(),
    connection: {
      get: () => socket?.connection.get() ?? 'connecting',
      subscribe: (listener) => {
        waiting.add(listener)
        return () => waiting.delete(listener)
      },
    },
  }
}
