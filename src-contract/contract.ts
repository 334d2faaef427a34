import { augmentation } from './augmentation.ts'
import { bin } from './bin.ts'
import { clips } from './clips.ts'
import { datasets } from './datasets.ts'
import { exports } from './exports.ts'
import { filters } from './filters.ts'
import { history } from './history.ts'
import { imports } from './imports.ts'
import { labels } from './labels.ts'
import { library } from './library.ts'
import { models } from './models.ts'
import { quality } from './quality.ts'
import { recognition } from './recognition.ts'
import { recordings } from './recordings.ts'
import { regions } from './regions.ts'
import { review } from './review.ts'
import { runs } from './runs.ts'
import { splits } from './splits.ts'
import { takes } from './takes.ts'
import { uploads } from './uploads.ts'

/** Every call there is. What has no handler is not listed. */
export const contract = { library, datasets, labels, clips, recordings, regions, review, splits, filters, bin, imports, uploads, takes, exports, quality, augmentation, history, runs, models, recognition }
export type Contract = typeof contract
