// What the test asks for, and how a script answers: one line of JSON each.
export const task = JSON.parse(process.argv[2]);

export function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
