/** The tables of a relational copy. Names are in snake_case, and none needs quotes in SQL. */
import { EVENT_FIELDS, EVENT_KINDS, type EventKind, type FieldType } from '../../node/contract/events'

/** Words that SQL keeps for itself. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ['index', 'log_index'],
  ['commit', 'commit_index'],
  ['from', 'from_node'],
  ['to', 'to_node'],
  ['by', 'by_what'],
])

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

export function tableOf(kind: EventKind): string {
  return kind === 'foreign' ? 'foreign_event' : snake(kind)
}

export interface SqlColumn {
  readonly field: string
  readonly type: FieldType
  readonly name: string
  readonly sql: string
}

/** The columns of a kind's table besides `seq`, `t`, `node`; lists of entries stand in `entries`. */
export function columnsOf(kind: EventKind): readonly SqlColumn[] {
  return Object.entries<FieldType>(EVENT_FIELDS[kind].fields)
    .filter(([, type]) => type !== 'entries')
    .map(([field, type]) => ({ field, type, name: RESERVED.get(field) ?? snake(field), sql: sqlType(type) }))
}

function sqlType(type: FieldType): string {
  switch (type) {
    case 'text':
      return 'TEXT'
    case 'bytes':
      return 'BLOB'
    case 'u8':
    case 'u16':
    case 'u32':
    case 'f64':
    case 'flag':
    case 'entries':
      return 'NUMERIC'
    default:
      return 'TEXT'
  }
}

const kindTables = EVENT_KINDS.map((kind) => {
  const columns = columnsOf(kind).map(({ name, sql }) => `, ${name} ${sql} NOT NULL`)
  return `CREATE TABLE ${tableOf(kind)} (seq INTEGER PRIMARY KEY, t NUMERIC NOT NULL, node INTEGER NOT NULL${columns.join('')});`
})

export const SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE nodes (node INTEGER PRIMARY KEY, events INTEGER NOT NULL, first_seq INTEGER NOT NULL,
  last_seq INTEGER NOT NULL, first_t NUMERIC NOT NULL, last_t NUMERIC NOT NULL);
CREATE TABLE events (seq INTEGER PRIMARY KEY, t NUMERIC NOT NULL, seconds REAL NOT NULL, node INTEGER NOT NULL,
  n NUMERIC NOT NULL, kind TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE entries (seq INTEGER NOT NULL, node INTEGER NOT NULL, log_index NUMERIC NOT NULL, term NUMERIC NOT NULL,
  type TEXT NOT NULL, content TEXT NOT NULL);
CREATE TABLE messages (sender INTEGER NOT NULL, receiver INTEGER NOT NULL, id NUMERIC NOT NULL, message TEXT NOT NULL,
  term NUMERIC, count INTEGER, copy_of NUMERIC, in_reply_to NUMERIC, sent_seq INTEGER NOT NULL, sent_t NUMERIC NOT NULL,
  fate TEXT NOT NULL, reason TEXT, end_seq INTEGER, end_t NUMERIC, latency NUMERIC,
  PRIMARY KEY (sender, receiver, id)) WITHOUT ROWID;
CREATE TABLE bookmarks (id TEXT PRIMARY KEY, seq INTEGER NOT NULL, t NUMERIC NOT NULL, text TEXT NOT NULL,
  created TEXT NOT NULL);
${kindTables.join('\n')}
CREATE INDEX events_t ON events (t);
CREATE INDEX events_kind ON events (kind, seq);
CREATE INDEX events_node ON events (node, seq);
CREATE INDEX entries_log ON entries (node, log_index);
CREATE INDEX received_message ON received (peer, node, id);
CREATE INDEX dropped_message ON dropped (sender, receiver, id);
CREATE INDEX held_message ON held (peer, node, id);
CREATE INDEX released_message ON released (peer, node, id);
`

/** What became of it: the first of these that is known. */
const FATE = `CASE WHEN r.seq IS NOT NULL THEN 'received' WHEN d.seq IS NOT NULL THEN 'dropped'
  WHEN EXISTS (SELECT 1 FROM held h WHERE h.peer = m.sender AND h.node = m.receiver AND h.id = m.id)
    AND NOT EXISTS (SELECT 1 FROM released x WHERE x.peer = m.sender AND x.node = m.receiver AND x.id = m.id)
  THEN 'held' ELSE 'under way' END`

/** Messages that were sent, or copied, at events from `?` to `?` (not included). */
export const FILL_MESSAGES = `
INSERT OR IGNORE INTO messages
SELECT m.sender, m.receiver, m.id, m.message, m.term, m.count, m.copy_of, m.in_reply_to, m.seq, m.t,
  ${FATE}, d.reason, COALESCE(r.seq, d.seq), COALESCE(r.t, d.t), COALESCE(r.t, d.t) - m.t
FROM (
  SELECT seq, t, node AS sender, peer AS receiver, id, message, term, count, NULL AS copy_of,
    NULLIF(in_reply_to, 0) AS in_reply_to
  FROM sent WHERE seq >= ?1 AND seq < ?2
  UNION ALL
  SELECT seq, t, peer, node, copy, message, NULL, NULL, id, NULL FROM copied WHERE seq >= ?1 AND seq < ?2
) m
LEFT JOIN received r ON r.peer = m.sender AND r.node = m.receiver AND r.id = m.id
LEFT JOIN dropped d ON d.sender = m.sender AND d.receiver = m.receiver AND d.id = m.id`
