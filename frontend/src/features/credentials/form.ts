/** A field of a type, as the catalogue describes it. */
export interface FieldType {
  name: string
  label: string
  description?: string | null
  secret: boolean
  required: boolean
  rows: number
  default?: string | null
  placeholder?: string | null
  options: readonly { value: string; label: string }[]
}

/** What a saved credential tells of a field: never the value of a secret one. */
export interface SavedField {
  name: string
  value?: string | null
  isSet: boolean
}

/** What a person is filling in: a text, or `null` for what is to be taken away. */
export type Written = Readonly<Record<string, string | null>>

export interface GivenField {
  name: string
  value: string | null
}

const savedOf = (saved: readonly SavedField[], name: string) => saved.find((field) => field.name === name)

/** What the form begins with. Secrets begin empty: nobody is shown them again. */
export function beginning(fields: readonly FieldType[], saved: readonly SavedField[]): Written {
  return Object.fromEntries(
    fields.map((field) => [field.name, savedOf(saved, field.name)?.value ?? field.default ?? '']),
  )
}

/** Whether an empty field means "leave it": a secret that is kept already. */
export function isKept(field: FieldType, saved: readonly SavedField[]): boolean {
  return field.secret && savedOf(saved, field.name)?.isSet === true
}

/** The names of the fields that must be filled in before anything is sent. */
export function missing(
  fields: readonly FieldType[],
  saved: readonly SavedField[],
  written: Written,
): string[] {
  const lacks = (field: FieldType) => {
    const value = written[field.name] ?? null
    if (!field.required) return false
    return value === null || (value === '' && !isKept(field, saved))
  }
  return fields.filter(lacks).map((field) => field.name)
}

/** What is sent: what differs from what is saved. A kept secret that was left empty is not among it. */
export function changes(
  fields: readonly FieldType[],
  saved: readonly SavedField[],
  written: Written,
): GivenField[] {
  return fields.flatMap(({ name, secret }): GivenField[] => {
    const value = written[name] ?? null
    const was = savedOf(saved, name)
    if (value === null || value === '') {
      const isTakenAway = was?.isSet === true && (value === null || !secret)
      return isTakenAway ? [{ name, value: null }] : []
    }
    return value === was?.value ? [] : [{ name, value }]
  })
}
