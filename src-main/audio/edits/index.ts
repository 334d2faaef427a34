export { EDIT_KINDS, FADE_CURVES, type Edit, type EditKind, type FadeCurve } from './edit.ts'
export { EDITS_VERSION, editsHash, parseEdits, readEdits } from './parse.ts'
export { HIGHEST_EDGE } from './filters.ts'
export { EDIT_MARGIN, renderEdits, type SoundAround } from './render.ts'
