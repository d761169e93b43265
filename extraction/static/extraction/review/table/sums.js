// The sum of a table's amounts beside the fields that it may meet.

const CENT = 0.005;

// The fields that the sum meets, as it is or (taxed) with the taxes, else the nearest one with the difference; null without a
// sum or an amount to compare. fields: {name, amount, role} with the amount as a decimal, or null.
//
// A sum that meets nothing is wrong only where it had to meet something: the amount before taxes is known, or the taxes
// are. Else taxes or a discount that no field holds may be what is missing.
export function compare(sum, fields) {
  if (sum === null || sum === undefined) return null;
  const known = fields.filter(({ amount }) => amount).map(({ name, amount, role }) => ({ name, role, difference: Number(sum) - Number(amount) }));
  const amounts = known.filter(({ role }) => role !== "tax");
  if (!amounts.length) return null;
  const taxes = fields.filter(({ amount, role }) => amount && role === "tax").reduce((all, { amount }) => all + Number(amount), 0);
  const names = (more) => amounts.filter(({ difference, role }) => (!more || role === "total") && Math.abs(difference + more) < CENT).map(({ name }) => name);
  const met = names(0);
  const taxed = !met.length && taxes ? names(taxes) : [];
  const nearest = amounts.reduce((best, other) => (Math.abs(other.difference) < Math.abs(best.difference) ? other : best));
  const meets = met.length || taxed.length;
  return {
    met: met.length ? met : taxed,
    taxed: taxed.length > 0,
    nearest: nearest.name,
    difference: meets ? null : nearest.difference.toFixed(2),
    wrong: !meets && known.some(({ role }) => role !== "total"),
  };
}
