import { describe, expect, it } from 'vitest'
import { beginning, changes, type FieldType, missing, type SavedField } from './form'

const field = (name: string, more: Partial<FieldType> = {}): FieldType => ({
  name,
  label: name,
  secret: false,
  required: true,
  rows: 1,
  options: [],
  ...more,
})

const fields = [
  field('placement', { default: 'header', options: [{ value: 'header', label: 'Header' }] }),
  field('user'),
  field('note', { required: false }),
  field('key', { secret: true }),
  field('passphrase', { secret: true, required: false }),
]
const saved: SavedField[] = [
  { name: 'placement', value: 'header', isSet: true },
  { name: 'user', value: 'ada', isSet: true },
  { name: 'note', value: 'ñ', isSet: true },
  { name: 'key', value: null, isSet: true },
  { name: 'passphrase', value: null, isSet: true },
]

describe('the form of a credential', () => {
  it('begins with defaults, and shows of a saved one what may be shown', () => {
    expect(beginning(fields, [])).toEqual({
      placement: 'header',
      user: '',
      note: '',
      key: '',
      passphrase: '',
    })
    const shown = { placement: 'header', user: 'ada', note: 'ñ', key: '', passphrase: '' }
    expect(beginning(fields, saved)).toEqual(shown)
  })

  it('asks for what is required and not kept', () => {
    expect(missing(fields, [], beginning(fields, []))).toEqual(['user', 'key'])
    expect(missing(fields, saved, beginning(fields, saved))).toEqual([])
    expect(missing(fields, saved, { ...beginning(fields, saved), user: '', key: null })).toEqual([
      'user',
      'key',
    ])
  })

  it('sends of a new one all that is filled in', () => {
    const written = { ...beginning(fields, []), user: 'Zoë', key: 'k' }
    expect(changes(fields, [], written)).toEqual([
      { name: 'placement', value: 'header' },
      { name: 'user', value: 'Zoë' },
      { name: 'key', value: 'k' },
    ])
  })

  it('sends of a saved one what differs, and nothing for a secret that was left alone', () => {
    const begun = beginning(fields, saved)
    expect(changes(fields, saved, begun)).toEqual([])
    expect(changes(fields, saved, { ...begun, user: 'bob', note: '', key: 'new', passphrase: null })).toEqual(
      [
        { name: 'user', value: 'bob' },
        { name: 'note', value: null },
        { name: 'key', value: 'new' },
        { name: 'passphrase', value: null },
      ],
    )
  })
})
