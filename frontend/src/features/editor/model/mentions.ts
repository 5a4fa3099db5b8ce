/** Where the code of an expression names other nodes. The server has the same rules: a rename there changes the same places. */

/** One place that names a node: `start` to `end` is what a new name replaces. */
export interface Mention {
  name: string
  start: number
  end: number
  /** How another name stands here. */
  written: (name: string) => string
}

export type Quote = '"' | "'" | '`'

/** The mentions in a text with `{{ }}` blocks, in order; also where the text cannot be compiled yet. */
export function mentionsIn(source: string): Mention[] {
  const found: Mention[] = []
  let from = 0
  for (;;) {
    const open = unescaped(source, '{{', from)
    if (open < 0) return found
    const start = open + 2
    const end = endOfBlock(source, start)
    const code = source.slice(start, end < 0 ? source.length : end)
    for (const one of new Scanner(code).scan()) {
      found.push({ ...one, start: one.start + start, end: one.end + start })
    }
    if (end < 0) return found
    from = end + 2
  }
}

/** The next place of two braces that have no backslash before them. */
function unescaped(source: string, braces: string, from: number): number {
  let at = source.indexOf(braces, from)
  while (at > 0 && source[at - 1] === '\\') at = source.indexOf(braces, at + braces.length)
  return at
}

/** The most `}}` that are tried as the end of one block; it bounds the work on hostile text. */
const mostEnds = 12

/** Where the `}}` of a block is; a pair inside of a string or an object ends it only where nothing later does. */
function endOfBlock(source: string, start: number): number {
  const first = unescaped(source, '}}', start)
  let end = first
  for (let tried = 0; tried < mostEnds && end >= 0; tried += 1) {
    const scanner = new Scanner(source.slice(start, end))
    scanner.scan()
    if (scanner.isComplete) return end
    const next = unescaped(source, '}}', end + 1)
    if (next < 0 || source.slice(end, next).includes('{{')) break
    end = next
  }
  return first
}

const isIdentifier = (name: string) => /^[\p{Alphabetic}_$][\p{Alphabetic}\p{N}_$]*$/u.test(name)

/** A name as a JavaScript string in an expression; brackets that would end the block are written as escapes. */
export function quotedName(name: string, quote: Quote): string {
  let out: string = quote
  for (const char of name) {
    if (char === '\n') out += '\\n'
    else if (char === '\r') out += '\\r'
    else if (char === '{' && /[{$]$/.test(out)) out += '\\x7b'
    else if (char === '}' && out.endsWith('}')) out += '\\x7d'
    else out += char === '\\' || char === quote ? `\\${char}` : char
  }
  return out + quote
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/** What stands between the quotes of a string, with its escapes read. */
function meaningOf(written: string): string {
  return written.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.))/gsu, (_, short, long, char) => {
    const code: string | undefined = short ?? long
    return code ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[char] ?? char)
  })
}

/** What came before, as far as it decides what a `/` or a name means. */
type Before = 'operator' | 'operand' | 'dot'

const words = /[\p{Alphabetic}\p{N}_$]+/uy
const strings = {
  '"': /"[^"\\]*(?:\\.[^"\\]*)*"/sy,
  "'": /'[^'\\]*(?:\\.[^'\\]*)*'/sy,
  '`': /`[^`\\]*(?:\\.[^`\\]*)*`/sy,
}
/** From inside of a template literal to its end or its next block. */
const literals = /[^`\\$]*(?:(?:\\.|\$(?!\{))[^`\\$]*)*(?:`|\$\{)/sy
/** A template literal that has blocks. */
const filled = /^`[^\\$]*(?:(?:\\.|\$(?!\{))[^\\$]*)*\$\{/s
const comments = /\/\/[^\n]*|\/\*.*?(?:\*\/|$)/sy
const patterns = /\/(?:[^/\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\//sy
const spaces = /\s*/sy
const beforeOperands = /^(?:typeof|return|in|instanceof|void|new|delete|case|else)$/

/** Walks over the tokens of a block. */
class Scanner {
  /** Whether everything that was opened was closed, as far as was read. */
  isComplete = true
  private at = 0
  private before: Before = 'operator'
  /** What is open: a bracket, or `$` for the `${` of a template literal. */
  private readonly opened: string[] = []
  private readonly found: Mention[] = []

  constructor(private readonly code: string) {}

  scan(): Mention[] {
    while (this.at < this.code.length) this.token()
    if (this.opened.length > 0) this.isComplete = false
    return this.found
  }

  private token() {
    const char = this.code[this.at] ?? ''
    if (char === '"' || char === "'") {
      if (!this.take(strings[char])) this.breakOff()
      this.before = 'operand'
    } else if (char === '`' || (char === '}' && this.opened.at(-1) === '$')) {
      if (char === '}') this.opened.pop()
      this.template()
    } else if (char === '/') this.slash()
    else if (!this.word()) this.sign(char)
  }

  /** Moves behind a pattern that stands here; gives its text. */
  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const text = pattern.exec(this.code)?.[0] ?? null
    this.at += text?.length ?? 0
    return text
  }

  /** Something is never closed: there is nothing more to read. */
  private breakOff() {
    this.at = this.code.length
    this.isComplete = false
  }

  private sign(char: string) {
    const spread = this.code.startsWith('...', this.at)
    this.at += spread ? 3 : 1
    if ('([{'.includes(char)) this.opened.push(char)
    if (')]}'.includes(char)) this.close(char)
    if (/\s/.test(char)) return
    this.before = char === '.' && !spread ? 'dot' : ')]}'.includes(char) ? 'operand' : 'operator'
  }

  private close(char: string) {
    const wanted = char === ')' ? '(' : char === ']' ? '[' : '{'
    if (this.opened.at(-1) === wanted) this.opened.pop()
    else this.isComplete = false
  }

  /** A division, a comment or a regular expression. */
  private slash() {
    if (this.take(comments) !== null) return
    if (this.before !== 'operand' && this.take(patterns) !== null) this.before = 'operand'
    else this.sign('/')
  }

  /** The raw text of a template literal, from the `` ` `` or `}` before it up to the next `` ` `` or `${`. */
  private template() {
    this.at += 1
    const text = this.take(literals)
    if (text === null) return this.breakOff()
    if (!text.endsWith('`')) this.opened.push('$')
    this.before = text.endsWith('`') ? 'operand' : 'operator'
  }

  private word(): boolean {
    const word = this.take(words)
    if (word === null) return false
    const isProperty = this.before === 'dot'
    this.before = beforeOperands.test(word) ? 'operator' : 'operand'
    if (isProperty) return true
    if (word === '$' || word === '$items') this.argument('(', this.at)
    else if (word === '$node') this.property()
    return true
  }

  /** A quoted name after a bracket; otherwise the place is left as it was before. */
  private argument(bracket: '(' | '[', back: number) {
    this.take(spaces)
    if (this.code[this.at] !== bracket) {
      this.at = back
      return
    }
    this.sign(bracket)
    this.take(spaces)
    const quote = this.code[this.at]
    if (quote !== '"' && quote !== "'" && quote !== '`') return
    const start = this.at
    const text = this.take(strings[quote])
    if (text === null) return
    // A template literal with blocks: its name is not known here.
    if (quote === '`' && filled.test(text)) {
      this.at = start
      return
    }
    this.before = 'operand'
    const written = (name: string) => quotedName(name, quote)
    this.found.push({ name: meaningOf(text.slice(1, -1)), start, end: this.at, written })
  }

  /** `["Name"]`, `.Name` or either after `?.`. */
  private property() {
    const back = this.at
    this.take(spaces)
    const start = this.at
    const sign = this.take(/\?\.|\./y)
    if (sign !== '.' && this.code[this.at] === '[') return this.argument('[', this.at)
    if (sign === null) {
      this.at = back
      return
    }
    this.take(spaces)
    const name = this.take(words) ?? ''
    const bracket = sign === '.' ? '' : sign
    const written = (to: string) => (isIdentifier(to) ? sign + to : `${bracket}[${quotedName(to, '"')}]`)
    this.found.push({ name, start, end: this.at, written })
  }
}
