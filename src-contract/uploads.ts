import { z } from 'zod'
import { call } from './errors.ts'
import { PlaceToken } from './imports.ts'

/** Names the files that a browser sends; tells nothing of where they lie. */
export const UploadToken = z.string().regex(/^[\w-]{22}$/)

/** Bytes of one piece at most. */
export const UPLOAD_PIECE = 1 << 20
/** Files of one upload at most. */
export const UPLOAD_FILES = 20_000

/**
 * A piece is sent by PUT (`application/octet-stream`): the wanted files one behind the other are one row of bytes,
 * and `at` is the piece's place in it. 204: taken. 409: another place was expected, named in the answer.
 */
export const uploadUrl = (upload: string, at: number): string => `/upload/${upload}?at=${at}`

export const uploads = {
  /** Announces files of the person's machine. Of those only the wanted ones are sent, in this order. */
  open: call
    .input(
      z.strictObject({
        files: z
          .array(z.strictObject({ name: z.string().min(1).max(1000), bytes: z.int().nonnegative() }))
          .min(1)
          .max(UPLOAD_FILES),
      }),
    )
    .output(z.strictObject({ upload: UploadToken, wanted: z.array(z.int().nonnegative()), bytes: z.int().nonnegative() })),
  /** Every byte was sent: the place that they can be imported from. */
  finish: call.input(z.strictObject({ upload: UploadToken })).output(z.strictObject({ place: PlaceToken })),
  /** What was sent is thrown away; imported recordings have copies of their own. */
  close: call.input(z.strictObject({ upload: UploadToken })).output(z.void()),
}
