import { TextInput } from '@mantine/core'
import { useTyped } from '../parameters/useTyped'

interface KeyInputProps {
  label: string
  description: string
  disabled: boolean
  value: string | null
  onChange: (key: string | null) => void
}

/** An expression over the first item of an execution; it becomes an edit when it is typed. */
export function KeyInput({ label, description, disabled, value, onChange }: KeyInputProps) {
  const typed = useTyped(value ?? '', (text) => onChange(text.trim() === '' ? null : text))
  return (
    <TextInput
      label={label}
      description={description}
      disabled={disabled}
      value={typed.text}
      onBlur={typed.keep}
      onChange={(event) => typed.type(event.currentTarget.value)}
    />
  )
}
