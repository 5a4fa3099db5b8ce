import { StreamLanguage, type StreamParser } from '@codemirror/language'

interface Place {
  inside: boolean
}

const words = new Set(['true', 'false', 'null', 'undefined'])

/** Text with `{{ }}` blocks: only what stands in a block is coloured. */
const parser: StreamParser<Place> = {
  name: 'template',
  startState: () => ({ inside: false }),
  token: (stream, place) => {
    if (!place.inside) {
      if (stream.match('{{')) {
        place.inside = true
        return 'brace'
      }
      if (!stream.skipTo('{{')) stream.skipToEnd()
      return null
    }
    if (stream.match('}}')) {
      place.inside = false
      return 'brace'
    }
    if (stream.eatSpace()) return null
    if (stream.match(/^"(?:[^"\\]|\\.)*"?|^'(?:[^'\\]|\\.)*'?|^`(?:[^`\\]|\\.)*`?/)) return 'string'
    if (stream.match(/^\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?/i)) return 'number'
    if (stream.match(/^\$[\w$]*/)) return 'variableName.special'
    if (stream.match(/^\.\s*[A-Za-z_][\w$]*/)) return 'propertyName'
    const word = stream.match(/^[A-Za-z_][\w$]*/) as RegExpMatchArray | null
    if (word) return words.has(word[0]) ? 'atom' : 'variableName'
    stream.next()
    return null
  },
}

export const template = StreamLanguage.define(parser)
