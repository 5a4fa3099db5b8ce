import { describe, expect, it } from 'vitest'
import { fieldName, missing, shown, subtitle } from './kind'
import { sampleDescriptor, sampleKind, sampleNode } from './samples'

const mode = sampleDescriptor('mode', {
  type: 'OPTIONS',
  default: 'manual',
  options: [
    { value: 'manual', label: 'Fields' },
    { value: 'raw', label: 'JSON' },
  ],
})
const raw = sampleDescriptor('json', { required: true, showWhen: [{ parameter: 'mode', values: ['raw'] }] })
const path = sampleDescriptor('path')

describe('a form of descriptors', () => {
  it('shows only what applies, defaults counted', () => {
    expect(shown([mode, raw], {}).map((one) => one.name)).toEqual(['mode'])
    expect(shown([mode, raw], { mode: 'raw' }).map((one) => one.name)).toEqual(['mode', 'json'])
  })

  it('misses a required parameter only when it applies', () => {
    const kind = sampleKind('set', { parameters: [mode, raw] })
    expect(missing(kind, {})).toEqual([])
    expect(missing(kind, { mode: 'raw' })).toEqual(['json'])
    expect(missing(kind, { mode: 'raw', json: '{}' })).toEqual([])
  })
})

describe('the name of a field', () => {
  const hour = sampleDescriptor('hour', { label: 'Hour' })
  const kind = sampleKind('set', {
    parameters: [
      sampleDescriptor('assignments', { label: 'Fields to set' }),
      sampleDescriptor('rule', { label: 'Rule', fields: [hour] }),
    ],
  })

  it('is what its form calls it, with the number of the entry', () => {
    expect(fieldName(kind, 'assignments.assignments[0].value')).toBe('Fields to set 1')
    expect(fieldName(kind, 'rule.interval[2].hour')).toBe('Rule 3 › Hour')
    expect(fieldName(kind, 'assignments')).toBe('Fields to set')
  })

  it('is its path where the kind does not know it', () => {
    expect(fieldName(kind, 'settings.timezone')).toBe('settings.timezone')
    expect(fieldName(undefined, 'path')).toBe('path')
  })
})

describe('the line below a name', () => {
  it('is what the kind says, with labels of options', () => {
    const kind = sampleKind('set', { label: 'Set', subtitle: '{mode} {path}', parameters: [mode, path] })
    expect(subtitle(sampleNode('a', { parameters: { path: 'orders' } }), kind)).toBe('Fields orders')
  })

  it('is the kind’s name where nothing is said', () => {
    expect(subtitle(sampleNode('a'), sampleKind('noOp', { label: 'Nothing' }))).toBe('Nothing')
  })
})
