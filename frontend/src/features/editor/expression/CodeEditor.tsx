import {
  autocompletion,
  type CompletionSource,
  closeBrackets,
  completionKeymap,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { json } from '@codemirror/lang-json'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { Annotation, EditorState, type Extension } from '@codemirror/state'
import {
  EditorView,
  type HoverTooltipSource,
  hoverTooltip,
  keymap,
  lineNumbers,
  placeholder as placeholderText,
} from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { styleNonce } from '@/app/brand'
import classes from '../parameters/parameters.module.css'
import { highlight, look } from './look'
import { template } from './template'

export type CodeLanguage = 'javascript' | 'json' | 'template'

interface CodeEditorProps {
  label: string
  language: CodeLanguage
  value: string
  readOnly?: boolean
  minLines?: number
  placeholder?: string
  complete?: CompletionSource
  /** What is told of the word under the pointer. */
  hover?: HoverTooltipSource
  onChange: (value: string) => void
  onBlur?: () => void
}

const languages: Record<CodeLanguage, () => Extension> = {
  javascript: () => [javascript(), lineNumbers(), indentOnInput()],
  json: () => [json(), indentOnInput()],
  template: () => template,
}

/** Marks changes that come from outside, so that they are not told outside again. */
const fromOutside = Annotation.define<true>()

/** Ctrl Enter is for executing, here too. */
const ownKeys = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')

/** Code, JSON or a template with expressions. Tab indents in code only: elsewhere it leaves the field. */
export function CodeEditor(props: CodeEditorProps) {
  const { value, language, label, readOnly = false, minLines = 1, placeholder, complete } = props
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const latest = useRef(props)
  latest.current = props
  const first = useRef(value)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once for a field; what it tells goes through `latest`
  useEffect(() => {
    if (!box.current) return
    const source: CompletionSource = (context) => latest.current.complete?.(context) ?? null
    const state = EditorState.create({
      doc: first.current,
      extensions: [
        languages[language](),
        history(),
        closeBrackets(),
        bracketMatching(),
        complete ? autocompletion({ override: [source], icons: false }) : autocompletion(),
        hoverTooltip((view, position, side) => latest.current.hover?.(view, position, side) ?? null),
        keymap.of([
          ...completionKeymap,
          ...ownKeys,
          ...historyKeymap,
          ...(language === 'javascript' ? [indentWithTab] : []),
        ]),
        syntaxHighlighting(highlight),
        look(minLines),
        EditorView.lineWrapping,
        EditorView.cspNonce.of(styleNonce(document)),
        EditorView.contentAttributes.of({ 'aria-label': label, 'aria-multiline': 'true' }),
        EditorState.readOnly.of(readOnly),
        placeholder ? placeholderText(placeholder) : [],
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.some((one) => one.annotation(fromOutside))) return
          latest.current.onChange(update.state.doc.toString())
        }),
        EditorView.domEventHandlers({ blur: () => latest.current.onBlur?.() }),
      ],
    })
    view.current = new EditorView({ state, parent: box.current })
    return () => {
      view.current?.destroy()
      view.current = null
    }
  }, [language, label, readOnly, minLines, placeholder, complete === undefined])

  useEffect(() => {
    const editor = view.current
    first.current = value
    if (!editor || editor.hasFocus || editor.state.doc.toString() === value) return
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: value },
      annotations: fromOutside.of(true),
    })
  }, [value])

  return <div className={classes.editor} ref={box} />
}
