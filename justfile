# Short names for what is done often. `just` lists them.

default:
    @just --list

# A synthetic region in, a report out
demo *args:
    python3 bootstrap.py demo {{args}}

# All tests but the slow ones
test *args:
    python3 bootstrap.py test {{args}}

# National scale, mutation, Spark
slow:
    python3 bootstrap.py test -m slow

# Every model on Spark, held against DuckDB (needs Java 17)
spark *models:
    .venv/bin/python -m tests.support.spark {{models}}

# Style, types, import contracts
lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports --no-cache

format:
    .venv/bin/ruff format .
    .venv/bin/ruff check --fix .

# Write the generated pages again (CLI, metrics, models, checks)
docs:
    .venv/bin/python docs/generate.py
