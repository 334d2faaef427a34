/**
 * kit: the small tools every room shares. Expected failures as values, seeded random numbers, hashes,
 * crash-safe files, path containment, ownership, child processes. Knows no other room.
 */
export * from './result.ts'
export * from './random.ts'
export * from './hash.ts'
export * from './json.ts'
export * from './files.ts'
export * from './fail-point.ts'
export * from './paths.ts'
export * from './scope.ts'
export * from './announcer.ts'
export * from './beside.ts'
export * from './lock.ts'
export * from './child.ts'
export * from './file-names.ts'
