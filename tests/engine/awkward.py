"""Cells whose outputs an engine that is no kernel finds hard to get right: name, source and tags."""

from __future__ import annotations

from typing import Any, Final

import nbformat

v4: Any = nbformat.v4  # it has no types

LIKE_NUMBERS: Final = ("timeit", "time", "progress-bar")
"""Cells that print times: their text is compared without its numbers."""

# A kernel reads what others than Python write in a thread of its own, and publishes it some time later.
_WAIT: Final = "import time; time.sleep(0.3)"
_ALLOWED: Final = ("raises-exception",)

_CELLS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("parameters", 'x = 1\nname = "a=b"\nnothing = None', ("parameters",)),
    ("parameter-values", "x, name, nothing", ()),
    ("streams", "print('out'); import sys; print('err', file=sys.stderr); print('out2')", ()),
    ("no-newline", "print('a', end=''); print('b', end=''); sys.stdout.write('c\\r\\n'); 'x'", ()),
    ("carriage-returns", "print('10%\\r20%\\rdone\\b\\b')", ()),
    ("warnings", "import warnings\nfor _ in range(2): warnings.warn('odd')\nwarnings.warn('odd')", ()),
    (
        "display",
        (
            "from IPython.display import HTML, JSON, SVG, Image, Latex, Markdown, clear_output, display\n"
            "from IPython.display import update_display\n"
            "handle = display(HTML('<b>a</b>'), display_id='foo')\nhandle"
        ),
        (),
    ),
    ("update", "update_display(HTML('<b>changed</b>'), display_id='foo')", ()),
    ("display-twice", "display(1, display_id='twice'); handle.display('again'); handle.update('last')", ()),
    ("clear", "print('gone'); display(1); clear_output(); print('kept')", ()),
    ("clear-late", "print('gone'); clear_output(wait=True); print('kept')", ()),
    ("clear-never", "print('kept'); clear_output(wait=True)", ()),
    ("clear-later", "print('of this cell')", ()),
    ("formats", "display(JSON({'a': [1]}), Latex('$x$'), Markdown('**m**'), SVG('<svg></svg>'))", ()),
    (
        "raw",
        (
            "display({'text/plain': 'p', 'application/x+json': {'t': (1, float('inf'))}}, raw=True,"
            " metadata={'application/x+json': {'m': 1}})"
        ),
        (),
    ),
    (
        "picture",
        (
            "import base64\nImage(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAD'\n"
            "'UlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='), alt='dot', width=3)"
        ),
        (),
    ),
    ("frame", "import numpy as np, pandas as pd\npd.DataFrame({'a': [1, 2.5], 'b<': ['x', None]})", ()),
    ("styler", "pd.DataFrame({'a': [1, 2]}).style.set_uuid('u').bar()", ()),
    ("styler-uuid", "pd.DataFrame({'a': [1, 2]}).style", ()),
    ("plot", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);", ()),
    ("show", "fig, ax = plt.subplots(); ax.plot([3, 1]); plt.show(); print('after show')", ()),
    ("figure", "fig", ()),
    ("two-figures", "plt.figure(); plt.plot([1]); plt.figure(); plt.plot([2]); print('before both')", ()),
    ("widget", "import ipywidgets as w\nslider = w.IntSlider(value=3); slider", ()),
    ("widget-changed", "slider.value = 7; slider.observe(print); slider.max = 50; w.VBox([slider])", ()),
    ("widget-bytes", "w.Image(value=b'\\x89PNG', format='png')", ()),
    (
        "output-widget",
        "out = w.Output()\nwith out:\n    print('inside'); display(HTML('<i>i</i>'))\nprint('outside')\nout",
        (),
    ),
    ("output-widget-later", "with out: print('more')\nlen(out.outputs)", ()),
    ("output-widget-clear", "out.clear_output(); out.append_stdout('direct'); out.outputs", ()),
    ("output-widget-error", "with out: 1/0", ()),
    ("interact", "w.interact(lambda n: print('n is', n), n=(0, 4));", ()),
    ("progress-bar", "from tqdm.auto import tqdm\nfor _ in tqdm([1, 2]): pass", ()),
    ("progress-text", "from tqdm import tqdm as bar\nfor _ in bar([1, 2], bar_format='{n}'): pass", ()),
    ("shell", "!echo from-subprocess; echo err-subprocess >&2", ()),
    ("shell-captured", "lines = !echo one; echo two\nlines, _exit_code", ()),
    ("system", f"import os; _ = os.system('echo from-system; exit 3')\n{_WAIT}", ()),
    (
        "descriptors",
        (
            "import subprocess; subprocess.run(['echo', 'from-run']); os.write(1, b'raw\\n')\n"
            f"os.write(2, b'\\xff raw err\\n')\n{_WAIT}"
        ),
        (),
    ),
    ("c-stdio", f"import ctypes; c = ctypes.CDLL(None); c.puts(b'from C'); c.fflush(None)\n{_WAIT}", ()),
    ("bash", "%%bash\necho bashmagic; echo err >&2", ()),
    ("script-fails", "%%bash\nexit 3", _ALLOWED),
    ("timeit", "%timeit -n1 -r1 pass", ()),
    ("await", "await __import__('asyncio').sleep(0.01); print('awaited')", ()),
    ("await-value", "import asyncio\nasync def f(): return 42\nawait f()", ()),
    ("await-error", "async def g(): raise KeyError('in a coroutine')\nawait g()", _ALLOWED),
    (
        "task",
        "task = asyncio.get_running_loop().create_task(f()); print(type(asyncio.get_event_loop()).__name__)",
        (),
    ),
    ("task-later", "await task", ()),
    ("asyncio-run", "coroutine = f()\nasyncio.run(coroutine)", _ALLOWED),
    ("input", "try:\n    input('q')\nexcept Exception as e: print(type(e).__name__, e)", ()),
    ("getpass", "import getpass; getpass.getpass()", _ALLOWED),
    ("stdin", "sys.stdin.read()", ()),
    ("thread", "import threading\nt = threading.Thread(target=print, args=['hi']); t.start(); t.join()", ()),
    ("thread-error", "t = threading.Thread(target=lambda: 1/0, name='T'); t.start(); t.join()", ()),
    ("values", "np.float64(1.5), {'a': [1]}, None, 'ä\\u2028'", ()),
    ("history", "_, __, _i", ()),
    ("in-out", "In[-1], sorted(Out)[:3], len(In)", ()),
    (
        "bundle",
        (
            "class R:\n    def _repr_html_(self): return '<i>r</i>'\n"
            "    def _repr_mimebundle_(self, include=None, exclude=None):\n"
            "        return {'application/json': {'t': (1, 2)}, 'text/plain': 'R'}, {'text/plain': {}}\nR()"
        ),
        (),
    ),
    ("bad-repr", "class B:\n    def __repr__(self): raise ValueError('bad repr')\nB()", _ALLOWED),
    ("bad-html", "class H:\n    def _repr_html_(self): raise ValueError('bad html')\nH()", _ALLOWED),
    ("own-display", "class D:\n    def _ipython_display_(self): print('I display myself')\nD()", ()),
    ("modules", "__name__, get_ipython().__class__.__module__, os.path.basename(sys.argv[0])", ()),
    (
        "main",
        "import __main__; __main__.x, __name__, '__file__' in globals(), sys.path.index('') - len(sys.path)",
        (),
    ),
    ("logging", "import logging; logging.warning('said'); logging.getLogger('a.b').error('louder')", ()),
    (
        "logging-info",
        "logging.info('not said'); print(logging.getLogger().level, logging.root.manager.disable)",
        (),
    ),
    ("streams-are", "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.errors, sys.stdout.writable()", ()),
    ("streams-more", "sys.stdout.readable(), sys.stdout.closed, sys.stdout.name, sys.stderr.name", ()),
    ("streams-type", "sys.stdout.fileno() > 0, sys.stdout is sys.__stdout__, sys.stdin.isatty()", ()),
    (
        "writelines",
        "sys.stdout.writelines(['a\\n', 'b\\n']); print('c', flush=True); sys.stdout.write('four')",
        (),
    ),
    ("not-text", "try: sys.stdout.write(b'x')\nexcept TypeError as e: print(e)", ()),
    ("stream-buffer", "hasattr(sys.stdout, 'buffer'), hasattr(sys.stdout, 'detach')", ()),
    (
        "redirected",
        (
            "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as s: print('cap')\n"
            "s.getvalue()"
        ),
        (),
    ),
    ("capture", "%%capture cap\nprint('in capture'); display(HTML('x'))\n!echo sub", ()),
    ("captured", "cap.stdout, len(cap.outputs)", ()),
    ("help", "help(len)", ()),
    ("pager", "len?", ()),
    ("magics", "%who_ls str\n", ()),
    ("time", "%%time\npass", ()),
    ("next-input", "get_ipython().set_next_input('next')", ()),
    ("surrogate-value", "'\\ud800'", ()),
    ("traceback", "def f(n):\n    return f(n-1) if n else 1/0\nf(3)", _ALLOWED),
    (
        "chained",
        "try:\n    {}['k']\nexcept KeyError as e:\n    raise RuntimeError('second') from e",
        _ALLOWED,
    ),
    ("group", "raise ExceptionGroup('several', [ValueError('1'), TypeError('2')])", _ALLOWED),
    ("syntax", "print('never')\ndef (:", _ALLOWED),
    ("indent", "if True:\npass", _ALLOWED),
    ("exit", "sys.exit(3)", _ALLOWED),
    ("quit", "%%python -c 'import sys; sys.exit(2)'\n", _ALLOWED),
    ("interrupt", "raise KeyboardInterrupt", _ALLOWED),
    ("note", "e = ValueError('noted'); e.add_note('a note'); raise e", _ALLOWED),
    (
        "warning-error",
        "with warnings.catch_warnings():\n    warnings.simplefilter('error'); warnings.warn('now an error')",
        _ALLOWED,
    ),
    ("many-outputs", "for i in range(3): print(i); display(i)", ()),
    ("empty", "", ()),
    ("comment", "# nothing", ()),
    ("semicolon", "5;", ()),
    ("last-error", "type(sys.last_value).__name__", ()),
    ("fails", "print('up to here')\n1/0", ()),
    ("never", "print('never')", ()),
)

NAMES: Final = tuple(name for name, _, _ in _CELLS)


def notebook() -> Any:  # noqa: ANN401 - nbformat has no types
    """Return the notebook; after each tenth cell stands some text."""
    cells: list[Any] = []
    for number, (name, source, tags) in enumerate(_CELLS):
        metadata = {"tags": list(tags)} if tags else {}
        cells.append(v4.new_code_cell(source, id=name, metadata=metadata))
        if number % 10 == 0:
            cells.append(v4.new_markdown_cell(f"# Text {number}", id=f"text-{number}"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
