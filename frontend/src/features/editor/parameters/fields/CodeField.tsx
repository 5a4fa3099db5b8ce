import { lazy, Suspense } from 'react'
import type { FieldProps } from '../fieldProps'
import classes from '../parameters.module.css'
import { useTyped } from '../useTyped'

const CodeEditor = lazy(() =>
  import('../../expression/CodeEditor').then((module) => ({ default: module.CodeEditor })),
)

export function CodeField({ descriptor, value, disabled, error, onChange }: FieldProps) {
  const typed = useTyped(typeof value === 'string' ? value : '', onChange)
  return (
    <>
      <Suspense fallback={<div className={classes.editorRest} />}>
        <CodeEditor
          label={descriptor.label}
          language={descriptor.language === 'json' ? 'json' : 'javascript'}
          value={typed.text}
          readOnly={disabled}
          minLines={descriptor.rows ?? 10}
          onChange={typed.type}
          onBlur={typed.keep}
        />
      </Suspense>
      {error && <span className={classes.errorText}>{error}</span>}
    </>
  )
}
