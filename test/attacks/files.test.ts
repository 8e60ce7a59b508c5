import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';
import { removeFolder } from '../../src/platform/git/remove-folder.ts';
import { openFreshFile } from '../../src/platform/process/fresh-file.ts';
import { commandBox } from '../../src/worker/workspace-box.ts';
import { noSandbox } from '../sandboxes.ts';
import { givenServer, SECRET } from './given-server.ts';

/** Reading and writing what is not the task's. */

const quoted = (path: string): string => `'${path}'`;

describe.skipIf(noSandbox !== null)('a command that reads', () => {
  it('the key of the app finds no such file, nor the .env beside it', async () => {
    const { keyFile, folder, attack } = givenServer();
    const result = await attack(`cat ${quoted(keyFile)} ${quoted(join(folder, '.env'))}; ls -A ${quoted(folder)}`);
    expect(result.tail).not.toContain(SECRET);
    expect(result.tail.match(/No such file or directory/g)).toHaveLength(2);
    expect(result.stdout).toBe('data\n');
  });

  it('the database finds neither it nor anything else of the data directory', async () => {
    const { dataDir, attack } = givenServer();
    const { tail, stdout } = await attack(
      `cat ${quoted(join(dataDir, 'flotilla.db'))}; cd ${quoted(dataDir)}; find . -type f -print; ls mirrors`,
    );
    expect(tail).not.toContain(SECRET);
    const files = stdout.split('\n').filter((name) => name.startsWith('./'));
    expect(files.filter((name) => !/^\.\/(mirrors\/1\.git|workspaces\/f-attacked\/acme\/one)\//.test(name))).toEqual(
      [],
    );
    expect(stdout).toContain('1.git\n');
    expect(stdout).not.toContain('2.git');
  });

  it("another workspace, its logs, and the other repository's mirror finds nothing there", async () => {
    const { other, attack } = givenServer();
    const { tail, stdout } = await attack(
      `cat ${[join(other.tree, 'secret'), join(other.logs, 'secret.log'), join(other.mirror, 'HEAD')].map(quoted).join(' ')}; ls -A "$PWD/../../.."`,
    );
    expect(tail).not.toContain(SECRET);
    expect(stdout).toBe('acme\n');
  });

  it('the logs and the control directory of its own workspace finds nothing there', async () => {
    const { ctl, workspace, attack } = givenServer();
    const { tail, stdout } = await attack(
      `cat ${quoted(join(ctl, 'config'))}; ls ${quoted(workspace.logs)}; ls -A ${quoted(workspace.path)}`,
    );
    expect(tail).not.toContain(SECRET);
    expect(stdout.split('\n').sort()).toEqual(['', 'home', 'outputs', 'siblings', 'tree']);
  });

  it("the host's users, keys and folders finds the box's own three users and no homes", async () => {
    const { attack } = givenServer();
    const { stdout } = await attack(
      'cat /etc/passwd; for each in /etc/shadow /etc/ssh /root /home /var /run /srv /opt /mnt /boot /sys /etc/hostname /etc/resolv.conf; do [ -e $each ] && echo "has $each"; done; id -un',
    );
    expect(stdout).not.toContain('has ');
    expect(stdout.split('\n').filter((each) => each.includes(':'))).toHaveLength(3);
    expect(stdout).toContain('fleet\n');
  });

  it('the environment of the server finds that of its box alone, in every process that it sees', async () => {
    const { attack } = givenServer();
    process.env.FLEET_ATTACKED = SECRET;
    try {
      const { stdout, tail } = await attack(
        'env; echo --; cat /proc/*/environ /proc/*/task/*/environ | tr "\\0" "\\n"; cat /proc/*/cmdline | tr "\\0" "\\n"',
      );
      expect(tail).not.toContain(SECRET);
      const [own = ''] = stdout.split('--\n');
      expect(
        own
          .split('\n')
          .map((each) => each.split('=')[0])
          .sort(),
      ).toEqual(['', 'HOME', 'LANG', 'PATH', 'PWD', 'SHLVL', 'TMPDIR', '_'].sort());
    } finally {
      delete process.env.FLEET_ATTACKED;
    }
  });

  it('the server where the operator lets boxes read a folder around it finds it empty there', async () => {
    const { folder, dataDir, keyFile, attack } = givenServer();
    const elsewhere = givenServer().folder;
    const link = join(elsewhere, 'named otherwise');
    symlinkSync(folder, link);
    const places = {
      read: [folder, link],
      hidden: [dataDir, keyFile, join(folder, '.env'), join(folder, 'not there')],
    };
    const script = `cat ${quoted(keyFile)} ${quoted(join(link, 'key.pem'))}; ls ${quoted(link)}; find ${quoted(folder)} ${quoted(link)}/ -type f; cat VERSION`;
    const { stdout, tail } = await attack(script, { places });
    expect(tail).not.toContain(SECRET);
    expect(stdout).toMatch(/^data\nkey.pem\n/);
    expect(stdout).not.toContain('flotilla.db');
    expect(stdout, 'its clone is there all the same').toMatch(/1\.0\n$/);
  });
});

describe.skipIf(noSandbox !== null)('a command in a data directory', () => {
  it.each([
    ['that is reached by a link', 'link'],
    ['whose name has a line break, quotes and an option in it', 'a\n"b\' --bind x'],
  ])('%s sees its clone there, and nothing beside it', async (_how, name) => {
    const { folder, dataDir, workspace, attack } = givenServer();
    const renamed = join(folder, name);
    if (name === 'link') symlinkSync(dataDir, renamed);
    else renameSync(dataDir, renamed);
    const moved = (path: string): string => path.replace(dataDir, renamed);
    const [tree, home, siblings, outputs, mirror] = (['tree', 'home', 'siblings', 'outputs', 'mirror'] as const).map(
      (place) => moved(workspace[place]),
    );
    const places = { tree, home, siblings, outputs, mirror, logs: moved(workspace.logs), pids: moved(workspace.pids) };
    const { stdout, tail } = await attack(
      'cat VERSION; echo new > new; ls -A "$PWD/.." "$PWD/../../../../.."; ls /mnt',
      {
        cwd: moved(workspace.tree),
        box: commandBox(Object.assign({}, workspace, places)),
        logFile: join(folder, 'log'),
        pidsFile: join(folder, 'pids'),
      },
    );
    expect(stdout, tail).toContain('1.0\n');
    expect(readFileSync(join(moved(workspace.tree), 'new'), 'utf8')).toBe('new\n');
    expect(stdout).not.toMatch(/^(ctl|logs|flotilla\.db|bin)$/m);
  });
});

describe.skipIf(noSandbox !== null)('a command that writes', () => {
  it.each([
    ['by its path', (target: string) => `echo owned > ${quoted(target)}`],
    ['by a symbolic link', (target: string) => `ln -s ${quoted(target)} out; echo owned > out`],
    ['by a hard link', (target: string) => `ln ${quoted(target)} out && echo owned > out`],
    ['by ..', (target: string) => `echo owned > "$PWD/../../../../../../${target.split('/').at(-1)}"`],
    ['by the root of a process', (target: string) => `echo owned > /proc/1/root${quoted(target)}`],
    ['by the folder of a process', (target: string) => `echo owned > /proc/1/cwd${quoted(target)}`],
    [
      'by a descriptor',
      (target: string) => `exec 9<.; echo owned > /proc/self/fd/9/../../../../../../${target.split('/').at(-1)}`,
    ],
  ])('outside of its clone %s changes nothing there', async (_how, script) => {
    const { keyFile, attack } = givenServer();
    await attack(script(keyFile));
    expect(readFileSync(keyFile, 'utf8')).toBe(SECRET);
  });

  it('a hook, a configuration or objects for the git of the host reaches none of them', async () => {
    const { ctl, workspace, attack } = givenServer();
    const before = readFileSync(join(ctl, 'config'), 'utf8');
    const hooks = [join(ctl, 'hooks'), join(workspace.mirror, 'hooks')].map(quoted);
    await attack(
      `for folder in ${hooks.join(' ')}; do mkdir -p "$folder"; echo 'touch owned' > "$folder/pre-push"; done; echo evil > ${quoted(join(ctl, 'config'))}; echo evil > ${quoted(join(workspace.mirror, 'HEAD'))}; echo evil > ${quoted(join(workspace.path, 'scratch', 'index'))}`,
    );
    expect(existsSync(join(ctl, 'hooks', 'pre-push'))).toBe(false);
    expect(existsSync(join(workspace.mirror, 'hooks'))).toBe(false);
    expect(readFileSync(join(ctl, 'config'), 'utf8')).toBe(before);
    expect(readFileSync(join(workspace.mirror, 'HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
    expect(existsSync(join(workspace.path, 'scratch', 'index'))).toBe(false);
  });

  it('to siblings, outputs and programs of the system is refused', async () => {
    const { workspace, attack } = givenServer();
    const targets = [
      join(workspace.siblings, 'acme', 'lib', 'VERSION'),
      join(workspace.outputs, 'x'),
      '/usr/bin/x',
      '/etc/passwd',
      process.execPath,
      '/x',
      '/proc/sys/kernel/core_pattern',
    ];
    const { tail, stdout } = await attack(
      `for each in ${targets.map(quoted).join(' ')}; do (echo owned > "$each") && echo "wrote $each"; chmod 777 "$each" && echo "opened $each"; done`,
    );
    expect(stdout).toBe('');
    expect(tail.match(/Read-only file system|Text file busy/g)?.length).toBeGreaterThanOrEqual(targets.length);
    expect(readFileSync(join(workspace.siblings, 'acme', 'lib', 'VERSION'), 'utf8')).toBe('7\n');
  });

  it('its mounts away cannot put something else in the place of its clone or its home', async () => {
    const { workspace, attack } = givenServer();
    const { stdout } = await attack(
      `cd /; for each in ${[workspace.tree, workspace.home, workspace.siblings].map(quoted).join(' ')}; do mv "$each" "$each.gone" && echo moved; rmdir "$each" && echo removed; rm -rf "$each"; ln -s /etc "$each" && echo linked; done; true`,
    );
    expect(stdout.split('\n').filter((each) => each === 'moved' || each === 'removed')).toEqual([]);
    for (const place of [workspace.tree, workspace.home]) expect(existsSync(place)).toBe(true);
  });
});

describe('the operator', () => {
  it.each(['/', '//', '/proc', '/proc/1', '/dev', '/sys/fs', '/srv/../proc'])('cannot let boxes read %s', (path) => {
    expect(parseOperatorSettings(`box: { read: ["${path}"] }`, 'operator.yml').ok).toBe(false);
    expect(parseOperatorSettings('box: { read: [/srv/tools, /processes] }', 'operator.yml').ok).toBe(true);
  });
});

describe('what a command leaves behind', () => {
  it.skipIf(noSandbox !== null)('in its home and its temporary folder is followed by nobody outside', async () => {
    const { workspace, keyFile, attack } = givenServer();
    await attack(
      `ln -s ${quoted(keyFile)} "$HOME/link"; ln -s / "$TMPDIR/all"; mkdir -p "$HOME/a"; ln -s ${quoted(keyFile)} "$HOME/.gitconfig"; chmod 000 "$HOME/a"`,
    );
    const again = await attack('cat "$HOME/link" "$HOME/.gitconfig"; ls "$TMPDIR/all/"');
    expect(again.tail).not.toContain(SECRET);
    await removeFolder(workspace.home);
    expect(existsSync(workspace.home)).toBe(false);
    expect(readFileSync(keyFile, 'utf8')).toBe(SECRET);
  });

  it('as a link in the place of a log or an output is replaced, not followed', () => {
    const { keyFile, workspace } = givenServer();
    const log = join(workspace.outputs, 'node.txt');
    symlinkSync(keyFile, log);
    openFreshFile(log);
    expect(readFileSync(keyFile, 'utf8')).toBe(SECRET);
    const hard = join(workspace.outputs, 'hard.txt');
    linkSync(keyFile, hard);
    openFreshFile(hard);
    expect(readFileSync(keyFile, 'utf8')).toBe(SECRET);
    const folder = join(workspace.path, 'linked');
    mkdirSync(join(workspace.path, 'elsewhere'));
    writeFileSync(join(workspace.path, 'elsewhere', 'node.txt'), SECRET);
    symlinkSync(join(workspace.path, 'elsewhere'), folder);
    expect(() => openFreshFile(join(folder, 'node.txt'))).toThrow(/ELOOP|ENOTDIR/);
  });
});
