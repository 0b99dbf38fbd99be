"""Hostile but valid values for the tests of reading and writing."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from evalkit.model.answers import ProductAnswers
from evalkit.model.controls import Target

TRICKY = (
    "yes", "no", "On", "y", "N", "null", "~", "1.2", "012", "0x1", "0o7", "1e3", "1_000", "12:30", ".inf",
    "=", "<<", "2026-11-22", "2026-11-22 10:00:00", "- a", "? a", "a: b", "a #b", "#a", "&a", "*a", "!a",
    "%a", "@a", "`a", "[a", "{a}", "|", ">", "'a'", '"a"', "a'b", "\\n", " a", "a ", "a\nb", "a\n", "a\n\n",
    "\na", " a\nb", "a \nb", "a\n b", "a\n\n\nb\n", "a\tb", "\ta", "a\r\nb", "---", "...", "---\na",
    "a\n---\nb", "a\n...\nb", "é", "日本", "😀", "a\u2028b", "\u202eabc", "\ufeffa", "a\u001b[0m", "\u0000a",
    "\u0085a", "a, b", "a:", ":a", "a\n# b", "# a\nb", "x" * 300,
)  # fmt: skip

unhurried = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
"""Whole files are large examples, and a machine may be busy: neither is a failure."""

_characters = st.characters(exclude_categories=["Cs"])

# Deferred: Hypothesis would spell out the whole of each strategy in each of its messages.
texts = st.deferred(
    lambda: st.one_of(st.sampled_from(TRICKY), st.text(_characters, max_size=40).map(lambda text: text + "x"))
)
any_text = st.deferred(lambda: st.one_of(texts, st.just(""), st.text(_characters, max_size=10)))
words = st.from_regex(r"[a-z0-9][a-z0-9_]{0,8}", fullmatch=True)
ids = st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True)
keys = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)
question_ids = st.from_regex(r"[A-Z]{2,5}-[0-9]{2,3}", fullmatch=True)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1)).map(date.isoformat)
numbers = st.one_of(st.integers(-(10**30), 10**30), st.floats(allow_nan=False, allow_infinity=False))
hosts = st.lists(st.from_regex(r"[a-z*][a-z.*]{0,12}", fullmatch=True), max_size=6)


def some(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings with all of the first keys and any of the others."""
    return st.fixed_dictionaries(required, optional=optional)


host_lists = some(
    {},
    {
        "documented": hosts,
        "observed": hosts,
        "from_source": hosts,
        "purposes_given": st.booleans(),
        "none_needed": st.booleans(),
    },
)
answer_values = st.one_of(numbers, texts, st.lists(texts, max_size=4), host_lists)
evidence = some(
    {"class": st.sampled_from(["claim", "documented", "tested"]), "source": keys},
    {
        "locator": any_text,
        "value": answer_values,
        "collected": days,
        "deployments": st.lists(ids, max_size=2),
    },
)
statements = some(
    {},
    {
        "state": st.sampled_from(["answered", "unknown"]),
        "value": answer_values,
        "finding": any_text,
        "also": any_text,
        "evidence": st.lists(evidence, max_size=3),
        "reviewed": some({"by": texts, "on": days}, {"note": any_text}),
    },
)
answers = st.tuples(statements, st.dictionaries(ids, statements, max_size=2)).map(
    lambda both: both[0] | ({"deployments": both[1]} if both[1] else {})
)
sources = some(
    {"title": texts, "publisher": texts, "kind": st.sampled_from(["vendor-docs", "lab"])},
    {"url": texts, "version": texts, "retrieved": days},
)
product_answers = some(
    {
        "format": st.just("evalkit/answers/1"),
        "questionnaire": st.just("coding-agent@1.0.0"),
        "product": some(
            {"id": ids, "name": texts, "vendor": texts, "version": texts, "licence": words},
            {"operating_systems": st.lists(words, max_size=3), "features": st.lists(words, max_size=3)},
        ),
        "prepared": some({"by": texts, "on": days, "basis": texts}, {}),
        "deployments": st.lists(
            some(
                {"id": ids, "name": texts, "route": words, "surface": words, "plan": words}, {"client": texts}
            ),
            min_size=1,
            max_size=2,
        ),
    },
    {
        "sources": st.dictionaries(keys, sources, max_size=3),
        "answers": st.dictionaries(question_ids, answers, max_size=4),
    },
).map(ProductAnswers.model_validate)

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, any_text),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(any_text, inner, max_size=4)),
    max_leaves=12,
)
targets = st.builds(lambda value: Target(mechanism="x", value=value), json_values)
