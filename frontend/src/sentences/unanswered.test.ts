// @vitest-environment jsdom
import { CombinedError } from '@urql/core'
import { afterEach, describe, expect, it } from 'vitest'
import { refusalOf } from '@/api/rejections'
import { changeLanguage } from '@/i18n/i18n'

const failed = (status?: number) =>
  new CombinedError({ networkError: new Error('Payload Too Large'), response: status && { status } })

describe('a request that got no answer', () => {
  afterEach(() => changeLanguage('en'))

  it.each([
    [undefined, 'The server does not answer. Check your connection, then try again.'],
    [413, 'That is more than can be sent at once (2 MB). Make it smaller, then try again.'],
    [503, 'The service is away for a moment. Nothing is lost; try again soon.'],
    [500, 'Something went wrong on our side (500). Try again; if it lasts, tell support.'],
    [404, 'The server did not take this request (404). Reload the page, then try again.'],
  ])('says what to do, status %s', (status, sentence) => {
    expect(refusalOf(failed(status), undefined)).toBe(sentence)
  })

  it('speaks the language of the person', async () => {
    await changeLanguage('fr')
    expect(refusalOf(failed(), undefined)).toContain('Le serveur ne répond pas.')
  })
})
