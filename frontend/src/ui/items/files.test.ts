import { describe, expect, it } from 'vitest'
import { fileAddress, fileSize, filesOf } from './files'

describe('the files of an item', () => {
  it('are read as the contract gives them, and what is none is left out', () => {
    expect(
      filesOf({
        data: { mimeType: 'text/csv', fileName: 'é.csv', size: 12, key: 'ab' },
        picture: { fileExtension: 'png', data: 'aGk=' },
        broken: 'x',
        none: null,
      }),
    ).toEqual([
      { property: 'data', name: 'é.csv', mimeType: 'text/csv', size: 12, key: 'ab' },
      {
        property: 'picture',
        name: 'picture.png',
        mimeType: 'application/octet-stream',
        size: 0,
        data: 'aGk=',
      },
    ])
    for (const nothing of [null, 'x', [], {}]) expect(filesOf(nothing)).toEqual([])
  })

  it('have a size for people', () => {
    expect(fileSize(61, 'en')).toBe('61B')
    expect(fileSize(1234, 'en')).toBe('1.2 kB')
    expect(fileSize(12_300_000, 'en')).toBe('12.3 MB')
  })

  it('are had from the server or from themselves, by those who may', () => {
    const [kept] = filesOf({ a: { key: 'ab' } })
    const [small] = filesOf({ a: { data: 'aGk=', mimeType: 'text/html' } })
    if (!kept || !small) throw new Error('there are two')
    const address = (key: string) => `/files/1/${key}`
    expect(fileAddress(kept, address)).toBe('/files/1/ab')
    expect(fileAddress(small, address)).toBe('data:application/octet-stream;base64,aGk=')
    expect(fileAddress(kept, undefined)).toBeUndefined()
    expect(fileAddress(small, undefined)).toBeUndefined()
  })
})
