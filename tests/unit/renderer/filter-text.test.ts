import { describe, expect, it } from 'vitest'
import { filterToText, NO_FILTER, textToFilter } from '../../../src-renderer/views/library/filter-text.ts'

const labels = [{ id: 3, name: 'yes' }, { id: 7, name: 'two words' }, { id: 8, name: 'none' }, { id: 9, name: 'a "quote":x' }]

describe('a filter as text', () => {
  it.each([
    [{ ...NO_FILTER, labels: [3, 7, null] }, 'label:yes label:"two words" label:none'],
    [{ ...NO_FILTER, labels: [8, 9] }, 'label:"none" label:"a ""quote"":x"'],
    [{ ...NO_FILTER, search: 'some words', splits: ['test' as const, null], reviews: ['new' as const] }, 'split:test split:none review:new some words'],
    [{ ...NO_FILTER, speakers: ['Ana', null], sessions: ['1'], folders: ['day 1/a'] }, 'speaker:Ana speaker:none session:1 folder:"day 1/a"'],
    [{ ...NO_FILTER, seconds: { from: 0.25, to: null }, binned: true }, 'length:0.25- bin:yes'],
    [{ ...NO_FILTER, seconds: { from: null, to: 1.5 }, quality: ['clipped' as const, null], marks: ['hard' as const] }, 'quality:clipped quality:none mark:hard length:-1.5'],
  ])('is read back as it was: %#', (filter, text) => {
    expect(filterToText(filter, labels)).toBe(text)
    expect(textToFilter(text, labels)).toEqual(filter)
  })

  it('leaves what it does not know as words to search for', () => {
    expect(textToFilter('label:yes label:gone split:both http://x.org', labels)).toEqual({ ...NO_FILTER, labels: [3], search: 'label:gone split:both http://x.org' })
    expect(textToFilter('just some words', labels)).toBeNull()
    expect(textToFilter('constructor:x toString:y length:x', labels)).toBeNull()
  })

  it('names nothing that is no longer there', () => {
    expect(filterToText({ ...NO_FILTER, labels: [99, 3] }, labels)).toBe('label:yes')
  })
})
