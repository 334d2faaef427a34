import { answer } from '../call-errors.ts'
import { calls } from './base.ts'

export const uploads = {
  open: calls.uploads.open.handler(async ({ input, context: { services } }) => {
    const { upload, wanted, bytes } = answer(await services.uploads.open(input.files))
    return { upload, wanted: [...wanted], bytes }
  }),
  finish: calls.uploads.finish.handler(async ({ input, context: { services } }) => {
    const folder = answer(await services.uploads.finish(input.upload))
    return { place: answer(await services.places.admit(folder)) }
  }),
  close: calls.uploads.close.handler(({ input, context: { services } }) => services.uploads.close(input.upload)),
}
