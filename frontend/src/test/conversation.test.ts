// @vitest-environment jsdom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'

const script = readFileSync(
  join(import.meta.dirname, '../../../services/api/src/hooks/conversation.js'),
  'utf8',
)

const page = `<div id="talk" role="log"><div class="message first"><span class="who">Acme</span><p>Hi</p></div></div>
  <p id="state" role="status"></p>
  <form id="write" data-you="You" data-they="Acme" data-busy="Busy" data-failed="Failed">
  <textarea id="input"></textarea><button type="submit" id="send">Send</button>
  <button type="button" id="anew">New</button></form>`

/** Opens the page in a tab, whose session is kept. */
function open() {
  document.body.innerHTML = page
  new Function(script)()
}

const asked = vi.fn<typeof fetch>()
const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T
const input = () => find<HTMLTextAreaElement>('input')
const state = () => find('state').textContent
const said = () => [...document.querySelectorAll('.message p')].map((p) => p.textContent)
const answers = (body: string, status = 200) =>
  asked.mockImplementationOnce(() => Promise.resolve(new Response(body, { status })))
const sent = (call: number) => JSON.parse(String(asked.mock.calls[call]?.[1]?.body)) as Record<string, string>

async function write(text: string) {
  input().value = text
  input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true, bubbles: true }))
  await vi.waitFor(() => expect(find<HTMLButtonElement>('send').disabled).toBe(false))
}

describe('the page of a conversation', () => {
  beforeEach(() => {
    sessionStorage.clear()
    asked.mockReset()
    vi.stubGlobal('fetch', asked)
    open()
  })

  it('sends what is written and shows what is answered, as text', async () => {
    answers('{"output":"<b>You said</b> Été"}')
    await write(' Été\n')
    expect(said()).toEqual(['Hi', 'Été', '<b>You said</b> Été'])
    expect(document.querySelector('#talk b')).toBeNull()
    expect(sent(0)).toMatchObject({ action: 'sendMessage', chatInput: 'Été' })
    expect(sent(0).sessionId).toMatch(/^[0-9a-f]{32}$/)
    expect([input().value, state()]).toEqual(['', ''])
  })

  it('finds the text of every kind of answer', async () => {
    const kinds = [
      ['Bonjour', 'Bonjour'],
      ['"Salut"', 'Salut'],
      ['{"text":"a"}', 'a'],
      ['{"output":7,"message":"b"}', 'b'],
      ['{"n":1}', '{\n  "n": 1\n}'],
      ['null', 'null'],
    ]
    for (const [body = '', text] of kinds) {
      answers(body)
      await write('?')
      expect(said().at(-1), body).toBe(text)
    }
  })

  it('keeps the session while the tab is open, and begins anew when asked', async () => {
    answers('one')
    await write('first')
    open()
    expect(said()).toEqual(['Hi', 'first', 'one'])
    answers('two')
    await write('second')
    expect(sent(1).sessionId).toBe(sent(0).sessionId)
    find('anew').click()
    expect(said()).toEqual(['Hi'])
    answers('three')
    await write('third')
    expect(sent(2).sessionId).not.toBe(sent(0).sessionId)
  })

  it('says that a message was not answered and gives it back', async () => {
    answers('{"detail":"no"}', 500)
    await write('lost')
    expect([state(), input().value, said()]).toEqual(['Failed', 'lost', ['Hi', 'lost']])
    asked.mockImplementationOnce(() => Promise.reject(new TypeError('offline')))
    await write('lost')
    expect(state()).toBe('Failed')
  })

  it('sends nothing that is empty, and a new line is no end', async () => {
    await write('  ')
    input().value = 'a'
    input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey: true }))
    input().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true }))
    expect(asked).not.toHaveBeenCalled()
  })
})
