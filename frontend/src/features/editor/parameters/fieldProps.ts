import type { Json } from '@/api/scalars'
import type { Descriptor } from '../model/kind'

/** What every kind of field gets. `value` is what counts: the set value, else the default. */
export interface FieldProps {
  descriptor: Descriptor
  value: Json | undefined
  disabled: boolean
  error: string | undefined
  /** The element that names the field, for parts that have no label of their own. */
  labelId: string
  onChange: (value: Json | undefined) => void
}
