import { HighlightStyle } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** Colours by the page's variables, so that light and dark are one style. */
export const highlight = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.operatorKeyword],
    color: 'var(--code-keyword)',
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--green)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--blue)' },
  { tag: [tags.special(tags.variableName)], color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: [tags.propertyName], color: 'var(--code-property)' },
  { tag: [tags.comment], color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: [tags.brace], color: 'var(--amber)', fontWeight: '600' },
])

export function look(minLines: number) {
  return EditorView.theme({
    '&': { fontSize: '12px', backgroundColor: 'transparent', color: 'var(--ink)' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': {
      fontFamily: 'var(--mono)',
      lineHeight: '18px',
      minHeight: `${minLines * 18 + 14}px`,
      maxHeight: '420px',
    },
    '.cm-content': { padding: '7px 0', caretColor: 'var(--ink)' },
    '.cm-line': { padding: '0 8px' },
    '.cm-cursor': { borderLeftColor: 'var(--ink)' },
    '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--ink-3)', border: 'none' },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground, ::selection': {
      backgroundColor: 'color-mix(in srgb, var(--weft-accent) 26%, transparent) !important',
    },
    '.cm-placeholder': { color: 'var(--ink-3)' },
    '.cm-tooltip': {
      border: '1px solid var(--line)',
      borderRadius: '8px',
      backgroundColor: 'var(--surface)',
      boxShadow: 'var(--shadow)',
      overflow: 'hidden',
    },
    '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mono)', fontSize: '12px', maxHeight: '220px' },
    '.cm-tooltip-autocomplete > ul > li': { padding: '3px 10px !important' },
    '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
      backgroundColor: 'var(--hover)',
      color: 'var(--ink)',
    },
    '.cm-entry': { maxWidth: '360px', padding: '8px 10px', fontSize: '12px', lineHeight: '17px' },
    '.cm-entry p': { margin: '4px 0' },
    '.cm-entry code': { fontFamily: 'var(--mono)', color: 'var(--ink-2)', overflowWrap: 'anywhere' },
    '.cm-entry code:first-child': { color: 'var(--ink)' },
    '.cm-completionDetail': { color: 'var(--ink-2)', fontStyle: 'normal', marginLeft: '12px' },
    '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
    '.cm-block': {
      backgroundColor: 'color-mix(in srgb, var(--weft-accent) 9%, transparent)',
      borderRadius: '3px',
    },
  })
}
