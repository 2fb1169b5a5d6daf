/** The traits that Python shares with the page: a test compares their names with the classes. */

interface PlayerTraits {
  tick: number;
  end: number;
  playing: boolean;
  speed: number;
  ticks_per_second: number;
  title: string;
  subtitle: string;
  /** The last tick that may be shown, by the key of the question. */
  locks: Record<string, number>;
  prompts: Record<string, string>;
  /** What a link says of each run, or why it has none, by the label of the run. */
  links: Record<string, string>;
  tracks: Reference[];
}

interface TracksTraits {
  header: Header;
  targets: Reference[];
  /** The arrays of all channels, one after the other. */
  data: DataView;
  figure: Reference | null;
}

/** What `kit.widgets.pictures.tracks_model` says of a picture. */
interface Header {
  title: string;
  width: number;
  twin: Sentence[];
  channels: ChannelHeader[];
  /** Targets whose marks stand in ticks: they show time itself. */
  timed: number[];
  /** [channel that is only told, target whose elements are marked when it changes]. */
  ties: [number, number][];
  /** For a target, the number of the channel that says what each of its elements is about. */
  /** A channel, the target that its elements are in, and keys by its texts, if those are none. */
  about: [number, number, Record<string, string>?][];
  /** The names of all that can be pointed at, by key. */
  subjects: Record<string, string>;
  /** [target, from which tick on each of its elements may be shown]. */
  births: [number, number[]][];
}

/** Parts of a sentence: a text, or [number of a channel, element]. */
type Sentence = (string | [number, number])[];

/** What `Channel.packed` writes: one of numbers has a width, one of texts has these. */
interface ChannelHeader {
  trait: string;
  /** Place of the model in `targets`; -1 for a channel that is only told. */
  target: number;
  elements: number;
  keys: number;
  width?: number;
  texts?: string[];
  spread: number[] | null;
  steady: boolean;
  glides: boolean;
}

interface ZoomTraits {
  window: number[];
  now: number[] | Float64Array;
  down: boolean;
  start: number;
  behind: number;
  below: number;
  across: number;
  end: number;
  boxes: DataView;
  looks: Look[];
  lanes: [number, number][];
  /** [tick, text, symbol, place across, room across]. */
  notes: [number, string, string, number, number][];
  legend: string[];
  opacities: number[];
  scale: Reference | null;
  plain: Reference | null;
  bars: Reference | null;
  states: Reference | null;
  ruler: Reference | null;
  writing: Reference | null;
}

/** What bars look like; see `kit.tracks.timelines.lane_marks`. */
interface Look {
  fill: string;
  stroke: string;
  inset: number;
  dark: string;
  ink: string;
  text: string;
}

interface FrameGridTraits {
  unit: "frame" | "slot";
  label: string;
  total: number;
  first: number;
  count: number;
  reserved: number;
  size: number;
  contiguous: boolean;
  /** [kind, pid, program, segment]. */
  owners: [string, number, string, string][];
  /** [owner, page, label, others, copied]; nothing for what is free. */
  states: ([] | [number, number, string?, string?, string?])[];
  /** [first, how many]. */
  live: [number, number][];
  shown: ArrayLike<number>;
  /** Elements of `shown` that changed at the tick that is shown. */
  changed: number[];
  /** The keys of what each element of `shown` is about. */
  subjects: string[];
  /** The key of what a person points at. */
  pointed: string;
  summary: string[];
  legend: [string, string][];
  colors: Record<string, [string, string]>;
}

interface TableTraits {
  caption: string;
  headings: string[];
  rows: string[][];
  live: number[];
  cells: string[];
  /** Elements of `cells` that changed at the tick that is shown. */
  changed: number[];
  states: string[];
  mono: number[];
  numbers: number[];
  /** Columns of program text, and in which language. */
  code: Record<number, string>;
  parents: number[];
  height: number;
  /** The key of what each row is about. */
  about: string[];
  /** The keys of what each live cell is about. */
  subjects: string[];
  /** The same by the text of a cell. */
  by_text: Record<string, string>;
  /** The key of what a person points at. */
  pointed: string;
}

interface MomentListTraits {
  ticks: number[];
  texts: string[];
  answers: string[];
  reached: number[];
  written: Record<string, string>;
  player: Reference | null;
}

interface GraphOfStatesTraits {
  /** [layer, how far from its middle] of each state. */
  places: [number, number][];
  texts: string[];
  /** Of each state what is told of it, as places in `texts`. */
  told: number[][];
  /** Of each state the outcomes that can be reached from it. */
  reach: number[][];
  /** The outcome that each state is; -1 where something can happen. */
  ends: number[];
  /** [state, state that it leads to, what is done, what changes], the last two as places in `texts`. */
  steps: [number, number, number, number[]][];
  /** Of each outcome the steps of its shortest way. */
  ways: number[][];
  /** [in words, whether it is good]. */
  outcomes: [string, boolean][];
  outcome: number;
  opened: boolean;
}

interface CurtainTraits {
  /** Hidden until each of them has been answered. */
  questions: Reference[];
}

interface CodeAreaTraits {
  text: string;
  given: string;
  label: string;
  errors: Mistake[];
  rows: number;
  checks: boolean;
}

interface Mistake {
  line: number;
  column: number;
  message: string;
}

interface RunStatusTraits {
  state: "idle" | "running" | "done" | "limit" | "failed" | "cancelled";
  turn: number;
  text: string;
  detail: string;
  note: string;
}

interface ExerciseSheetTraits {
  state: "" | "passed" | "failed";
  verdict: string;
  findings: { text: string; shows: boolean }[];
  hints: string[];
  hints_shown: number;
  access: "none" | "locked" | "open";
  locked: string;
  solution: string;
  /** Why an answer could not be kept; "" if it is. */
  unsaved: string;
}

interface AnswersTraits {
  entries: Entry[];
  summary: string;
  place: string;
  problem: string;
  file_name: string;
  content: string;
  status: string;
  largest: number;
}

interface Entry {
  prompt: string;
  state: "right" | "wrong" | "open" | "written";
  tries: number;
}

interface IdeasTraits {
  kept: KeptIdeas[];
  known: Record<string, { idea: string; instead: string; source: string }>;
}

/** What the answers in one lesson show: for each question, the ideas of its first and last answer. */
interface KeptIdeas {
  lesson: string;
  href: string;
  shown: [string, string][];
}

interface ExplainTraits {
  key: string;
  prompt: string;
  rubric: string[];
  ours: string;
  text: string;
  /** Places of the rubric. */
  ticked: number[];
  tries: number;
  /** Why it could not be kept; "" if it is. */
  unsaved: string;
}

interface PredictTraits {
  key: string;
  kind: string;
  prompt: string;
  form: "one" | "several" | "order" | "mark";
  choices: Choice[];
  /** The right order, for questions about one. */
  order: number[];
  why: string;
  tick: number;
  at: number | null;
  chosen: number[];
  correct: boolean;
  tries: number;
  /** Asked after two wrong answers each. */
  instances: Instance[];
  /** The wrong answers, two of each round that is over. */
  misses: number[][];
  /** Why the answer could not be kept; "" if it is. */
  unsaved: string;
  player: Reference | null;
  places: Places[];
}

/** A question as it is asked in one of its rounds. */
interface Instance {
  key: string;
  prompt: string;
  form: "one" | "several" | "order" | "mark";
  choices: Choice[];
  order: number[];
  why: string;
  tick: number;
  at: number | null;
  /** Whether its player shows the run that it is about. */
  pictured: boolean;
}

interface Choice {
  text: string;
  correct: boolean;
  feedback: string;
  misconception: string;
  idea: string;
  instead: string;
  tick: number | null;
}

/** Where in a figure the choices are: [choice, left, top, width, height], as shares of it. */
interface Places {
  figure: Reference;
  boxes: [number, number, number, number, number][];
}
