"""Small faults in SQL, one at a time: what a slip of the pen would make of a model."""

import random
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


def mutants(model: Model, sample: int | None = None) -> Iterator[Mutant]:
    """Every single fault: another comparison, extreme, connective or sign, and small numbers one too high.

    ``sample`` limits their number; which ones are tried depends on the name of the model alone.
    """
    tree = parse_one(model.body, dialect="duckdb")
    places = [place for place, node in enumerate(tree.walk()) if _fault(node) is not None]
    if sample is not None and len(places) > sample:
        places = sorted(random.Random(model.name).sample(places, sample))
    for place in places:
        changed = tree.copy()
        twin = next(other for n, other in enumerate(changed.walk()) if n == place)
        after = _fault(twin)
        assert after is not None
        before, fault = twin.sql(dialect="duckdb"), after.sql(dialect="duckdb")
        if isinstance(twin, exp.Literal) and twin.parent:
            before = f"{twin.parent.sql(dialect='duckdb')}: {before}"
        twin.replace(after)
        yield Mutant(model.name, f"{before} -> {fault}", changed.sql(dialect="duckdb"))


def _fault(node: exp.Expr) -> exp.Expression | None:
    other = _SWAPS.get(type(node))
    if other is not None:
        return other(
            **{
                name: value.copy() if isinstance(value, exp.Expression) else value
                for name, value in node.args.items()
            }
        )
    if isinstance(node, exp.Literal) and not node.is_string and node.name.isdigit() and int(node.name) < 400:
        return None if _says_nothing(node) else exp.Literal.number(int(node.name) + 1)
    return None


def _says_nothing(node: exp.Literal) -> bool:
    """Only its presence counts: ``exists (select 1 ...)``, ``count(case ... then 1)``; or it is in a type."""
    if node.find_ancestor(exp.DataType) or isinstance(node.parent, exp.Select):
        return node.find_ancestor(exp.DataType) is not None or node.find_ancestor(exp.Exists) is not None
    case = node.parent.parent if isinstance(node.parent, exp.If) else None
    return isinstance(case, exp.Case) and isinstance(case.parent, exp.Count)
