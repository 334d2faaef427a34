/**
 * The undo journal is written by triggers, so that no change can forget to be undoable. While
 * `history_current` names an entry, each changed cell of a watched table becomes one row of
 * `history_changes`: the row's id, the column, the value before and after. A deleted row is kept whole as
 * JSON; of an inserted row only the id is kept (it is read when the insert is undone).
 */
export interface JournalledTable {
  readonly table: string
  /** Every column except `id`. */
  readonly columns: readonly string[]
}

export function journalTriggers({ table, columns }: JournalledTable): string {
  const active = `(SELECT entry_id FROM history_current) IS NOT NULL`
  const record = (kind: string, id: string, before: string, after: string) => `
      INSERT INTO history_changes (entry_id, table_name, row_id, kind, before, after)
      SELECT entry_id, '${table}', ${id}, '${kind}', ${before}, ${after} FROM history_current;`
  const image = ['id', ...columns].map((c) => `'${c}', old.${c}`).join(', ')
  return [
    `CREATE TRIGGER ${table}_journal_insert AFTER INSERT ON ${table} WHEN ${active}
     BEGIN ${record('insert', 'new.id', 'NULL', 'NULL')} END;`,
    `CREATE TRIGGER ${table}_journal_delete AFTER DELETE ON ${table} WHEN ${active}
     BEGIN ${record('delete', 'old.id', `json_object(${image})`, 'NULL')} END;`,
    ...columns.map(
      (c) =>
        `CREATE TRIGGER ${table}_journal_${c} AFTER UPDATE OF ${c} ON ${table} WHEN old.${c} IS NOT new.${c} AND ${active}
     BEGIN ${record(`set:${c}`, 'old.id', `old.${c}`, `new.${c}`)} END;`,
    ),
  ].join('\n')
}
