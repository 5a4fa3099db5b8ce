import { WorkflowSelect } from '@/workflow/WorkflowSelect'
import type { FieldProps } from '../fieldProps'

/** One of the tenant's workflows. The parameter holds its reference alone. */
export function WorkflowField({ value, disabled, error, labelId, onChange }: FieldProps) {
  return (
    <WorkflowSelect
      labelId={labelId}
      value={typeof value === 'string' && value !== '' ? value : null}
      readOnly={disabled}
      error={error}
      onChange={(reference) => onChange(reference ?? undefined)}
    />
  )
}
