/**
 * rpc: the contract's handlers and the ways to reach them. In: calls over a MessagePort (desktop window) or a
 * WebSocket (served mode), and requests for media and the built page. Out: answers, streams of progress, bytes.
 * Every value is checked against the contract before a handler sees it; both transports share one peer.
 */
export { createCallHandler } from './call-handler.ts'
export { createChanges, type Changes } from './changes.ts'
export { createDetectionJobs, type DetectionJobs } from './detection-jobs.ts'
export { createListening, type Listening } from './listening.ts'
export type { CallHandler } from './peer.ts'
export { createPlaces, type FolderListing, type Places, type PlacesOptions } from './places.ts'
export { servePort, type MessagePortLike } from './port-transport.ts'
export { createRequestHandler } from './request-handler.ts'
export { CONTENT_SECURITY_POLICY, SECURITY_HEADERS, withSecurityHeaders } from './security-headers.ts'
export type { Services } from './services.ts'
export { createShelf, type Shelf } from './shelf.ts'
export { createUploads, type Uploads } from './uploads.ts'
export { createSocketTransport, type SocketTransport } from './socket-transport.ts'
