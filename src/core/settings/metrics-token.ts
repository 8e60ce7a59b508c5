/** What an HTTP header can carry. */
const TOKEN = /^[\x21-\x7e]+$/;
/** One that is shorter can be guessed. */
const SHORTEST = 16;

/**
 * Why `metrics.token_from` gives no token; null: it does. The value appears in no message.
 * @param value of the server's variable `name`; undefined: it is not set
 */
export function metricsTokenProblem(name: string, value: string | undefined): string | null {
  const token = value?.trim() ?? '';
  const where = `\`metrics.token_from\` names ${name}, which`;
  const make = `Make a token (\`openssl rand -hex 32\`) and set ${name} to it`;
  if (token === '') return `${where} is not set in the server's environment. ${make}, or correct the name.`;
  if (!TOKEN.test(token)) return `${where} holds characters that no token can have. ${make}, on one line.`;
  return token.length < SHORTEST ? `${where} has less than ${SHORTEST} characters. ${make}.` : null;
}
