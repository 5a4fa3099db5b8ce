import { lazy, Suspense } from 'react'
import type { Json } from '@/api/scalars'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'
import classes from '../parameters.module.css'
import { useTyped } from '../useTyped'

const CodeEditor = lazy(() =>
  import('../../expression/CodeEditor').then((module) => ({ default: module.CodeEditor })),
)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** JSON is kept as the text that was typed, so that nobody's layout is lost. */
export function JsonField({ descriptor, value, disabled, error, onChange }: FieldProps) {
  const t = useLabels()
  const typed = useTyped(textOf(value), (text) => onChange(text === '' ? undefined : text))
  const problem = error ?? (typed.text !== '' && !isJson(typed.text) ? t('badJson') : undefined)
  return (
    <>
      <Suspense fallback={<div className={classes.editorRest} />}>
        <CodeEditor
          label={descriptor.label}
          language="json"
          value={typed.text}
          readOnly={disabled}
          minLines={descriptor.rows ?? 4}
          onChange={typed.type}
          onBlur={typed.keep}
        />
      </Suspense>
      {problem && <span className={classes.errorText}>{problem}</span>}
    </>
  )
}
