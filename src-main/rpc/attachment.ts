/** The header that makes a browser save an answer under a name (RFC 6266; letters of any script by RFC 8187). */
export function attachment(name: string): { readonly 'content-disposition': string } {
  const plain = name.replaceAll(/[^\p{L}\p{N} ._-]/gu, '_')
  return { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(plain)}` }
}
