// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import '@/i18n/i18n'
import type { Json } from '@/api/scalars'
import type { Parameters } from '../model/graph'
import type { Descriptor } from '../model/kind'
import { chain, sampleDescriptor, sampleNode } from '../model/samples'
import { ParameterForm } from './ParameterForm'
import { ParametersProvider } from './ParametersContext'

afterEach(cleanup)

/** Shows a form and gathers what it changes. */
function show(descriptors: Descriptor[], values: Parameters = {}) {
  const changes: [string, Json | undefined][] = []
  render(
    <MantineProvider env="test">
      <ParametersProvider
        workflowId="w"
        node={sampleNode('a')}
        graph={chain('a')}
        executionId={undefined}
        itemIndex={0}
        readOnly={false}
        field={undefined}
      >
        <ParameterForm
          descriptors={descriptors}
          values={values}
          onChange={(name, value) => changes.push([name, value])}
        />
      </ParametersProvider>
    </MantineProvider>,
  )
  return changes
}

describe('a form made of descriptors', () => {
  it('names every field by its label', () => {
    show([
      sampleDescriptor('path', { label: 'Path' }),
      sampleDescriptor('count', { label: 'How many', type: 'NUMBER' }),
      sampleDescriptor('loose', { label: 'Be loose', type: 'BOOLEAN' }),
    ])
    expect(screen.getByRole('textbox', { name: 'Path' })).toBeTruthy()
    expect(screen.getByRole('textbox', { name: 'How many' })).toBeTruthy()
    expect(screen.getByRole('switch', { name: 'Be loose' })).toBeTruthy()
  })

  it('says what an option means below its label', async () => {
    const options = [
      { value: 'onReceived', label: 'Immediately', description: 'The caller does not wait.' },
      { value: 'noData', label: 'No body', description: null },
    ]
    show([sampleDescriptor('respond', { label: 'Respond', type: 'OPTIONS', options })])
    fireEvent.click(screen.getByRole('combobox', { name: 'Respond' }))
    const listed = await screen.findAllByRole('option', { hidden: true })
    expect(listed.map((option) => option.textContent)).toEqual([
      'ImmediatelyThe caller does not wait.',
      'No body',
    ])
  })

  it('keeps text when the field is left', () => {
    const changes = show([sampleDescriptor('path', { label: 'Path' })])
    const field = screen.getByRole('textbox', { name: 'Path' })
    fireEvent.change(field, { target: { value: 'orders' } })
    fireEvent.blur(field)
    expect(changes).toEqual([['path', 'orders']])
  })

  it('keeps text before a shortcut, which may execute it', () => {
    const changes = show([sampleDescriptor('path', { label: 'Path' })])
    const field = screen.getByRole('textbox', { name: 'Path' })
    fireEvent.change(field, { target: { value: 'orders' } })
    expect(changes).toEqual([])
    fireEvent.keyDown(field, { key: 'Enter', ctrlKey: true })
    expect(changes).toEqual([['path', 'orders']])
  })

  it('keeps numbers as numbers', () => {
    const changes = show([sampleDescriptor('count', { label: 'How many', type: 'NUMBER' })])
    const field = screen.getByRole('textbox', { name: 'How many' })
    fireEvent.change(field, { target: { value: '12' } })
    fireEvent.blur(field)
    expect(changes).toEqual([['count', 12]])
  })

  it('says what is missing once it was left empty, and turns text into an expression', () => {
    const changes = show([sampleDescriptor('url', { label: 'URL', required: true })], {})
    expect(screen.queryByText('Fill this in')).toBeNull()
    fireEvent.blur(screen.getByRole('textbox', { name: 'URL' }))
    expect(screen.getByText('Fill this in')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /use an expression for URL/ }))
    expect(changes).toEqual([['url', '=']])
  })

  it('says nothing is missing while a dialog that was opened from the field has the focus', () => {
    show([sampleDescriptor('url', { label: 'URL', required: true })], {})
    const dialog = document.body.appendChild(document.createElement('div'))
    dialog.setAttribute('role', 'dialog')
    const inDialog = dialog.appendChild(document.createElement('input'))
    const field = screen.getByRole('textbox', { name: 'URL' })
    fireEvent.blur(field, { relatedTarget: inDialog })
    expect(screen.queryByText('Fill this in')).toBeNull()
    fireEvent.blur(field, { relatedTarget: document.body })
    expect(screen.getByText('Fill this in')).toBeTruthy()
    dialog.remove()
  })

  it('offers no expression where none is accepted', () => {
    show([sampleDescriptor('mode', { label: 'Mode', acceptsExpression: false })])
    expect(screen.queryByRole('button', { name: /use an expression/ })).toBeNull()
  })

  it('adds a field to set, in the shape that is stored', () => {
    const changes = show([sampleDescriptor('assignments', { label: 'Fields', type: 'ASSIGNMENTS' })])
    fireEvent.click(screen.getByRole('button', { name: 'Add a field' }))
    expect(changes).toEqual([
      ['assignments', { assignments: [{ id: expect.any(String), name: '', type: 'string', value: '' }] }],
    ])
  })

  it('makes an expression of a value that holds braces', () => {
    const row = { id: '1', name: 'greeting', type: 'string', value: '' }
    const changes = show([sampleDescriptor('assignments', { type: 'ASSIGNMENTS' })], {
      assignments: { assignments: [row] },
    })
    const field = screen.getByRole('textbox', { name: 'Value' })
    fireEvent.change(field, { target: { value: 'Hello {{ $json.name }}' } })
    fireEvent.blur(field)
    expect(changes).toEqual([
      ['assignments', { assignments: [{ ...row, value: '=Hello {{ $json.name }}' }] }],
    ])
  })

  it('adds a condition, in the shape that is stored', () => {
    const changes = show([sampleDescriptor('conditions', { type: 'CONDITIONS' })])
    fireEvent.click(screen.getByRole('button', { name: 'Add a condition' }))
    expect(changes).toEqual([
      [
        'conditions',
        {
          combinator: 'and',
          conditions: [
            {
              id: expect.any(String),
              leftValue: '',
              rightValue: '',
              operator: { type: 'string', operation: 'equals' },
            },
          ],
        },
      ],
    ])
  })

  it('has a help that the keyboard reaches, where there is something to say', () => {
    show([
      sampleDescriptor('path', { label: 'Path', description: 'What comes after the host.' }),
      sampleDescriptor('url', { label: 'URL' }),
    ])
    expect(screen.getAllByRole('button', { name: /^What “/ }).map((help) => help.ariaLabel)).toEqual([
      'What “Path” means',
    ])
  })

  it('shows a list that is alone in an object without a box around it', () => {
    const pairs = sampleDescriptor('pairs', {
      label: 'Pairs',
      type: 'FIXED_COLLECTION',
      multiple: true,
      fields: [sampleDescriptor('left', { label: 'Left' })],
    })
    const changes = show([
      sampleDescriptor('match', { label: 'To match', type: 'FIXED_COLLECTION', fields: [pairs] }),
    ])
    expect(screen.queryByText('Pairs')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Add an entry' }))
    expect(changes).toEqual([['match', { pairs: [{}] }]])
  })

  it('shows the options of a collection that were added, and takes them away', () => {
    const options = sampleDescriptor('options', {
      type: 'COLLECTION',
      fields: [
        sampleDescriptor('dots', { label: 'Dots', type: 'BOOLEAN' }),
        sampleDescriptor('name', { label: 'Name' }),
      ],
    })
    const changes = show([options], { options: { dots: true } })
    expect(screen.getByRole('switch', { name: 'Dots' })).toBeTruthy()
    expect(screen.queryByRole('textbox', { name: 'Name' })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Remove Dots' }))
    expect(changes).toEqual([['options', undefined]])
  })
})
