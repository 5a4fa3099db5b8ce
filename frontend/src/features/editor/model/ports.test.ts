import { describe, expect, it } from 'vitest'
import type { Parameters } from './graph'
import { inputsOf, outputsOf } from './ports'
import { sampleDescriptor, sampleKind, sampleNode } from './samples'

describe('ports', () => {
  it('are as many inputs as the node says', () => {
    const kind = sampleKind('merge', {
      inputs: [{ name: 'input 1' }, { name: 'input 2' }],
      parameters: [sampleDescriptor('numberInputs', { type: 'NUMBER', default: 2 })],
    })
    expect(inputsOf(sampleNode('a'), kind)).toHaveLength(2)
    expect(inputsOf(sampleNode('a', { parameters: { numberInputs: 4 } }), kind)).toHaveLength(4)
    expect(inputsOf(sampleNode('a', { parameters: { numberInputs: '={{ 4 }}' } }), kind)).toHaveLength(2)
  })

  it('are none where a placeholder stands for a trigger, and as many as it had', () => {
    const counter = (name: string) => sampleDescriptor(name, { type: 'NUMBER', default: 1, min: 0, max: 256 })
    const kind = sampleKind('placeholder', {
      parameters: [counter('numberInputs'), counter('numberOutputs')],
    })
    const ports = (parameters: Parameters) => {
      const node = sampleNode('a', { parameters })
      return [inputsOf(node, kind), outputsOf(node, kind, '')].map((list) => list.map((port) => port.name))
    }
    expect(ports({})).toEqual([['main'], ['main']])
    expect(ports({ numberInputs: 0, numberOutputs: 3 })).toEqual([[], ['main', '1', '2']])
    expect(ports({ numberInputs: 257, numberOutputs: -1 })).toEqual([['main'], ['main']])
  })

  it('have one more output for errors where the node asks for it', () => {
    const kind = sampleKind('set')
    const outputs = outputsOf(sampleNode('a', { onError: 'ERROR_OUTPUT' }), kind, 'erreur')
    expect(outputs.map((port) => port.label ?? port.name)).toEqual(['main', 'erreur'])
  })

  it('are one for each method of a webhook that takes several', () => {
    const methods = sampleDescriptor('httpMethods', { default: ['GET', 'POST'] })
    const kind = sampleKind('webhook', { parameters: [methods] })
    const named = (parameters: Record<string, string[] | boolean>) =>
      outputsOf(sampleNode('a', { parameters }), kind, '').map((port) => port.name)
    expect(named({})).toEqual(['main'])
    expect(named({ multipleMethods: true })).toEqual(['GET', 'POST'])
    expect(named({ multipleMethods: true, httpMethods: ['PUT'] })).toEqual(['PUT'])
    expect(named({ multipleMethods: true, httpMethods: [] })).toEqual(['main'])
  })

  describe('of a node that sends by rules', () => {
    const rules = sampleDescriptor('rules', {
      showWhen: [{ parameter: 'way', values: ['rules'] }],
      fields: [sampleDescriptor('conditions'), sampleDescriptor('outputKey')],
    })
    const number = sampleDescriptor('numberOutputs', {
      default: 4,
      max: 100,
      showWhen: [{ parameter: 'way', values: ['expression'] }],
    })
    const way = sampleDescriptor('way', { default: 'rules' })
    const kind = sampleKind('switch', { outputs: [], parameters: [way, rules, number] })
    it.each<[string, Parameters, string[]]>([
      ['none without rules', {}, []],
      ['one for each rule', { rules: [{ outputKey: 'Small' }, {}] }, ['Small', '1']],
      ['an extra one', { rules: [{}], options: { fallbackOutput: 'extra' } }, ['0', 'fallback']],
      [
        'an extra one with a name',
        { rules: [{}], options: { fallbackOutput: 'extra', renameFallbackOutput: 'Rest' } },
        ['0', 'Rest'],
      ],
      ['no other fallback', { rules: [{}], options: { fallbackOutput: '0' } }, ['0']],
      ['those that rules name', { rules: [{ output: 2, outputKey: 'C' }, { output: 0 }] }, ['0', '1', 'C']],
      ['as many as are asked for', { numberOutputs: 3, rules: [{ outputKey: 'A' }] }, ['A', '1', '2']],
      ['four that an expression chooses from', { way: 'expression' }, ['0', '1', '2', '3']],
      ['as many as it chooses from', { way: 'expression', numberOutputs: 2 }, ['0', '1']],
      ['nothing odd', { rules: ['x', { output: 1e9 }], options: [] }, ['0']],
    ])('are %s', (_, parameters, expected) => {
      const outputs = outputsOf(sampleNode('a', { parameters }), kind, '')
      expect(outputs.map((port) => port.name)).toEqual(expected)
    })
  })

  it('are those of a loop, in the order that it says', () => {
    const parameters = [sampleDescriptor('outputs', { default: 'doneLoop' })]
    const kind = sampleKind('loop_items', { outputs: [{ name: 'done' }, { name: 'loop' }], parameters })
    const named = (outputs?: string) =>
      outputsOf(sampleNode('a', { parameters: outputs ? { outputs } : {} }), kind, '').map(
        (port) => port.name,
      )
    expect(named()).toEqual(['done', 'loop'])
    expect(named('loopDone')).toEqual(['loop', 'done'])
    expect(named('loop')).toEqual(['loop'])
  })
})
