import { Alert, Tooltip } from '@mantine/core'
import { CircleQuestionMark } from 'lucide-react'
import {
  type ComponentType,
  type DragEvent,
  type FocusEvent,
  lazy,
  Suspense,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import type { Json } from '@/api/scalars'
import type { ParameterType } from '@/gql/graphql'
import { fieldDragType } from '@/ui/items/Schema'
import type { Parameters } from '../model/graph'
import { type Descriptor, effective, isExpression, isMissing } from '../model/kind'
import type { FieldProps } from './fieldProps'
import { AssignmentsField } from './fields/AssignmentsField'
import { BooleanField } from './fields/BooleanField'
import { CodeField } from './fields/CodeField'
import { CollectionField } from './fields/CollectionField'
import { ConditionsField } from './fields/ConditionsField'
import { CredentialField } from './fields/CredentialField'
import { DateTimeField } from './fields/DateTimeField'
import { FixedCollectionField } from './fields/FixedCollectionField'
import { JsonField } from './fields/JsonField'
import { MultiOptionsField } from './fields/MultiOptionsField'
import { NumberField } from './fields/NumberField'
import { OptionsField } from './fields/OptionsField'
import { StringField } from './fields/StringField'
import { WorkflowField } from './fields/WorkflowField'
import { useLabels } from './labels'
import { useParametersPlace } from './ParametersContext'
import classes from './parameters.module.css'

const ExpressionField = lazy(() =>
  import('../expression/ExpressionField').then((module) => ({ default: module.ExpressionField })),
)

const fields: Record<Exclude<ParameterType, 'NOTICE'>, ComponentType<FieldProps>> = {
  STRING: StringField,
  NUMBER: NumberField,
  BOOLEAN: BooleanField,
  OPTIONS: OptionsField,
  MULTI_OPTIONS: MultiOptionsField,
  JSON: JsonField,
  CODE: CodeField,
  COLLECTION: CollectionField,
  FIXED_COLLECTION: FixedCollectionField,
  ASSIGNMENTS: AssignmentsField,
  CONDITIONS: ConditionsField,
  DATE_TIME: DateTimeField,
  CREDENTIAL: CredentialField,
  WORKFLOW: WorkflowField,
}

/** Types whose parts take expressions themselves, or whose text is no single value. */
const withoutSwitch = new Set<ParameterType>([
  'COLLECTION',
  'FIXED_COLLECTION',
  'ASSIGNMENTS',
  'CONDITIONS',
  'CODE',
  'CREDENTIAL',
  'NOTICE',
])

interface Props {
  descriptor: Descriptor
  values: Parameters
  onChange: (value: Json | undefined) => void
}

/** One parameter: its label, its help, the switch to an expression, its field, what is wrong with it. */
export function Field({ descriptor, values, onChange }: Props) {
  const t = useLabels()
  const { readOnly, field } = useParametersPlace()
  const labelId = useId()
  const box = useRef<HTMLDivElement>(null)
  // A field that nobody has been at yet is not wrong: its star says that it is asked for.
  const [left, setLeft] = useState(false)
  const wanted = field === descriptor.name || field?.startsWith(`${descriptor.name}.`) === true
  useEffect(() => {
    if (wanted) box.current?.scrollIntoView({ block: 'center' })
  }, [wanted])

  if (descriptor.type === 'NOTICE') return <Alert p="xs">{descriptor.label}</Alert>
  const value = effective(descriptor, values)
  // Where nothing was added and nothing can be, there is nothing to say.
  if (readOnly && added.has(descriptor.type) && isBare(value)) return null
  const asExpression = isExpression(value)
  const takesExpression = descriptor.acceptsExpression && !withoutSwitch.has(descriptor.type)
  const error = (left || wanted) && isMissing(descriptor, values) ? t('required') : undefined
  const Input = fields[descriptor.type]
  // A switch needs no line of its own: it stands at the end of its label's.
  const isSwitch = descriptor.type === 'BOOLEAN' && !(asExpression && takesExpression)
  const input = (
    <Input
      descriptor={descriptor}
      value={value}
      disabled={readOnly}
      error={error}
      labelId={labelId}
      onChange={onChange}
    />
  )

  const onDrop = (event: DragEvent) => {
    const path = event.dataTransfer.getData(fieldDragType)
    if (!path || !takesExpression || readOnly || asExpression) return
    event.preventDefault()
    onChange(`=${typeof value === 'string' ? value : ''}{{ ${path} }}`)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a field is one more way; the switch and typing are the others
    <div
      className={classes.field}
      ref={box}
      data-wanted={wanted}
      onBlur={(event) => isLeft(event) && setLeft(true)}
      onDragOver={(event) => takesExpression && event.preventDefault()}
      onDrop={onDrop}
    >
      <div className={classes.labelRow}>
        <span className={classes.caption}>
          <span id={labelId} className={classes.label}>
            {descriptor.label}
            {descriptor.required && <span aria-hidden> *</span>}
          </span>
          {descriptor.description && <Help label={descriptor.label} text={descriptor.description} />}
        </span>
        {takesExpression && !readOnly && (
          <ExpressionSwitch descriptor={descriptor} on={asExpression} value={value} onChange={onChange} />
        )}
        {isSwitch && input}
      </div>
      {asExpression && takesExpression ? (
        <Suspense fallback={<div className={classes.editorRest} />}>
          <ExpressionField
            label={t('expression', { field: descriptor.label })}
            value={value}
            onChange={onChange}
          />
        </Suspense>
      ) : (
        !isSwitch && input
      )}
    </div>
  )
}

/** Whether the focus leaves the field for good: not for another part of it, nor for a dialog that was opened from it. */
function isLeft({ currentTarget, target, relatedTarget }: FocusEvent): boolean {
  const within = (one: EventTarget | null) => one instanceof Node && currentTarget.contains(one)
  const inDialog = relatedTarget instanceof Element && relatedTarget.closest('[role="dialog"]') !== null
  return within(target) && !within(relatedTarget) && !inDialog
}

/** Parameters that hold what somebody added to them. */
const added = new Set(['COLLECTION', 'FIXED_COLLECTION'])

function isBare(value: Json | undefined): boolean {
  return value == null || (typeof value === 'object' && Object.keys(value).length === 0)
}

/** What a parameter means, for the pointer, the keyboard and the finger. */
function Help({ label, text }: { label: string; text: string }) {
  const t = useLabels()
  return (
    <Tooltip label={text} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={classes.helpMark} aria-label={t('helpFor', { field: label })}>
        <CircleQuestionMark size={13} aria-hidden />
      </button>
    </Tooltip>
  )
}

interface SwitchProps {
  descriptor: Descriptor
  on: boolean
  value: Json | undefined
  onChange: (value: Json | undefined) => void
}

/** The fx switch: text becomes an expression and back; nothing typed is lost on the way. */
function ExpressionSwitch({ descriptor, on, value, onChange }: SwitchProps) {
  const t = useLabels()
  const toggle = () => {
    if (on) return onChange(typeof value === 'string' && value.length > 1 ? value.slice(1) : undefined)
    const text =
      value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)
    onChange(`=${text}`)
  }
  return (
    <button
      type="button"
      className={classes.fx}
      aria-pressed={on}
      aria-label={t('useExpression', { field: descriptor.label })}
      title={t('useExpression', { field: descriptor.label })}
      onClick={toggle}
    >
      fx
    </button>
  )
}
