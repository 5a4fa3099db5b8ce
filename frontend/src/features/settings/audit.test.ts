import { describe, expect, it } from 'vitest'
import { detailText, isId, wordsKey } from './audit'

const nameOf = (field: string) => (field === 'number' ? 'version' : field)

describe('an entry of the audit log', () => {
  it('tells plain values and leaves out what only machines read', () => {
    const member = '5bf85aad-d198-8bf3-b6d6-d9ad156a9854'
    expect(detailText({ number: 1, draft: 4, digest: '5f…', member }, nameOf)).toBe('version 1 · draft 4')
    expect(detailText({ role: 'viewer', retryOf: null, nested: { a: 1 } }, nameOf)).toBe('role viewer')
    expect([{}, null, ['a']].map((detail) => detailText(detail, nameOf))).toEqual(['', '', ''])
  })

  it('knows an id from a name', () => {
    expect(isId('5bf85aad-d198-8bf3-b6d6-d9ad156a9854')).toBe(true)
    expect(isId('Shipping labels')).toBe(false)
  })

  it('has a label for its action', () => {
    expect(wordsKey('member.role_changed')).toBe('did_member_role_changed')
  })
})
