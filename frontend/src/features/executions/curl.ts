import type { Json } from '@/api/scalars'

/** A call of a webhook, as its trigger's item tells it. */
export interface Call {
  method: string
  url: string
  headers: Record<string, string>
  query: Record<string, Json>
  body: Json
}

/** What curl sets by itself, or what would be wrong for a call made anew. */
const ownHeaders = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'host',
  'te',
  'transfer-encoding',
  'user-agent',
])

function object(value: Json | undefined): Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
}

/** The call that a trigger's item tells of; nothing when it tells of none. */
export function callOf(item: Json, method: string): Call | null {
  const { webhookUrl, headers, query, body } = object(item)
  if (typeof webhookUrl !== 'string') return null
  const texts = Object.entries(object(headers)).filter((pair): pair is [string, string] => {
    return typeof pair[1] === 'string'
  })
  return {
    method,
    url: webhookUrl,
    headers: Object.fromEntries(texts),
    query: object(query),
    body: body ?? null,
  }
}

/** As a POSIX shell reads it: nothing between single quotes means anything but itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function pairs(values: Record<string, Json>): [string, string][] {
  const text = (value: Json) => (typeof value === 'string' ? value : JSON.stringify(value))
  return Object.entries(values).flatMap(([name, value]): [string, string][] =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, text(one)]),
  )
}

function isEmpty(body: Json): boolean {
  return body === null || body === '' || (typeof body === 'object' && Object.keys(body).length === 0)
}

function bodyArguments({ body, headers }: Call): string[] {
  if (isEmpty(body)) return []
  const type = headers['content-type'] ?? ''
  if (type.startsWith('application/x-www-form-urlencoded')) {
    return [`--data-raw ${quoted(new URLSearchParams(pairs(object(body))).toString())}`]
  }
  if (type.startsWith('multipart/form-data')) {
    return pairs(object(body)).map(([name, value]) => `--form-string ${quoted(`${name}=${value}`)}`)
  }
  return [`--data-raw ${quoted(typeof body === 'string' ? body : JSON.stringify(body))}`]
}

/** A command line that makes the call again, one argument a line. */
export function curlOf(call: Call): string {
  const [address = call.url] = call.url.split('?')
  const query = new URLSearchParams(pairs(call.query)).toString()
  const body = bodyArguments(call)
  const method = call.method === '*' ? (body.length > 0 ? 'POST' : 'GET') : call.method
  // The boundary of a form is made anew with each call.
  const sent = Object.entries(call.headers).filter(
    ([name, value]) => !ownHeaders.has(name.toLowerCase()) && !value.startsWith('multipart/form-data'),
  )
  return [
    `curl -X ${method} ${quoted(query ? `${address}?${query}` : address)}`,
    ...sent.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...body,
  ].join(' \\\n  ')
}
