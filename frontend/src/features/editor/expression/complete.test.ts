import { describe, expect, it } from 'vitest'
import { suggest } from './complete'

const known = {
  json: { name: 'ada', address: { city: 'Paris' }, tags: ['a'], 'first name': 'x' },
  nodes: ['Webhook', 'Set'],
}
const labels = (text: string) => suggest(text, known)?.options.map((option) => option.label)

describe('suggestions', () => {
  it('are none outside of braces', () => {
    expect(suggest('$json.', known)).toBeNull()
    expect(suggest('{{ 1 }} $json.', known)).toBeNull()
  })

  it('name the item’s fields, step by step', () => {
    expect(labels('{{ $json.')).toEqual(['name', 'address', 'tags'])
    expect(labels('{{ $json.address.')).toEqual(['city'])
    expect(labels('{{ $json.address?.ci')).toEqual(['city'])
  })

  it('name what can be done with a value of that type', () => {
    expect(labels('{{ $json.name.')).toContain('toUpperCase()')
    expect(labels('{{ $json.tags.')).toContain('map()')
    expect(labels('{{ $json.nothing.')).toEqual([])
  })

  it('name the nodes before', () => {
    expect(labels("{{ $('")).toEqual(['Webhook', 'Set'])
    expect(labels("{{ $('Set').")).toContain('item.json')
  })

  it('begin where the typed word begins', () => {
    expect(suggest('Hello {{ $js', known)?.from).toBe('Hello {{ '.length)
    expect(suggest('{{ $json.na', known)?.from).toBe('{{ $json.'.length)
  })
})
