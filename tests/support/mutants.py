"""Small faults in SQL, one at a time: what a slip of the pen would make of a model."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp, parse_one

from zorgdata.engine import Model, Models

_SWAPS: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Greatest: exp.Least,
    exp.Least: exp.Greatest,
    exp.And: exp.Or,
    exp.Or: exp.And,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
}


@dataclass(frozen=True)
class Mutant:
    """A model with one fault; ``fault`` says which, with the SQL around it."""

    model: str
    fault: str
    body: str

    def of(self, models: Models) -> Models:
        """The models with this one in place of the original."""
        original = models[self.model]
        changed = {**models.by_name, self.model: replace(original, body=self.body)}
        return replace(models, by_name=changed)


def mutants(model: Model) -> Iterator[Mutant]:
    """Every single fault: another comparison, extreme, connective or sign, and small numbers one too high."""
    tree = parse_one(model.body, dialect="duckdb")
    for place, node in enumerate(tree.walk()):
        changed = tree.copy()
        twin = next(other for n, other in enumerate(changed.walk()) if n == place)
        after = _fault(twin)
        if after is None:
            continue
        before, fault = node.sql(dialect="duckdb"), after.sql(dialect="duckdb")
        if isinstance(node, exp.Literal) and node.parent:
            before = f"{node.parent.sql(dialect='duckdb')}: {before}"
        twin.replace(after)
        yield Mutant(model.name, f"{before} -> {fault}", changed.sql(dialect="duckdb"))


def _fault(node: exp.Expression) -> exp.Expression | None:
    other = _SWAPS.get(type(node))
    if other is not None:
        return other(
            **{
                name: value.copy() if isinstance(value, exp.Expression) else value
                for name, value in node.args.items()
            }
        )
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit() and int(node.name) < 400:
        in_type = node.find_ancestor(exp.DataType)
        return None if in_type else exp.Literal.number(int(node.name) + 1)
    return None
