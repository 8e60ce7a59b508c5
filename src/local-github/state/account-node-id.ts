import { nodeId } from './node-id.ts';
import type { Account } from './records.ts';

export function accountNodeId(account: Account): string {
  switch (account.type) {
    case 'User':
      return nodeId('user', account.id);
    case 'Organization':
      return nodeId('organization', account.id);
    case 'Bot':
      return nodeId('bot', account.id);
  }
}
