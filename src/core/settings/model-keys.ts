import type { AgentDefinition } from './types.ts';

/** What an HTTP header can carry. */
const HEADER_VALUE = /^[\x20-\x7e]+$/;

/**
 * Why agents could not be given the keys of their models; values appear in no message.
 * @param variables of the server's environment
 */
export function modelKeyProblems(
  agents: Readonly<Record<string, Pick<AgentDefinition, 'modelApi' | 'envFrom'>>>,
  variables: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(agents).flatMap(([name, { modelApi, envFrom }]) => {
    if (modelApi === null) return [];
    const { keyFrom } = modelApi;
    if (envFrom.includes(keyFrom)) {
      const both = `\`agents.${name}\` names ${keyFrom} under \`env_from\` and under \`model_api\``;
      return [`${both}: the agent would hold the key that is kept from it. Take it out of \`env_from\`.`];
    }
    const where = `\`key_from\` of \`agents.${name}.model_api\` names ${keyFrom}, which`;
    const key = variables[keyFrom]?.trim() ?? '';
    if (key === '') {
      return [
        `${where} is not set in the server's environment. Set ${keyFrom} to the model's key, or correct the name.`,
      ];
    }
    if (HEADER_VALUE.test(key)) return [];
    return [`${where} holds characters that no header can carry. Set ${keyFrom} to the key alone, on one line.`];
  });
}
