import { describe, expect, it } from 'vitest'
import type { Entry } from './catalogue'
import { entryAt, suggest } from './complete'

const entry = (receiver: string, signature: string): Entry => ({
  receiver,
  name: signature.split(/[(:]/)[0] ?? '',
  signature,
  returns: signature.slice(signature.lastIndexOf(': ') + 2),
  isFunction: /^[^:]*\(/.test(signature),
  description: '',
  example: '',
  result: '',
})
const known = {
  json: { name: 'ada', address: { city: 'Paris' }, tags: ['a'], 'first name': 'x' },
  nodes: ['Webhook', 'Set'],
  entries: [
    entry('global', '$json: object'),
    entry('global', '$now: DateTime'),
    entry('global', '$input: node'),
    entry('global', 'isNaN(value: any): boolean'),
    entry('string', 'toUpperCase(): string'),
    entry('string', 'split(separator: string): string[]'),
    entry('array', 'map(change: function): any[]'),
    entry('array', 'first(): any'),
    entry('moment', 'plus(n: number, unit?: string): DateTime'),
    entry('datetime', 'toISO(): string'),
    entry('date', 'getTime(): number'),
    entry('node', 'item: object'),
    entry('object', 'isEmpty(): boolean'),
    entry('Math', 'max(...numbers: number[]): number'),
    entry('number', 'round(places?: number): number'),
  ],
}
const labels = (text: string) => suggest(text, known)?.options.map((option) => option.label)

describe('suggestions', () => {
  it('are none outside of braces, and none where nobody knows what stands there', () => {
    expect(suggest('$json.', known)).toBeNull()
    expect(suggest('{{ 1 }} $json.', known)).toBeNull()
    expect(labels('{{ $json.nothing.')).toEqual([])
    expect(labels('{{ (1 + 2).')).toBeUndefined()
    expect(labels('{{ ).')).toBeUndefined()
  })

  it('name the item’s fields, step by step', () => {
    expect(labels('{{ $json.')).toEqual(['name', 'address', 'tags', 'isEmpty()'])
    expect(labels('{{ $json.address.')).toEqual(['city', 'isEmpty()'])
    expect(labels('{{ $json.address?.ci')).toEqual(['city', 'isEmpty()'])
    expect(labels('{{ $json["address"].')).toEqual(['city', 'isEmpty()'])
    expect(labels('{{ $input.item.json.address.')).toEqual(['city', 'isEmpty()'])
  })

  it('name what can be done with a value of that type', () => {
    expect(labels('{{ $json.name.')).toEqual(['toUpperCase()', 'split()'])
    expect(labels('{{ $json.tags[0].')).toEqual(['toUpperCase()', 'split()'])
    expect(labels("{{ 'a'.")).toEqual(['toUpperCase()', 'split()'])
    expect(labels('{{ [1, 2].')).toEqual(['map()', 'first()'])
    expect(labels('{{ $now.')).toEqual(['plus()', 'toISO()'])
    expect(labels('{{ Math.')).toEqual(['max()'])
  })

  it('follow what functions give', () => {
    expect(labels("{{ $json.name.toUpperCase().split(').').")).toEqual(['map()', 'first()'])
    expect(labels('{{ $now.plus(1, "day").toISO().')).toEqual(['toUpperCase()', 'split()'])
    expect(labels('{{ Math.max(1, [2][0]).')).toEqual(['round()'])
    expect(labels('{{ [1].first().')).toEqual([])
  })

  it('name the nodes before, and what they have', () => {
    expect(labels("{{ $('")).toEqual(['Webhook', 'Set'])
    expect(labels('{{ ')).toContain("$('Set')")
    expect(labels('{{ $json.name + is')).toContain('isNaN()')
    expect(labels('{{ M')).toContain('Math')
  })

  it('begin where the typed word begins', () => {
    expect(suggest('Hello {{ $js', known)?.from).toBe('Hello {{ '.length)
    expect(suggest('{{ $json.na', known)?.from).toBe('{{ $json.'.length)
  })

  it('open the bracket of what takes something and close that of what takes nothing', () => {
    expect(suggest('{{ $json.name.', known)?.options.map((option) => option.apply)).toEqual([
      'toUpperCase()',
      'split(',
    ])
  })
})

describe('the word under the pointer', () => {
  const text = 'Hi {{ $json.name.split("x") + isNaN(2) }} split'
  it.each([
    ['split', 'split(separator: string): string[]'],
    ['isNaN', 'isNaN(value: any): boolean'],
    ['name', undefined],
    ['} split', undefined],
  ])('%s is explained where it is known', (word, signature) => {
    expect(entryAt(text, text.indexOf(word) + 2, known)?.signature).toBe(signature)
  })
})
