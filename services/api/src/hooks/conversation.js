// The page of a conversation: sends what is written to the address of the page and shows what comes back.
//
// The page works without anything from elsewhere, and nothing that comes back is ever read as HTML. What was said and the name of the
// session are kept in the browser's session: they go when the tab is closed.
'use strict'
{
  /** How many messages the browser's session keeps. */
  const MOST_KEPT = 100
  const find = (id) => document.getElementById(id)
  const [talk, form, input, send, state, anew] = ['talk', 'write', 'input', 'send', 'state', 'anew'].map(find)
  const words = form.dataset
  const place = `weft conversation ${location.pathname}`

  const newSession = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }

  /** What the browser kept; a browser that keeps nothing begins anew with each page. */
  const recall = () => {
    try {
      const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null')
      if (typeof kept?.session === 'string' && Array.isArray(kept.messages)) return kept
    } catch {
      // It may not keep anything, or something else is kept there.
    }
    return { session: newSession(), messages: [] }
  }

  const keep = () => {
    conversation.messages = conversation.messages.slice(-MOST_KEPT)
    try {
      sessionStorage.setItem(place, JSON.stringify(conversation))
    } catch {
      // The conversation goes on without being kept.
    }
  }

  const show = ({ mine, text }) => {
    const message = document.createElement('div')
    message.className = mine ? 'message mine' : 'message'
    const who = document.createElement('span')
    who.className = 'who'
    who.textContent = mine ? words.you : words.they
    const said = document.createElement('p')
    said.textContent = text
    message.append(who, said)
    talk.append(message)
    talk.scrollTop = talk.scrollHeight
  }

  const add = (message) => {
    conversation.messages.push(message)
    keep()
    show(message)
  }

  /** What an answer says: the text where the last node names one, else all of it. */
  const textOf = (body) => {
    let value
    try {
      value = JSON.parse(body)
    } catch {
      return body
    }
    if (typeof value === 'string') return value
    const name = ['output', 'text', 'message'].find((name) => typeof value?.[name] === 'string')
    return name ? value[name] : JSON.stringify(value, null, 2)
  }

  const ask = async (text) => {
    const body = JSON.stringify({ action: 'sendMessage', sessionId: conversation.session, chatInput: text })
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(location.pathname, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`answered ${answer.status}`)
    return textOf(await answer.text())
  }

  const submit = async (event) => {
    event.preventDefault()
    const text = input.value.trim()
    if (text === '' || send.disabled) return
    const asked = conversation
    send.disabled = true
    state.textContent = words.busy
    input.value = ''
    add({ mine: true, text })
    try {
      const answer = await ask(text)
      if (asked === conversation) add({ mine: false, text: answer })
      state.textContent = ''
    } catch {
      state.textContent = words.failed
      if (input.value === '') input.value = text
    }
    send.disabled = false
    input.focus()
  }

  const begin = () => {
    talk.querySelectorAll('.message:not(.first)').forEach((message) => {
      message.remove()
    })
    conversation.messages.forEach(show)
  }

  let conversation = recall()
  begin()
  keep()
  form.addEventListener('submit', submit)
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
    event.preventDefault()
    form.requestSubmit()
  })
  anew.addEventListener('click', () => {
    conversation = { session: newSession(), messages: [] }
    state.textContent = ''
    begin()
    keep()
    input.focus()
  })
}
