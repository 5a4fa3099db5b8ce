import type { Entry } from './catalogue'

/** What an entry is, as it stands beside the suggestions and over a word: signature, sentence, example. */
export function explain(entry: Entry): HTMLElement {
  const box = document.createElement('div')
  box.className = 'cm-entry'
  box.append(
    line('code', entry.signature),
    line('p', entry.description),
    line('code', `${entry.example} → ${entry.result}`),
  )
  return box
}

function line(tag: 'code' | 'p', text: string): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  return element
}
