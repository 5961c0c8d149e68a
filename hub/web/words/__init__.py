"""The words for every code: English here, each other language in its catalogue.

A table per list of codes; tests look that none is left out. `N_` only marks a text for the
catalogues: it is translated when a page is written.
"""
