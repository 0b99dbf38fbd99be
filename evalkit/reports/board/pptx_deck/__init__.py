"""The board's slides as PowerPoint: native charts and tables on a master of its own."""
