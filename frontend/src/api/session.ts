/** Requests with the session's cookies: proof against forgery, one silent refresh, and word when the session is over. */

type Fetch = typeof fetch

export interface Session {
  /** Like `fetch`, signed in. */
  fetch: Fetch
  /** Asks for a new session with the refresh cookie; false when the person must sign in again. Fails when nobody answers. */
  refresh: () => Promise<boolean>
  onSignedOut: (listener: () => void) => () => void
}

// Its name ends in the server's port where there is no HTTPS, and begins with a prefix where there is.
const csrfCookie = /^(__Host-)?weft_csrf(_\d+)?$/
export const csrfHeader = 'x-weft-csrf'

export function cookie(name: string, cookies: string): string | null {
  for (const pair of cookies.split('; ')) {
    const at = pair.indexOf('=')
    if (pair.slice(0, at) === name) return decodeURIComponent(pair.slice(at + 1))
  }
  return null
}

/** The server's page says what the cookie is called; the page of a development server does not, so that one is looked for. */
function csrfToken(): string {
  const named = document.querySelector<HTMLMetaElement>('meta[name="weft-csrf-cookie"]')?.content
  const names = document.cookie.split('; ').map((pair) => pair.split('=')[0] ?? '')
  const name = named ?? names.find((one) => csrfCookie.test(one))
  return name ? (cookie(name, document.cookie) ?? '') : ''
}

export function createSession(send: Fetch): Session {
  const listeners = new Set<() => void>()
  let refreshing: Promise<boolean> | null = null

  const withToken = (init?: RequestInit): RequestInit => {
    const headers = new Headers(init?.headers)
    headers.set(csrfHeader, csrfToken())
    // Labels of the catalogue and sentences of refusals come in the page's language, not the browser's.
    headers.set('accept-language', document.documentElement.lang)
    return { ...init, headers, credentials: 'same-origin' }
  }

  // Several requests find out at once that the session is over: they share one refresh, since its token is used up by the first.
  const refresh = () => {
    refreshing ??= send('/auth/refresh', withToken({ method: 'POST' }))
      .then((response) => {
        if (response.status >= 500) throw new Error(`The session could not be refreshed: ${response.status}`)
        return response.ok
      })
      .finally(() => {
        refreshing = null
      })
    return refreshing
  }

  const signedInFetch: Fetch = async (input, init) => {
    const first = await send(input, withToken(init))
    if (first.status !== 401) return first
    if (await refresh()) {
      const second = await send(input, withToken(init))
      if (second.status !== 401) return second
    }
    for (const listener of listeners) listener()
    return first
  }

  return {
    fetch: signedInFetch,
    refresh,
    onSignedOut: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A problem as RFC 9457 describes it. */
export interface Problem {
  title: string
  detail?: string
  status: number
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<Problem>
    return { title: body.title ?? response.statusText, detail: body.detail, status: response.status }
  } catch {
    return { title: response.statusText, status: response.status }
  }
}

/** Signs in; the answer is the problem, or nothing when it worked. */
export async function signIn(email: string, password: string): Promise<Problem | null> {
  try {
    const response = await fetch('/auth/sign-in', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    return response.ok ? null : await problemOf(response)
  } catch {
    return { title: 'network', status: 0 }
  }
}

export async function signOut(session: Session): Promise<void> {
  await session.fetch('/auth/sign-out', { method: 'POST' }).catch(() => undefined)
}
