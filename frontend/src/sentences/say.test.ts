// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { changeLanguage } from '@/i18n/i18n'
import { credentialErrors } from './credentialErrors'
import { executionErrors } from './executionErrors'
import { expressionErrors } from './expressionErrors'
import { importReports } from './importReports'
import { nodeErrors } from './nodeErrors'
import { publishProblems } from './publishProblems'
import { rejections } from './rejections'
import { requestProblems } from './requestProblems'
import { say, sayMore } from './say'
import { serverErrors } from './serverErrors'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('what the server told, in French', () => {
  beforeEach(() => changeLanguage('fr'))
  afterEach(() => changeLanguage('en'))

  it('keeps the values of a sentence that is known', () => {
    const message = 'Another node is called “Set” already. Choose another name, “Set 1” for instance.'
    expect(plain(say({ code: 'name_taken', message }))).toBe(
      'Un autre nœud s’appelle déjà « Set ». Choisissez un autre nom, par exemple « Set 1 ».',
    )
  })

  it('says the code where the sentence is new', () => {
    expect(say({ code: 'name_taken', message: 'Taken!' })).toBe(
      'Ce nom est déjà pris. Choisissez-en un autre.',
    )
  })

  it('quotes what the author of the workflow wrote', () => {
    expect(plain(say({ code: 'code_thrown', message: 'No {said} $& here [line 2]' }))).toBe(
      'Le code a levé une erreur : No {said} $& here [line 2]',
    )
    expect(say({ code: 'stopped', message: 'Trop tard' })).toBe('Trop tard')
  })

  it('says what the server says of a code that nobody knows', () => {
    expect(say({ code: 'toString', message: 'New.' })).toBe('New.')
    expect(say({ message: 'New.' })).toBe('New.')
  })

  it('keeps what a code means of a file apart from what it means of an item', () => {
    const message = 'Workflow 2 of 3: The file is not JSON. Export the workflow again as JSON.'
    expect(plain(say({ code: 'file_invalid', message }))).toBe(
      'Workflow 2 sur 3 : Ce fichier n’est pas du JSON. Exportez de nouveau le workflow en JSON.',
    )
    expect(plain(say({ code: 'file_invalid', message: 'What the file “a.pdf” holds is not base64.' }))).toBe(
      'Le contenu du fichier « a.pdf » n’est pas du base64.',
    )
  })

  it('has one meaning of every code', () => {
    const codes = [
      requestProblems,
      rejections,
      importReports,
      credentialErrors,
      nodeErrors,
      publishProblems,
      expressionErrors,
      executionErrors,
      serverErrors,
    ].flatMap((meanings) => Object.keys(meanings))
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
  })

  it('translates a hint only where it is known', () => {
    expect(sayMore('expression', 'A closing brace seems to be missing.')).toBe(
      'Il semble manquer une accolade fermante.',
    )
    expect(sayMore('code_thrown', 'at line 3')).toBe('at line 3')
  })
})

describe('what the server told, in English', () => {
  it('stays as it is', () => {
    expect(say({ code: 'name_taken', message: 'Taken!' })).toBe('Taken!')
  })
})
