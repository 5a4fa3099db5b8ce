import { Textarea, TextInput } from '@mantine/core'
import type { FieldProps } from '../fieldProps'
import { useTyped } from '../useTyped'

export function StringField({ descriptor, value, disabled, error, labelId, onChange }: FieldProps) {
  const typed = useTyped(typeof value === 'string' ? value : value == null ? '' : String(value), (text) =>
    onChange(text === '' && descriptor.default == null ? undefined : text),
  )
  const shared = {
    'aria-labelledby': labelId,
    placeholder: descriptor.placeholder ?? undefined,
    value: typed.text,
    readOnly: disabled,
    error,
    onBlur: typed.keep,
  }
  if ((descriptor.rows ?? 1) > 1) {
    return (
      <Textarea
        {...shared}
        autosize
        minRows={descriptor.rows ?? 3}
        maxRows={20}
        onChange={(event) => typed.type(event.currentTarget.value)}
      />
    )
  }
  return <TextInput {...shared} onChange={(event) => typed.type(event.currentTarget.value)} />
}
