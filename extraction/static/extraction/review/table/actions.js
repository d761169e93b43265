// What the keys and buttons of a table do, by the names of keys.js.

// grid(): the table that is edited, or undefined; leave(steps, event): go to another field; accept(event): accept the
// field and go on; refused(): say why a locked table does not change, true if it is; insert(table): a row below.
export function tableActions({ grid, leave, accept, refused, insert }) {
  const moved = (rows, columns) => () => (grid().editing && columns ? false : grid().move(rows, columns) || undefined);
  const changed = (change) => () => { if (grid() && !refused()) change(grid()); };
  const numberOf = (event) => {
    const line = event.target.closest(".review-clash")?.previousElementSibling;
    return line ? Number(line.dataset.row) : undefined;
  };
  const settled = (keepMine) => (event) => { if (grid() && !refused()) grid().settle(keepMine, numberOf(event)); };
  return {
    row_above: moved(-1, 0),
    row_below: moved(1, 0),
    cell_left: moved(0, -1),
    cell_right: moved(0, 1),
    next_cell: (event) => (grid().step(1) ? undefined : leave(1, event)),
    previous_cell: (event) => (grid().step(-1) ? undefined : leave(-1, event)),
    accept_row: (event) => { if (!grid().acceptRow()) accept(event); },
    first_cell: (event) => (grid().editing && !event.ctrlKey ? false : grid().toEnd(-1, event.ctrlKey)),
    last_cell: (event) => (grid().editing && !event.ctrlKey ? false : grid().toEnd(1, event.ctrlKey)),
    edit_cell: () => grid().type(),
    clear_cell: changed((table) => table.clear()),
    insert_row: changed(insert),
    delete_row: changed((table) => table.remove()),
    split_row: changed((table) => table.split()),
    join_row: changed((table) => table.join()),
    take_reading: () => { grid()?.takeReading(); },
    next_doubt: () => { grid()?.toDoubt(); },
    take_their_row: settled(false),
    keep_my_row: settled(true),
    previous_rows: () => grid().turn(-1),
    next_rows: () => grid().turn(1),
  };
}
