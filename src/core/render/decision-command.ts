/** The command that decides, as a person writes it. */
export function decisionCommand(
  decision: string,
  where: { fleet?: string | null; repositories?: string | null; node?: string | null } = {},
): string {
  const words = [
    decision === 'reject' ? '/fleet reject' : '/fleet approve',
    where.fleet ?? '',
    where.repositories ?? '',
    where.node ? `node=${where.node}` : '',
    decision === 'approve' || decision === 'reject' ? '' : `decision=${decision}`,
  ];
  return words.filter((word) => word !== '').join(' ');
}
