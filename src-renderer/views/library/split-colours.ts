/** The same three colours wherever the sides of a split are drawn. */
export const SPLIT_COLOURS = { train: 'var(--c-wave)', validation: 'var(--c-warn)', test: 'var(--c-ok)' } as const
