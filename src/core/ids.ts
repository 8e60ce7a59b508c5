const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** `length` base32 characters, from that many random bytes. */
function base32(length: number, random: (bytes: number) => Uint8Array): string {
  return Array.from(random(length), (byte) => BASE32.charAt(byte % 32)).join('');
}

export type RandomBytes = (bytes: number) => Uint8Array;

export const newFleetId = (random: RandomBytes): string => `f-${base32(8, random)}`;
export const newTaskId = (random: RandomBytes): string => `t-${base32(12, random)}`;
export const newEffectId = (random: RandomBytes): string => `e-${base32(16, random)}`;
export const newSessionId = (random: RandomBytes): string => `s-${base32(16, random)}`;
export const newNotificationId = (random: RandomBytes): string => `n-${base32(16, random)}`;
export const newPushId = (random: RandomBytes): string => `p-${base32(12, random)}`;

/** Whether a word is shaped like a task's id. */
export const isTaskId = (word: string): boolean => /^t-[a-z2-7]{12}$/.test(word);

/** Whether a word is shaped like a fleet's id. */
export const isFleetId = (word: string): boolean => /^f-[a-z2-7]{8}$/.test(word);
