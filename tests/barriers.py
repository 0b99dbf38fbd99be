"""Barriers that axe finds in a page; colours are looked at once for each way in which text looks.

Of all rules that of contrast takes nearly all of the time: it asks for each text what lies behind it. Rows of
a table look alike: three of each kind say as much as a thousand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

_RUN: Final = """async ([within, onlyColours]) => {
    const LOOKED_AT = 3;
    const PLAIN = 'rgba(0, 0, 0, 0),none,1,none,static';
    const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
    const resultTypes = ['violations'];
    const off = Object.fromEntries(OF_COLOURS.map((rule) => [rule, {enabled: false}]));
    const place = within ?? document;
    const found = onlyColours ? [] : (await axe.run(place, {resultTypes, rules: off})).violations;

    const styles = new Map(); // what an element adds to the look of what is within it
    const adds = (node) => {
        if (!styles.has(node)) {
            const before = node.parentElement ? adds(node.parentElement) : '';
            const own = [null, '::before', '::after'].map((which) => {
                const of = getComputedStyle(node, which);
                if (which && of.content === 'none') return '';
                const behind = [of.backgroundColor, of.backgroundImage, of.opacity, of.filter, of.position];
                return String(behind) === PLAIN ? '' : behind.join() + of.zIndex;
            }).filter(Boolean).join(';');
            styles.set(node, own ? `${before}/${own}` : before);
        }
        return styles.get(node);
    };
    const saysSomething = (node) => node.matches('input, select, textarea')
        || [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    const looks = new Map();
    for (const root of within ? document.querySelectorAll(within) : [document.body])
        for (const node of [root, ...root.querySelectorAll('*')]) {
            if (!saysSomething(node) || !node.checkVisibility()) continue;
            const of = getComputedStyle(node);
            const text = [of.color, of.fontSize, of.fontWeight, of.textShadow, of.textDecorationLine];
            const look = node.tagName + text.join() + '|' + adds(node);
            if (!looks.has(look)) looks.set(look, []);
            if (looks.get(look).length < LOOKED_AT) looks.get(look).push(node);
        }
    const include = [...looks.values()].flat();
    const runOnly = {type: 'rule', values: OF_COLOURS};
    if (include.length) found.push(...(await axe.run({include}, {resultTypes, runOnly})).violations);
    return {violations: found};
}"""


def axe(page: Page, within: str | None = None, *, only_colours: bool = False) -> AxeResults:
    """Return what axe finds in a page, or within what a selector names.

    Parameters
    ----------
    only_colours
        Look at colours only: of a page of which all else was looked at in other colours.
    """
    if page.evaluate("typeof window.axe === 'undefined'"):
        page.evaluate(Axe().axe_script)
    return AxeResults(page.evaluate(_RUN, [within, only_colours]))
