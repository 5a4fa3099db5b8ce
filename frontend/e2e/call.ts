import { request } from 'node:http'

export interface Answer {
  status: number
  body: unknown
}

/**
 * Calls a webhook as the outside world does. `<slug>.localhost` is known to browsers only, so the call goes to the
 * loopback address with the tenant's name in the Host header.
 */
export function post(address: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const url = new URL(address)
  const text = JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: url.hostname.endsWith('localhost') ? '127.0.0.1' : url.hostname,
        port: url.port || 80,
        path: url.pathname + url.search,
        method: 'POST',
        headers: {
          ...headers,
          host: url.host,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
        },
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const answer = Buffer.concat(parts).toString()
          resolve({ status: response.statusCode ?? 0, body: answer ? JSON.parse(answer) : null })
        })
      },
    )
    call.on('error', reject)
    call.end(text)
  })
}
