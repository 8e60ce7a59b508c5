/**
 * Whether git and GitHub take `name` as the name of a branch.
 * Rules: git check-ref-format(1) with --branch; GitHub also refuses `refs/` in front and 40 hexadecimal digits.
 */
export function isValidBranch(name: string): boolean {
  if (name === '' || name === '@' || name === 'HEAD' || Buffer.byteLength(name) > 244) return false;
  if (name.startsWith('-') || name.startsWith('refs/') || /^[0-9a-f]{40}$/i.test(name)) return false;
  if (/[\p{Cc}\s~^:?*[\\]/u.test(name) || !name.isWellFormed()) return false;
  if (name.includes('..') || name.includes('@{') || name.endsWith('.')) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}
