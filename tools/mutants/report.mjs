import { changedLines } from "./equivalent.mjs";

export const WANTED = 0.95;
export const WANTED_IN_A_ROOM = 0.85;
/** In a room with fewer mutants a single one decides, so that its score says nothing. */
const FEWEST_OF_A_ROOM = 7;

/** The share of mutants that were noticed, of those that could be. */
export function scoreOf(trials) {
  const noticed = trials.filter(({ verdict }) => verdict !== "survived").length;
  return trials.length === 0 ? 1 : noticed / trials.length;
}

function percent(score) {
  return `${(100 * score).toFixed(1)} %`;
}

function rowOf(name, trials) {
  const count = (verdict) => String(trials.filter((it) => it.verdict === verdict).length);
  return [
    name,
    String(trials.length),
    count("noticed"),
    count("endless"),
    count("survived"),
    percent(scoreOf(trials)),
  ];
}

function aligned(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  "),
  );
}

/** A table of the trials by one of their properties, the weakest first. */
export function tableOf(trials, property) {
  const groups = [...Map.groupBy(trials, (it) => it[property])]
    .map(([name, group]) => ({ name, group, score: scoreOf(group) }))
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1));
  const header = [property, "mutants", "noticed", "endless", "survived", "score"];
  return aligned([header, ...groups.map(({ name, group }) => rowOf(name, group)), rowOf("all", trials)]).join(
    "\n",
  );
}

/** The file and the line of a mutant. */
export function placeOf({ file, text, start }) {
  return `${file}:${text.slice(0, start).split("\n").length}`;
}

/** What a survivor changes, with its place. */
export function diffOf(trial) {
  const { before, after } = changedLines(trial.text, trial);
  const marked = (sign, lines) => lines.split("\n").map((it) => `${sign}${it}`);
  const notRun = trial.notRun > 0 ? `, ${trial.notRun} test files left out` : "";
  return [
    `${placeOf(trial)} (${trial.operator}${notRun})`,
    ...marked("-", before),
    ...marked("+", after),
  ].join("\n");
}

/** What falls short of the wanted scores. */
export function shortfallsOf(trials) {
  const all = scoreOf(trials);
  const rooms = [...Map.groupBy(trials, ({ room }) => room)]
    .filter(([, group]) => group.length >= FEWEST_OF_A_ROOM)
    .map(([room, group]) => ({ room, score: scoreOf(group) }))
    .filter(({ score }) => score < WANTED_IN_A_ROOM);
  return [
    ...(all < WANTED ? [`${percent(all)} of all mutants were noticed, expected ${percent(WANTED)}`] : []),
    ...rooms.map(({ room, score }) => `${room}: ${percent(score)}, expected ${percent(WANTED_IN_A_ROOM)}`),
  ];
}
