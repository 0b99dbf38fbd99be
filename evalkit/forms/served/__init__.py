"""A form, or the live presentation, on a page of its own, served by voilà to the browser of its user.

``server`` runs voilà; ``door`` decides whom it answers; ``notebook`` is what a page runs, ``page`` what it
looks like.
"""
