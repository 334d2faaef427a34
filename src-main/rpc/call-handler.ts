import { StandardRPCHandler } from '@orpc/server/standard'
import { asCallError } from './call-errors.ts'
import { architectures } from './handlers/architectures.ts'
import { augmentation } from './handlers/augmentation.ts'
import { calls } from './handlers/base.ts'
import { bin } from './handlers/bin.ts'
import { clips } from './handlers/clips.ts'
import { compare } from './handlers/compare.ts'
import { datasets } from './handlers/datasets.ts'
import { experiments } from './handlers/experiments.ts'
import { detection } from './handlers/detection.ts'
import { exports } from './handlers/exports.ts'
import { files } from './handlers/files.ts'
import { filters } from './handlers/filters.ts'
import { history } from './handlers/history.ts'
import { imports } from './handlers/imports.ts'
import { inspection } from './handlers/inspection.ts'
import { labels } from './handlers/labels.ts'
import { library } from './handlers/library.ts'
import { maps } from './handlers/maps.ts'
import { models } from './handlers/models.ts'
import { networks } from './handlers/networks.ts'
import { quality } from './handlers/quality.ts'
import { recognition } from './handlers/recognition.ts'
import { recordings } from './handlers/recordings.ts'
import { regions } from './handlers/regions.ts'
import { review } from './handlers/review.ts'
import { runs } from './handlers/runs.ts'
import { splits } from './handlers/splits.ts'
import { takes } from './handlers/takes.ts'
import { uploads } from './handlers/uploads.ts'
import { training } from './handlers/training.ts'
import type { CallContext, CallHandler } from './peer.ts'

const router = calls.router({ augmentation, architectures, library, datasets, labels, clips, recordings, regions, review, splits, filters, bin, imports, uploads, takes, exports, quality, history, runs, compare, training, maps, networks, experiments, models, recognition, detection, inspection, files })

/** The contract's handlers, as both transports use them. */
export function createCallHandler(): CallHandler {
  return new StandardRPCHandler<CallContext>(router, {
    clientInterceptors: [
      async ({ next, context }) => {
        try {
          return await next()
        } catch (cause) {
          throw asCallError(cause, context.services.onBug)
        }
      },
    ],
  })
}
