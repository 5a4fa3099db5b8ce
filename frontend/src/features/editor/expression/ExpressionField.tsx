import type { CompletionContext } from '@codemirror/autocomplete'
import type { EditorView, Tooltip } from '@codemirror/view'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { useQuery } from 'urql'
import type { Json } from '@/api/scalars'
import { useViewer } from '@/frame/Viewer'
import { say, sayMore } from '@/sentences/say'
import { PreviewQuery } from '../documents'
import { upstream } from '../model/graph'
import { useLabels } from '../parameters/labels'
import { useParametersPlace } from '../parameters/ParametersContext'
import classes from '../parameters/parameters.module.css'
import { useTyped } from '../parameters/useTyped'
import { CodeEditor } from './CodeEditor'
import { useEntries } from './catalogue'
import { entryAt, type Known, suggest } from './complete'
import { explain } from './explain'
import { UndefinedBlocks } from './UndefinedBlocks'

interface ExpressionFieldProps {
  label: string
  /** Begins with `=`. */
  value: string
  onChange: (value: string | undefined) => void
}

/** A template with `{{ }}`: coloured, completed, and its value for the current item below it. */
export function ExpressionField({ label, value, onChange }: ExpressionFieldProps) {
  const { readOnly, workflowId, node, graph, executionId, itemIndex } = useParametersPlace()
  const typed = useTyped(value.slice(1), (text) => onChange(`=${text}`))
  const nodes = useMemo(() => upstream(graph, node.id).map((one) => one.name), [graph, node.id])
  const place = { workflowId, nodeId: node.id, executionId, itemIndex }
  const mayPreview = useViewer().may('expression:preview')
  const [{ data }] = usePreview('={{ $json }}', place, executionId === undefined || readOnly)
  const json = data?.previewExpression.value as Json | undefined
  const known: Known = { json, nodes, entries: useEntries() }
  const complete = ({ state, pos, explicit }: CompletionContext) => {
    const found = suggest(state.sliceDoc(0, pos), known)
    if (!found || (!explicit && found.options.length === 0)) return null
    const options = found.options.map(({ entry, ...option }) =>
      entry ? { ...option, info: () => explain(entry) } : option,
    )
    return { from: found.from, options, validFor: /^[\w$]*$/ }
  }
  const hover = ({ state }: EditorView, position: number): Tooltip | null => {
    const entry = entryAt(state.doc.toString(), position, known)
    return entry && { pos: entry.from, end: entry.to, above: true, create: () => ({ dom: explain(entry) }) }
  }
  return (
    <div style={{ minWidth: 0 }}>
      <CodeEditor
        label={label}
        language="template"
        value={typed.text}
        readOnly={readOnly}
        placeholder="{{ $json.name }}"
        complete={complete}
        hover={hover}
        onChange={typed.type}
        onBlur={typed.keep}
      />
      {mayPreview && <Preview expression={`=${typed.text}`} place={place} hasInput={nodes.length > 0} />}
    </div>
  )
}

interface PreviewPlace {
  workflowId: string
  nodeId: string
  executionId: string | undefined
  itemIndex: number
}

function usePreview(expression: string, place: PreviewPlace, pause: boolean) {
  return useQuery({
    query: PreviewQuery,
    variables: { input: { ...place, expression } },
    pause,
    requestPolicy: 'network-only',
  })
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

interface PreviewProps {
  expression: string
  place: PreviewPlace
  /** Something leads to the node, so that it has items. */
  hasInput: boolean
}

function Preview({ expression, place, hasInput }: PreviewProps) {
  const t = useLabels()
  const [rested] = useDebouncedValue(expression, 300)
  const [{ data, error }] = usePreview(rested, place, rested === '=')
  const preview = data?.previewExpression
  const problem = preview?.error
  const hint = problem?.hint ? ` ${sayMore(problem.code, problem.hint)}` : ''
  const text = problem
    ? say(problem) + hint
    : error
      ? t('noItems')
      : !preview
        ? t('evaluating')
        : preview.isUndefined
          ? t('undefined')
          : shown(preview.value as Json)
  return (
    <div className={`${classes.preview} mono`} data-error={Boolean(problem)}>
      {place.executionId && hasInput && expression !== '=' && (
        <span className={classes.ofItem}>{t('ofItem', { index: place.itemIndex })}</span>
      )}
      <div role="status" aria-label={t('result')} dir="auto">
        {expression === '=' ? '' : text}
        {expression !== '=' && <UndefinedBlocks blocks={preview?.undefinedBlocks ?? []} />}
      </div>
    </div>
  )
}
