/** One choice of several. `detail` stands behind its name where there is room, and in the tip. */
export interface Option<V extends string | number = string> {
  readonly value: V
  readonly text: string
  readonly detail?: string | undefined
  readonly disabled?: boolean | undefined
}
