import { ActionIcon, Menu } from '@mantine/core'
import { X } from 'lucide-react'
import type { Json } from '@/api/scalars'
import type { Parameters } from '../../model/graph'
import { shown } from '../../model/kind'
import { Field } from '../Field'
import type { FieldProps } from '../fieldProps'
import { useLabels } from '../labels'
import classes from '../parameters.module.css'
import { AddButton } from './AddButton'

export function objectOf(value: Json | undefined): Parameters {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
}

/** Optional fields, added one by one. */
export function CollectionField({ descriptor, value, disabled, onChange }: FieldProps) {
  const t = useLabels()
  const values = objectOf(value)
  const applying = shown(descriptor.fields, values)
  const present = applying.filter((field) => field.name in values)
  const absent = applying.filter((field) => !(field.name in values))
  const set = (name: string, next: Json | undefined) => {
    const { [name]: _, ...others } = values
    const changed = next === undefined ? others : { ...values, [name]: next }
    onChange(Object.keys(changed).length > 0 ? changed : undefined)
  }
  return (
    <div className={classes.rows}>
      {present.map((field) => (
        <div key={field.name} className={classes.inline}>
          {/* A field that was added stays until it is removed, even when it is emptied. */}
          <Field descriptor={field} values={values} onChange={(next) => set(field.name, next ?? null)} />
          {!disabled && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              aria-label={t('remove', { what: field.label })}
              onClick={() => set(field.name, undefined)}
            >
              <X size={14} aria-hidden />
            </ActionIcon>
          )}
        </div>
      ))}
      {absent.length > 0 && !disabled && (
        <Menu position="bottom-start">
          <Menu.Target>
            <AddButton>{t('addOption')}</AddButton>
          </Menu.Target>
          <Menu.Dropdown>
            {absent.map((field) => (
              <Menu.Item
                key={field.name}
                onClick={() => set(field.name, field.default ?? startOf(field.type))}
              >
                {field.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}

/** What a field that was just added holds. */
function startOf(type: string): Json {
  if (type === 'BOOLEAN') return true
  if (type === 'COLLECTION' || type === 'FIXED_COLLECTION') return {}
  return type === 'MULTI_OPTIONS' ? [] : ''
}
