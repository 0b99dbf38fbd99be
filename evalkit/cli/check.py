"""``evalkit check``: everything that is wrong with the files of an evaluation."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from evalkit.cli.console import print_table, report_problems, say
from evalkit.files.catalogue import RULES
from evalkit.files.loading import check, load_inputs
from evalkit.files.workspace import find_evaluation


def print_rules() -> None:
    """Print the rule catalogue: id, subject and sentence of every rule."""
    rows = [(rule.id, rule.subject, rule.text) for rule in RULES.values()]
    print_table((("Rule", "left"), ("About", "left"), ("What holds", "left")), rows)


def check_evaluation(directory: Path | None, *, as_json: bool) -> int:
    """Print every problem of an evaluation's files.

    Returns 0 if there is none, 2 if a file cannot be used, 1 if all can and something wants another look.
    """
    evaluation = find_evaluation(directory, Path.cwd())
    problems = check(evaluation)
    usable = all(RULES[problem.code].is_advice for problem in problems)
    if as_json:
        json.dump([asdict(problem) for problem in problems], sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    elif problems:
        report_problems(problems)
        if usable:
            say("the files can be used as they are; what is named should be looked at again")
    else:
        inputs = load_inputs(evaluation)
        say(
            f"{inputs.evaluation.id}: {len(inputs.questionnaire.questions)} questions,"
            f" {len(inputs.answers)} products, {len(inputs.options())} options, no problem"
        )
    if usable:
        return 1 if problems else 0
    return 2
