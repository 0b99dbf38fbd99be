"""The sheet of scores: every question of every option, from the answer to what it adds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from evalkit.exchange.evaluation_workbook import formulas
from evalkit.model.questionnaire import ListQuestion, NumberQuestion, ScaleQuestion, StepsAtMost
from evalkit.model.values import EVIDENCE_CLASSES, RANK
from evalkit.scoring.evidence import slack_levels
from evalkit.scoring.shares import gap_bucket

if TYPE_CHECKING:
    from evalkit.exchange.evaluation_workbook.contents import Contents, Said, Scored, Stated
    from evalkit.exchange.evaluation_workbook.layout import Layout
    from evalkit.exchange.evaluation_workbook.page import Page
    from evalkit.model.questionnaire import Question
    from evalkit.model.scorecard import QuestionResult

STATES: Final = ("answered", "conflicting", "unknown", "refused", "unanswered")
_STATED: Final = ("answer", "lowest", "highest")


def write_scores(page: Page, layout: Layout, contents: Contents) -> None:
    """Write the sheet."""
    table = layout.scores
    page.title(
        "Scores",
        "One row per option and question. Filter by option; change what is tinted. Grey is as evalkit worked"
        " it out; all else is calculated here, from left to right.",
    )
    page.headers(table, height=42)
    for place, scored in enumerate(contents.scored):
        rows = layout.block(place)
        for row, question in zip(rows.each, layout.questions, strict=True):
            _Row(page, layout, contents, row).write(place, scored, question)
    last = layout.block(len(contents.scored)).first - 1
    page.freeze(table, table.at["title"], last)
    if not contents.scored:
        return
    below = (table.first, 0, last, len(table.columns) - 1)
    page.mark(below, "out", f"${table.own('applies', table.first)}=0")
    for key, allowed in (
        ("applies", ("1", "0")),
        ("state", STATES),
        ("class", ("none", *EVIDENCE_CLASSES)),
    ):
        page.choices((table.first, table.at[key], last, table.at[key]), allowed)


class _Row:
    """One row, as it is written."""

    def __init__(self, page: Page, layout: Layout, contents: Contents, row: int) -> None:
        self.page = page
        self.layout = layout
        self.contents = contents
        self.row = row
        self.table = layout.scores

    def write(self, place: int, scored: Scored, question: Question) -> None:
        result, said = scored.card.question(question.id), scored.said[question.id]
        self.page.row(
            self.table,
            self.row,
            option=scored.card.option,
            domain=self.contents.inputs.questionnaire.domain_of[question.id].title,
            question=question.id,
            title=question.title,
            applies=int(result.applicable),
            state=result.state,
            **{"class": result.evidence_class},
            words=said.words,
            disputed=int(result.disputed),
            stale=int(result.stale),
            basis=said.basis,
        )
        self._statements(question, said)
        self._evidence(question, result)
        self._interval(question, result, said)
        self._sums(place, scored, result)

    def own(self, key: str) -> str:
        return self.table.own(key, self.row)

    def put(self, key: str, formula: str, value: str | float) -> None:
        self.page.calculated(self.table, self.row, key, formula, value)

    def _statements(self, question: Question, said: Said) -> None:
        for key in _STATED:
            stated: Stated = getattr(said, key)
            if isinstance(question, (ScaleQuestion, NumberQuestion)):
                self._raw(key, stated, said)
                self.put(f"{key}_points", self._points(question, key), _or_empty(stated.points))
            else:
                self._worth(key, stated, said)
        if said.open_up_to is not None or isinstance(question, ListQuestion):
            self.page.row(self.table, self.row, open=said.open_up_to)

    def _raw(self, key: str, stated: Stated, said: Said) -> None:
        """Write what is stated; where all that governs says the same, in one cell that the others repeat."""
        if key != "answer" and stated == said.answer:
            formula = formulas.blank_if_blank(self.own("answer"), self.own("answer"))
            self._input(key, formula, _or_empty(stated.raw))
        else:
            self.page.row(self.table, self.row, **{key: stated.raw})

    def _worth(self, key: str, stated: Stated, said: Said) -> None:
        """Write the points of a set or list, which evalkit has counted; they may be changed."""
        place, first = self.table.at[f"{key}_points"], self.own("answer_points")
        if key == "answer":
            self.page.put(self.row, self.table.at[key], stated.raw, "fixed text")
        if key != "answer" and stated.points == said.answer.points:
            formula = formulas.blank_if_blank(first, first)
            self._input(f"{key}_points", formula, _or_empty(stated.points))
        else:
            self.page.put(self.row, place, stated.points, "input")

    def _input(self, key: str, formula: str, value: str | float) -> None:
        self.page.formula(self.row, self.table.at[key], formula, value, "input")

    def _points(self, question: ScaleQuestion | NumberQuestion, key: str) -> str:
        points, rows = self.layout.points, self.layout.points_rows[question.id]
        steps = points.area("points", rows.steps)
        if isinstance(question, ScaleQuestion):
            return formulas.level_points(self.own(key), points.area("key", rows.steps), steps)
        limits = type(rows.steps)(rows.steps.first, rows.steps.last - 1)
        special = rows.special
        return formulas.number_points(
            self.own(key),
            points.area("key", limits),
            steps,
            rising=isinstance(question.value_rule, StepsAtMost),
            special=(points.area("key", special), points.area("points", special)) if special else None,
        )

    def _evidence(self, question: Question, result: QuestionResult) -> None:
        weights, row = self.layout.weights, self.layout.question_rows[question.id]
        rank = RANK[result.evidence_class] if result.is_answered else 0
        slack: str | float = ""
        trust: str | float = ""
        if rank:
            table, name = self.contents.inputs.profile.evidence, EVIDENCE_CLASSES[rank - 1]
            slack, trust = slack_levels(question, name, table), table[name].reliability
        self.put("answered", formulas.has_value(self.own("state")), int(result.is_answered))
        self.put("rank", formulas.class_rank(self.own("answered"), self.own("class")), rank)
        self.put("slack", formulas.slack(self.own("rank"), weights.cell("proof_rank", row)), slack)
        self.put("reliability", formulas.reliability(self.own("rank")), trust)

    def _interval(self, question: Question, result: QuestionResult, said: Said) -> None:
        own = self.own
        self.put("face", f"IF({own('answered')}=0,0,{own('answer_points')}/100)", result.v or 0.0)
        figures = {"assured": result.low, "expected": result.expected, "potential": result.high}
        if said.basis == "interval by evalkit":
            for key, figure in figures.items():
                self.page.put(self.row, self.table.at[key], figure, "fixed share")
            return
        levels = None
        if isinstance(question, ScaleQuestion):
            levels = self.layout.points.area("value", self.layout.points_rows[question.id].steps)
        open_up_to = own("open") if isinstance(question, ListQuestion) else None
        texts = {
            "assured": formulas.assured(own("answered"), own("lowest_points"), own("slack"), levels),
            "expected": self._expected(question, levels),
            "potential": formulas.potential(own("answered"), own("highest_points"), open_up_to),
        }
        for key, figure in figures.items():
            self.put(key, texts[key], figure)

    def _expected(self, question: Question, levels: str | None) -> str:
        own = self.own
        unknown = self.layout.weights.cell("unknown", self.layout.question_rows[question.id])
        cells = {
            "answered": own("answered"),
            "state": own("state"),
            "low": own("assured"),
            "high": own("potential"),
            "trust": own("reliability"),
            "unknown": unknown,
        }
        if isinstance(question, ListQuestion):
            return formulas.expected_of_list(**cells, stated=own("highest_points"), open_up_to=own("open"))
        return formulas.expected(**cells, levels=levels or "Grid")

    def _sums(self, place: int, scored: Scored, result: QuestionResult) -> None:
        own, layout = self.own, self.layout
        overview = layout.overview
        total = overview.cell("applicable", overview.first + place)
        counts = f"{own('applies')}*{own('weight')}"
        applicable = sum(one.weight for one in scored.card.questions if one.applicable)
        share = result.weight / applicable if result.applicable else 0.0
        cited = layout.weights.cell("share", layout.question_rows[result.question])
        self.put("weight", cited, result.weight)
        self.put("adds", f"{counts}*{own('assured')}/{total}", share * result.low)
        self.put("adds_face", f"{counts}*{own('face')}/{total}", share * (result.v or 0.0))
        gap = f"{counts}*({own('potential')}-{own('assured')})/{total}"
        self.put("adds_gap", gap, share * (result.high - result.low))
        why = formulas.cause(
            own("assured"),
            own("potential"),
            own("state"),
            own("disputed"),
            own("stale"),
            own("class"),
        )
        self.put("cause", why, gap_bucket(result) if result.high > result.low else "")


def _or_empty(value: str | float | None) -> str | float:
    return "" if value is None else value
