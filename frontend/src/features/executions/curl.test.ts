import { describe, expect, it } from 'vitest'
import { type Call, callOf, curlOf } from './curl'

const call = (change: Partial<Call> = {}): Call => ({
  method: 'POST',
  url: 'https://acme.example/hooks/1/orders',
  headers: { 'content-type': 'application/json' },
  query: {},
  body: { id: 1 },
  ...change,
})

describe('a call as curl', () => {
  it('is made again with its method, headers and body', () => {
    const headers = {
      'content-type': 'application/json',
      'x-signature': 'abc',
      host: 'a',
      'content-length': '8',
    }
    expect(curlOf(call({ headers }))).toBe(
      [
        `curl -X POST 'https://acme.example/hooks/1/orders'`,
        `-H 'content-type: application/json'`,
        `-H 'x-signature: abc'`,
        `--data-raw '{"id":1}'`,
      ].join(' \\\n  '),
    )
  })

  it('lets nothing of the call reach the shell', () => {
    expect(curlOf(call({ headers: {}, body: `it's $(rm -rf /) \`x\`` }))).toContain(
      `--data-raw 'it'\\''s $(rm -rf /) \`x\`'`,
    )
  })

  it('keeps the query, with every value of a name', () => {
    const made = curlOf(call({ method: 'GET', headers: {}, body: {}, query: { a: ['1', '2'], b: 'x y' } }))
    expect(made).toBe(`curl -X GET 'https://acme.example/hooks/1/orders?a=1&a=2&b=x+y'`)
  })

  it('sends forms as forms', () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    expect(curlOf(call({ headers, body: { name: 'Ada L', tag: ['a', 'b'] } }))).toContain(
      `--data-raw 'name=Ada+L&tag=a&tag=b'`,
    )
    const parts = curlOf(
      call({ headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: { n: '1' } }),
    )
    expect(parts).toContain(`--form-string 'n=1'`)
    expect(parts).not.toContain('boundary')
  })

  it('chooses a method where the webhook takes any', () => {
    expect(curlOf(call({ method: '*' }))).toContain('curl -X POST')
    expect(curlOf(call({ method: '*', body: null, headers: {} }))).toContain('curl -X GET')
  })

  it('is read from the item of a webhook, and from nothing else', () => {
    const item = { webhookUrl: 'http://x/hooks/1', headers: { a: 'b' }, params: {}, query: {}, body: null }
    expect(callOf(item, 'GET')).toEqual({
      method: 'GET',
      url: 'http://x/hooks/1',
      headers: { a: 'b' },
      query: {},
      body: null,
    })
    expect(callOf({ timestamp: 'now' }, 'GET')).toBeNull()
  })
})
