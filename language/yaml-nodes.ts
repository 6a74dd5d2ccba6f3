/** The positions in a YAML text: js-yaml's events as a tree of nodes, each with its offsets. */
import {
  COLLECTION_STYLE,
  constructFromEvents,
  type DocumentEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';

interface Place {
  /** Offset of the first character: of an opening quote or bracket, of the `|` of a text written line by line. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

export interface ScalarNode extends Place {
  readonly kind: 'scalar';
  /** Without quotes, escapes, and indentation. */
  readonly text: string;
  /** `|`: the lines of the text are lines of the file. */
  readonly literal: boolean;
}

/** The value is missing, as after `key:`. */
export interface EmptyNode extends Place {
  readonly kind: 'empty';
}

/** `*name`. */
export interface AliasNode extends Place {
  readonly kind: 'alias';
  readonly name: string;
}

export interface SequenceNode extends Place {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
}

export interface MappingNode extends Place {
  readonly kind: 'mapping';
  readonly pairs: readonly Pair[];
}

export interface Pair {
  readonly key: YamlNode;
  /** The key in JavaScript: `0x10` is "16". */
  readonly name: string;
  readonly value: YamlNode;
}

export type YamlNode = ScalarNode | EmptyNode | AliasNode | SequenceNode | MappingNode;

/** @returns the node of each document in `text`, from which `events` were created. */
export function nodesOf(text: string, events: readonly Event[]): YamlNode[] {
  const reader = new NodeReader(text, events);
  const roots: YamlNode[] = [];
  for (let root = reader.nextDocument(); root !== undefined; root = reader.nextDocument()) roots.push(root);
  return roots;
}

const BEFORE_CLOSING_BRACKET = /(?:[\s,]|#[^\r\n]*)*/y;
const INDICATOR = /(?:(?:\s|#[^\r\n]*)*[:-])?/y;
/** `|` or `>` with its indicators and a comment, at the end of a line. */
const BLOCK_HEADER = /[|>][-+\d]*[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)?$/;

class NodeReader {
  readonly #text: string;
  readonly #events: readonly Event[];
  #index = 0;
  #document: DocumentEvent | undefined;
  /** Offset after everything that has been read. */
  #end = 0;

  constructor(text: string, events: readonly Event[]) {
    this.#text = text;
    this.#events = events;
  }

  nextDocument(): YamlNode | undefined {
    const event = this.#next();
    if (event?.type !== EVENT_ID.DOCUMENT) return undefined;
    this.#document = event;
    const root = this.#node();
    this.#next();
    return root;
  }

  #next(): Event | undefined {
    this.#index += 1;
    return this.#events[this.#index - 1];
  }

  #node(): YamlNode {
    const event = this.#next();
    switch (event?.type) {
      case EVENT_ID.SCALAR:
        return this.#scalar(event);
      case EVENT_ID.ALIAS: {
        const { anchorStart, anchorEnd: end } = event;
        return this.#behind({ kind: 'alias', name: this.#text.slice(anchorStart, end), start: anchorStart - 1, end });
      }
      case EVENT_ID.SEQUENCE:
        return this.#sequence(event);
      case EVENT_ID.MAPPING:
        return this.#mapping(event);
      default:
        throw new Error('js-yaml omitted the event of a value');
    }
  }

  #scalar(event: ScalarEvent): ScalarNode | EmptyNode {
    const { valueStart, valueEnd, style } = event;
    if (valueStart < 0) {
      const end = Math.max(this.#skip(INDICATOR), event.anchorEnd, event.tagEnd);
      return this.#behind({ kind: 'empty', start: end, end });
    }
    const quoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
    const block = style === SCALAR_STYLE.LITERAL_BLOCK || style === SCALAR_STYLE.FOLDED_BLOCK;
    return this.#behind({
      kind: 'scalar',
      text: getScalarValue(this.#text, event),
      literal: style === SCALAR_STYLE.LITERAL_BLOCK,
      start: block ? this.#headerOf(event) : quoted ? valueStart - 1 : valueStart,
      end: quoted ? valueEnd + 1 : valueEnd,
    });
  }

  #headerOf({ valueStart, anchorEnd, tagEnd }: ScalarEvent): number {
    const behindProperties = Math.max(this.#end, anchorEnd, tagEnd);
    const header = this.#text.slice(behindProperties, valueStart).search(BLOCK_HEADER);
    return header < 0 ? valueStart : behindProperties + header;
  }

  #sequence({ start, style }: SequenceEvent): SequenceNode {
    const brackets = style === COLLECTION_STYLE.FLOW;
    this.#end = brackets ? start + 1 : start;
    const items: YamlNode[] = [];
    while (!this.#isClosed()) items.push(this.#node());
    return this.#behind({ kind: 'sequence', items, start, end: this.#closed(brackets) });
  }

  #mapping({ start, style }: MappingEvent): MappingNode {
    // `[a: b]` contains a map without its own brackets.
    const brackets = style === COLLECTION_STYLE.FLOW && this.#text[start] === '{';
    this.#end = brackets ? start + 1 : start;
    const pairs: Pair[] = [];
    while (!this.#isClosed()) {
      const event = this.#events[this.#index];
      const key = this.#node();
      const name = event?.type === EVENT_ID.SCALAR ? this.#keyName(event) : '';
      pairs.push({ key, name, value: this.#node() });
    }
    return this.#behind({ kind: 'mapping', pairs, start, end: this.#closed(brackets) });
  }

  #keyName(event: ScalarEvent): string {
    const document = this.#document === undefined ? [] : [this.#document];
    return String(constructFromEvents([...document, event, { type: EVENT_ID.POP }], { source: this.#text })[0]);
  }

  #isClosed(): boolean {
    if (this.#events[this.#index]?.type !== EVENT_ID.POP) return false;
    this.#index += 1;
    return true;
  }

  #closed(brackets: boolean): number {
    return brackets ? this.#skip(BEFORE_CLOSING_BRACKET) + 1 : this.#end;
  }

  #skip(what: RegExp): number {
    what.lastIndex = this.#end;
    what.test(this.#text);
    return what.lastIndex;
  }

  #behind<Node extends YamlNode>(node: Node): Node {
    this.#end = node.end;
    return node;
  }
}
