import type { FrontEndRunner } from '../features/index.ts'
import { floats, tensor, type Session } from '../runtime/index.ts'

/** Runs the front end in a session of `createFittedFrontEndModel`. */
export const frontEndRunner =
  (session: Pick<Session, 'run'>): FrontEndRunner =>
  async (waveforms, shape) =>
    floats((await session.run({ waveform: tensor(waveforms, shape) }))['features']!)
