// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest'
import { createSession } from './session'

interface Call {
  url: string
  csrf: string | null
}

/** A server whose session ends when told, and that gives out a new token with every refresh. */
function server(options: { refreshes: boolean }) {
  const calls: Call[] = []
  let valid = false
  const send = async (input: RequestInfo | URL, init?: RequestInit) => {
    const url = String(input)
    calls.push({ url, csrf: new Headers(init?.headers).get('x-weft-csrf') })
    if (url === '/auth/refresh') {
      valid = options.refreshes
      // biome-ignore lint/suspicious/noDocumentCookie: what the server's answer does in a browser
      if (valid) document.cookie = 'weft_csrf=new'
      return new Response(null, { status: valid ? 200 : 401 })
    }
    return new Response(valid ? 'data' : null, { status: valid ? 200 : 401 })
  }
  return { send: send as typeof fetch, calls }
}

beforeEach(() => {
  // biome-ignore lint/suspicious/noDocumentCookie: a browser's cookie is what is tested
  document.cookie = 'weft_csrf=old'
})

describe('a session', () => {
  it('refreshes once and repeats the request with the new token', async () => {
    const { send, calls } = server({ refreshes: true })
    const response = await createSession(send).fetch('/graphql', { method: 'POST', body: '{}' })
    expect(await response.text()).toBe('data')
    expect(calls).toEqual([
      { url: '/graphql', csrf: 'old' },
      { url: '/auth/refresh', csrf: 'old' },
      { url: '/graphql', csrf: 'new' },
    ])
  })

  it("sends the token of the page's own server, not of another one on this machine", async () => {
    const { send, calls } = server({ refreshes: false })
    document.head.innerHTML = '<meta name="weft-csrf-cookie" content="weft_csrf_8080">'
    for (const port of ['8081', '8080']) {
      // biome-ignore lint/suspicious/noDocumentCookie: a browser's cookie is what is tested
      document.cookie = `weft_csrf_${port}=of-${port}`
    }
    await createSession(send).fetch('/graphql')
    document.head.innerHTML = ''
    expect(calls[0]).toEqual({ url: '/graphql', csrf: 'of-8080' })
  })

  it('shares one refresh among requests that fail together', async () => {
    const { send, calls } = server({ refreshes: true })
    const { fetch } = createSession(send)
    await Promise.all([fetch('/graphql'), fetch('/graphql'), fetch('/graphql')])
    expect(calls.filter((call) => call.url === '/auth/refresh')).toHaveLength(1)
  })

  it('says that it is over when it cannot be refreshed', async () => {
    const { send } = server({ refreshes: false })
    const session = createSession(send)
    let over = 0
    session.onSignedOut(() => {
      over += 1
    })
    expect((await session.fetch('/graphql')).status).toBe(401)
    expect(over).toBe(1)
  })
})
