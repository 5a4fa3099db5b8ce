import { Stack } from '@mantine/core'
import type { Json } from '@/api/scalars'
import type { Parameters } from '../model/graph'
import { type Descriptor, shown } from '../model/kind'
import { Field } from './Field'

interface ParameterFormProps {
  descriptors: readonly Descriptor[]
  values: Parameters
  onChange: (name: string, value: Json | undefined) => void
}

/** A form made of descriptors: in their order, only those that apply. */
export function ParameterForm({ descriptors, values, onChange }: ParameterFormProps) {
  return (
    <Stack gap="md">
      {shown(descriptors, values).map((descriptor) => (
        <Field
          key={descriptor.name}
          descriptor={descriptor}
          values={values}
          onChange={(value) => onChange(descriptor.name, value)}
        />
      ))}
    </Stack>
  )
}
