import { Button, PasswordInput, Select, Textarea, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { type FieldType, isKept, type SavedField, type Written } from './form'
import { useLabels } from './labels'

interface FieldsProps {
  fields: readonly FieldType[]
  saved: readonly SavedField[]
  written: Written
  /** What is wrong, by the name of the field. */
  errors: Readonly<Record<string, string>>
  onChange: (written: Written) => void
}

/** The fields of a type, as the catalogue describes them. Secret ones are written and never shown again. */
export function CredentialFields({ fields, saved, written, errors, onChange }: FieldsProps) {
  return fields.map((field) => (
    <OneField
      key={field.name}
      field={field}
      kept={isKept(field, saved)}
      value={written[field.name] ?? null}
      error={errors[field.name]}
      onChange={(value) => onChange({ ...written, [field.name]: value })}
    />
  ))
}

interface OneProps {
  field: FieldType
  kept: boolean
  value: string | null
  error: string | undefined
  onChange: (value: string | null) => void
}

function OneField({ field, kept, value, error, onChange }: OneProps) {
  const t = useLabels()
  if (field.options.length > 0) {
    return (
      <Select
        label={field.label}
        description={field.description}
        allowDeselect={false}
        required={field.required}
        value={value}
        data={field.options.map((option) => ({ value: option.value, label: option.label }))}
        error={error}
        onChange={(chosen) => chosen !== null && onChange(chosen)}
      />
    )
  }
  const shown = {
    label: field.label,
    value: value ?? '',
    error,
    required: field.required && !kept,
    autoComplete: field.secret ? 'new-password' : 'off',
    spellCheck: false,
    placeholder: kept ? t(value === null ? 'forgotten' : 'kept') : (field.placeholder ?? undefined),
    description: kept && field.required ? t('keptWhy') : field.description,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  }
  const Input = field.rows > 1 ? Textarea : field.secret ? PasswordInput : TextInput
  return (
    <div>
      <Input
        {...shown}
        {...(field.rows > 1 ? { minRows: field.rows, rows: field.rows, classNames: { input: 'mono' } } : {})}
      />
      {kept && !field.required && <Forget field={field} isForgotten={value === null} onChange={onChange} />}
    </div>
  )
}

interface ForgetProps {
  field: FieldType
  isForgotten: boolean
  onChange: (value: string | null) => void
}

/** Takes a secret away that need not be there. */
function Forget({ field, isForgotten, onChange }: ForgetProps): ReactNode {
  const t = useLabels()
  return (
    <Button size="compact-xs" variant="subtle" mt={4} onClick={() => onChange(isForgotten ? '' : null)}>
      {t(isForgotten ? 'restore' : 'forget', { field: field.label })}
    </Button>
  )
}
