"""Interactive panels for notebooks: state in plain Python, widgets around it."""
