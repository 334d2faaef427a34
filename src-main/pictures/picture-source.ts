/** A recording to be drawn. */
export interface PictureSource {
  /** SHA-256 of its bytes. */
  readonly id: string
  /** Absolute path of its file. */
  readonly path: string
  /** As `AudioInfo` names it. */
  readonly container: string
  /** Hz. */
  readonly sampleRate: number
  /** Samples of one channel. */
  readonly frames: number
}
