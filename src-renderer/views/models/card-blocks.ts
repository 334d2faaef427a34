/** Just enough of Markdown to show the cards that Espectro writes: headings, paragraphs, tables, code. */
export type CardBlock =
  | { readonly type: 'heading'; readonly level: number; readonly text: string }
  | { readonly type: 'text'; readonly parts: readonly CardPart[] }
  | { readonly type: 'table'; readonly head: readonly string[] | null; readonly rows: readonly (readonly string[])[] }

export interface CardPart {
  readonly text: string
  readonly emphasis: boolean
}

export function cardBlocks(markdown: string): CardBlock[] {
  return markdown
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block): CardBlock => {
      const heading = /^(#{1,3}) (.*)$/.exec(block)
      if (heading) return { type: 'heading', level: heading[1]!.length, text: heading[2]! }
      if (block.startsWith('|')) return tableOf(block.split('\n'))
      return { type: 'text', parts: partsOf(block) }
    })
}

function tableOf([head = '', , ...rows]: readonly string[]): CardBlock {
  const titles = cellsOf(head)
  return { type: 'table', head: titles.every((title) => title === '') ? null : titles, rows: rows.map(cellsOf) }
}

/** A bar within a cell is written with a backslash before it. */
const cellsOf = (row: string): string[] =>
  row
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.replaceAll('\\|', '|').replaceAll('`', '').trim())

const partsOf = (text: string): CardPart[] =>
  text
    .split(/\*([^*\n]+)\*/)
    .map((part, i) => ({ text: part, emphasis: i % 2 === 1 }))
    .filter((part) => part.text !== '')
