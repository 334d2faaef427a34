import type { ClipFilter, Label } from '../../../src-contract/index.ts'

type Parts = Omit<ClipFilter, 'dataset'>
export const NO_FILTER: Parts = {
  search: '', labels: [], splits: [], speakers: [], sessions: [], folders: [], reviews: [], quality: [], marks: [], seconds: { from: null, to: null }, binned: false,
}

/** The words of the text form, and the lists that they fill. */
const LISTS = { label: 'labels', split: 'splits', speaker: 'speakers', session: 'sessions', folder: 'folders', review: 'reviews', quality: 'quality', mark: 'marks' } as const
type Word = keyof typeof LISTS
const NONE = 'none'

const quoted = (value: string): string => (/[\s":]/.test(value) || value === NONE || value === '' ? `"${value.replaceAll('"', '""')}"` : value)
const seconds = (value: number): string => String(Number(value.toFixed(4)))

/**
 * A filter as one line that can be sent to somebody and pasted into their search field:
 * `label:yes label:none split:test length:0.3-0.6 words`. Labels stand by name, so that it works in another dataset.
 */
export function filterToText(filter: Parts, labels: readonly Pick<Label, 'id' | 'name'>[]): string {
  const parts = (Object.keys(LISTS) as Word[]).flatMap((word) =>
    (filter[LISTS[word]] as readonly (string | number | null)[]).flatMap((value) => {
      const text = typeof value === 'number' ? labels.find((l) => l.id === value)?.name : value
      return text === undefined ? [] : [`${word}:${text === null ? NONE : quoted(text)}`]
    }),
  )
  const { from, to } = filter.seconds
  if (from !== null || to !== null) parts.push(`length:${from === null ? '' : seconds(from)}-${to === null ? '' : seconds(to)}`)
  if (filter.binned) parts.push('bin:yes')
  return [...parts, filter.search.trim()].filter((part) => part !== '').join(' ')
}

const TOKEN = /([a-z]+):(?:"((?:[^"]|"")*)"|(\S+))|(\S+)/g
const CHOICES: Readonly<Partial<Record<Word, readonly string[]>>> = {
  split: ['train', 'validation', 'test'] satisfies ClipFilter['splits'],
  review: ['new', 'accepted', 'unsure', 'rejected'] satisfies ClipFilter['reviews'],
  quality: [
    'clipped', 'silent', 'quiet', 'dc-offset', 'noisy', 'short', 'long', 'unreadable', 'duplicate', 'near-duplicate',
  ] satisfies ClipFilter['quality'],
  mark: ['hard', 'suggested'] satisfies ClipFilter['marks'],
}

/** What such a line says; null where nothing in it is more than words to search for. */
export function textToFilter(text: string, labels: readonly Pick<Label, 'id' | 'name'>[]): Parts | null {
  const lists: Record<string, (string | number | null)[]> = Object.fromEntries(Object.values(LISTS).map((list) => [list, []]))
  const words: string[] = []
  let length = NO_FILTER.seconds
  let binned = false
  let understood = false
  for (const [whole, word = '', inQuotes, bare] of text.matchAll(TOKEN)) {
    const value = inQuotes?.replaceAll('""', '"') ?? bare ?? ''
    const none = inQuotes === undefined && bare === NONE
    const range = word === 'length' ? /^(\d+(?:\.\d+)?)?-(\d+(?:\.\d+)?)?$/.exec(value) : null
    const read = valueOf(word, value, none, labels)
    if (range) length = { from: range[1] === undefined ? null : Number(range[1]), to: range[2] === undefined ? null : Number(range[2]) }
    else if (word === 'bin' && value === 'yes') binned = true
    else if (read !== undefined) lists[LISTS[word as Word]]!.push(read)
    else {
      words.push(whole)
      continue
    }
    understood = true
  }
  return understood ? ({ ...NO_FILTER, ...lists, search: words.join(' '), seconds: length, binned } as Parts) : null
}

function valueOf(word: string, value: string, none: boolean, labels: readonly Pick<Label, 'id' | 'name'>[]): string | number | null | undefined {
  if (!Object.hasOwn(LISTS, word)) return undefined
  const choices = CHOICES[word as Word]
  if (none) return word === 'review' ? undefined : null
  if (word === 'label') return labels.find((l) => l.name === value)?.id
  return choices && !choices.includes(value) ? undefined : value
}
