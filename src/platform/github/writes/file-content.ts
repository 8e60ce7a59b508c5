export interface EncodedFile {
  content: string;
  encoding: 'utf-8' | 'base64';
}

/** Text travels inside the tree and costs no request of its own; everything else becomes a blob. null: deleted. */
export function fileContent(content: Uint8Array | null): EncodedFile | null {
  if (content === null) return null;
  if (!content.includes(0)) {
    try {
      // ignoreBOM keeps a byte order mark, which is part of the file.
      return { content: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content), encoding: 'utf-8' };
    } catch {
      // Not UTF-8.
    }
  }
  return { content: Buffer.from(content).toString('base64'), encoding: 'base64' };
}
