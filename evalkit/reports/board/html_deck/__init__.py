"""The board's slides as one page that needs nothing else: reveal.js inlined, charts as SVG."""
