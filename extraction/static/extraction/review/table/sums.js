// The sum of a table's amounts beside the fields that it may meet.

const CENT = 0.005;

// The fields that the sum meets, else the nearest one with the difference; null without a sum or an amount to compare.
// fields: {name, amount} with the amount as a decimal, or null.
export function compare(sum, fields) {
  if (sum === null || sum === undefined) return null;
  const amounts = fields.filter(({ amount }) => amount).map(({ name, amount }) => ({ name, difference: Number(sum) - Number(amount) }));
  if (!amounts.length) return null;
  const met = amounts.filter(({ difference }) => Math.abs(difference) < CENT).map(({ name }) => name);
  const nearest = amounts.reduce((best, other) => (Math.abs(other.difference) < Math.abs(best.difference) ? other : best));
  return { met, nearest: nearest.name, difference: met.length ? null : nearest.difference.toFixed(2) };
}
