import { z } from 'zod'
import { call } from './errors.ts'
import { UploadToken } from './uploads.ts'
import { Id, Name, Sha256 } from './values.ts'

export const takes = {
  /** One file that was sent becomes a recording and a clip, in one undo; the upload is over. */
  keep: call
    .input(
      z.strictObject({
        upload: UploadToken,
        /** What the clip is called. */
        name: Name,
        dataset: Name,
        label: Name.nullable(),
        speaker: Name.nullable(),
        session: Name.nullable(),
        take: z.int().positive().nullable(),
      }),
    )
    .output(z.strictObject({ dataset: Id, clip: Id, recording: Sha256 })),
}
