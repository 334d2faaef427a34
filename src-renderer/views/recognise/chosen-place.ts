/** A folder that the program knows by a token; `upload` where it holds files that were sent. */
export interface ChosenPlace {
  readonly place: string
  readonly name: string
  readonly upload: string | null
}
